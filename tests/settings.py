"""Settings of the tests: each run has a folder, hence servers, of its own; each worker a database, Redis and queue."""

import os
import secrets
import tempfile
from pathlib import Path

from powertool import local

# The first process of a run names the folder, the others inherit the name; `tests.servers` makes and removes it.
OWN_VAR = Path(tempfile.gettempdir()) / f"powertool-test-{os.getpid()}-{secrets.token_hex(6)}"
TEST_VAR = Path(os.environ.setdefault("POWERTOOL_TEST_VAR", str(OWN_VAR)))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

for name in ("DEBUG", "BASE_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "OPERATOR_NAME", "OPERATOR_EMAIL"):
    os.environ.pop(name, None)
os.environ |= {
    "POWERTOOL_LOCAL": "1",
    "POWERTOOL_VAR": str(TEST_VAR),
    "DATABASE_URL": local.database_url(TEST_VAR, f"test_{WORKER}"),
    "REDIS_URL": local.redis_url(TEST_VAR, 1 + int(WORKER.removeprefix("gw"))),
    "CELERY_QUEUE": f"test-{WORKER}",
    "SECRET_KEY": "only for tests, " * 4,
    # Playwright's synchronous interface runs an event loop in the thread of the test.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

from powertool.settings import *  # noqa: E402, F403

# Django's test server has a thread for each request, so that a share of four threads says nothing.
MIDDLEWARE = [one.replace("powertool.pacing.Pacing", "tests.pacing.AskOften") for one in MIDDLEWARE]  # noqa: F405
POLL_AFTER = "0.5"  # seconds
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = TEST_VAR / "static"
# The same hashed names as in production, without their compression.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
