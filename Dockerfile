# Style sheets and browser libraries
FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY styles styles
COPY static static
RUN npm run build

# Python packages, hash-checked; without pip, their tests, and what Plotly brings for notebooks
FROM python:3.13-slim AS packages
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && /venv/bin/pip uninstall --yes --quiet pip \
    && cd /venv/lib/python3.13/site-packages \
    && rm -rf plotly/labextension plotly/package_data/*.js \
    && find . -type d -name tests -prune -exec rm -rf {} +

# The site, readable by everyone whatever the umask of the checkout was
FROM packages AS site
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY . .
COPY --from=assets /app/build/assets build/assets
COPY --from=assets /app/build/fonts build/fonts
# Collecting needs settings, not servers; these values stay in this one command.
RUN python locale/compile.py \
    && DATABASE_URL=postgres://none/none REDIS_URL=redis://none BASE_URL=https://none.invalid ALLOWED_HOSTS=none.invalid \
    EMAIL_URL=smtp://none.invalid OPERATOR_NAME=none OPERATOR_EMAIL=none@none.invalid \
    SECRET_KEY=only-while-static-files-are-collected-and-never-afterwards \
    python manage.py collectstatic --no-input --verbosity 0 \
    && chmod -R a+rX .

FROM python:3.13-slim
# pg_dump and pg_restore in the server's version, for `manage.py backup` and `restore`: the package without its Perl
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends libpq5 \
    && cd /tmp && apt-get download postgresql-client-18 && dpkg-deb --extract postgresql-client-18_*.deb / \
    && apt-get purge --yes --auto-remove -o APT::AutoRemove::RecommendsImportant=false \
       -o APT::AutoRemove::SuggestsImportant=false postgresql-common \
    && apt-get clean && rm -rf /tmp/* /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home powertool && install -d -o powertool /app/var/media /app/var/releases
ENV PATH=/venv/bin:/usr/lib/postgresql/18/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=site /app .
USER powertool
EXPOSE 8000
CMD ["gunicorn", "powertool.wsgi"]
