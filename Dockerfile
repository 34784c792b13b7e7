# Style sheets and browser libraries
FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY styles styles
COPY static static
RUN npm run build

# Python packages, hash-checked
FROM python:3.13-slim AS packages
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
# pg_dump and pg_restore in the server's version, for `manage.py backup` and `restore`
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home powertool
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=assets /app/build/assets build/assets
COPY --from=assets /app/build/fonts build/fonts
RUN python locale/compile.py
# Collecting needs settings, not servers; these values stay in this one command.
RUN DATABASE_URL=postgres://none/none REDIS_URL=redis://none BASE_URL=https://none.invalid ALLOWED_HOSTS=none.invalid \
    SECRET_KEY=only-while-static-files-are-collected-and-never-afterwards \
    python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir -p /app/var/media && chown -R powertool /app/var
USER powertool
EXPOSE 8000
CMD ["gunicorn", "powertool.wsgi"]
