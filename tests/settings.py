"""Settings of the tests: each run has a folder, hence servers, of its own; each worker a database, Redis and queue."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from powertool import local

if "POWERTOOL_TEST_VAR" not in os.environ:  # the first process of a run; the others inherit it
    os.environ["POWERTOOL_TEST_VAR"] = tempfile.mkdtemp(prefix="powertool-test-")
    atexit.register(shutil.rmtree, os.environ["POWERTOOL_TEST_VAR"], ignore_errors=True)

TEST_VAR = Path(os.environ["POWERTOOL_TEST_VAR"])
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

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = TEST_VAR / "static"
# The same hashed names as in production, without their compression.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
