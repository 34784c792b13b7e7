"""One file, everything from the environment, parsed strictly: a half-given production refuses to start and says why."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate

from powertool import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# POWERTOOL_LOCAL=1 (the Makefile sets it) is the one switch for a newcomer's machine: servers from wheels, mail to a
# folder, plain http.
LOCAL = env.bool("POWERTOOL_LOCAL", False)
VAR_DIR = Path(env.str("POWERTOOL_VAR", str(BASE_DIR / "var")))


def required(name, parse=env.str):
    """Return an environment variable, or refuse to start and name it."""
    try:
        return parse(name)
    except EnvError as error:
        raise ImproperlyConfigured(
            f"{error}. Set {name} in the environment, or POWERTOOL_LOCAL=1 to run on servers of your own machine."
        ) from error


if LOCAL:
    from powertool import local

    try:
        DATABASE_URL, REDIS_URL, SECRET_KEY = local.defaults(VAR_DIR, env)
    except (OSError, local.LocalError) as error:
        raise ImproperlyConfigured(f"The folder {VAR_DIR} cannot be used: {error}") from error
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    BASE_URL = env.str("BASE_URL", f"http://localhost:{env.int('PORT', 8000)}")
else:
    DATABASE_URL = required("DATABASE_URL")
    REDIS_URL = required("REDIS_URL")
    SECRET_KEY = required("SECRET_KEY")
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", env.list)
    BASE_URL = required("BASE_URL")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY needs at least 50 random characters.")
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("BASE_URL is the public address and starts with https://.")

DEBUG = env.bool("DEBUG", False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [BASE_URL])
# Who runs this server: the promise above each first question names them, since they could technically read the answers.
OPERATOR_NAME = env.str("OPERATOR_NAME", "") or _("the operators of this website")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", "")
# How many days what is about people is kept; `powertool.tasks.retain` deletes what is older, every day.
RETENTION = {
    name: env.int(f"RETENTION_{name.upper()}", days, validate=validate.Range(1))
    for name, days in {
        "accounts": 3 * 365,  # since somebody signed in; 60 days before the end she gets a mail
        "guests": 90,  # of guests whom nobody let in, accounts whose address was never confirmed
        "invitations": 30,  # since they were used, withdrawn or ran out
        "notices": 365,
        "digests": 30,  # since the daily mail
        "trail": 5 * 365,  # then an entry loses its name
    }.items()
}

INSTALLED_APPS = [
    "powertool",
    "community",
    "assessments",
    "partnerships",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "powertool.headers.AnswersCarefully",
    "powertool.health.Probes",
    "powertool.watching.Watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "powertool.intake.OnlyWhatIsMeant",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "powertool.languages.ReadersLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partnerships.middleware.GuestsStayOutside",
    "assessments.middleware.TellsWhoAnswers",
    "partnerships.middleware.LooksAsPretendPeople",
]

ROOT_URLCONF = "powertool.urls"
WSGI_APPLICATION = "powertool.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "powertool.context.site",
            ],
        },
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
# A database behind a line that is cut is given up soon, so that the threads of a web server do not all wait for it.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How long a representative's phone waits for the server, in milliseconds, before it goes on by itself.
RATER_PATIENCE = env.int("RATER_PATIENCE", 8000)
# At this hour (UTC) the sentence about how many organisations have answered is refreshed, once a day, for all.
PROGRESS_HOUR = env.int("PROGRESS_HOUR", 3, validate=validate.Range(0, 23))

# Sessions live in the database, so that Redis may go away without anybody being signed out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "powertool.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "powertool",
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 2},
    }
}

# Celery has its own spelling for a socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "powertool")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    # Pending work is a row; the message only makes it fast. What a lost message left behind is picked up here.
    "sweep-pending-work": {"task": "assessments.tasks.sweep", "schedule": env.float("SWEEP_SECONDS", 15)},
    "remind-of-due-actions": {"task": "assessments.tasks.remind", "schedule": 24 * 3600},
    "send-notices": {"task": "partnerships.tasks.send_notices", "schedule": 60},
    "close-consent-rounds": {"task": "community.tasks.close_rounds", "schedule": 60},
    "sweep-paper-files": {"task": "community.tasks.sweep_paper_files", "schedule": 60},
    "send-daily-mails": {"task": "community.tasks.send_digests", "schedule": 3600},
    "keep-no-longer": {"task": "powertool.tasks.retain", "schedule": 24 * 3600},
    "refresh-evidence": {"task": "community.tasks.refresh_evidence", "schedule": 24 * 3600},
}

AUTH_USER_MODEL = "partnerships.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "partnerships.passwords.NotOurWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "partnerships.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "partnerships.forms.SignupExtra"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How many proxies stand in front and add to X-Forwarded-For: limits by address believe none beyond these.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0 if LOCAL else 1)
MFA_ADAPTER = "partnerships.accounts.StepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = False

EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Power Awareness Tool <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if LOCAL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    # smtp+tls://user:password@host:587, smtps for port 465
    globals().update(env.dj_email_url("EMAIL_URL", "smtp://localhost:25"))
EMAIL_TIMEOUT = 10

LANGUAGE_CODE = "en"
# Each by its own name: whoever looks for her language may read no other.
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ar", "العربية"),
    ("nl", "Nederlands"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str((VAR_DIR if LOCAL else BASE_DIR / "build") / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
RETENTION["sessions"] = SESSION_COOKIE_AGE // (60 * 60 * 24)
RETENTION["concerns"] = 365  # assessments.services.concern, as people were told
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# Who knows the token reads /metrics; a worker answers for itself where it is given a port.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_HOST, METRICS_PORT = env.str("METRICS_HOST", "127.0.0.1"), env.int("METRICS_PORT", 0)

try:
    LOGGING = logs.config(
        env.str("LOG_FORMAT", "line" if LOCAL else "json"), env.str("LOG_LEVEL", "WARNING" if LOCAL else "INFO"), LOCAL
    )
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error

# Empty: nothing leaves this machine.
if SENTRY_DSN := env.str("SENTRY_DSN", ""):
    from powertool import sentry

    try:
        sentry.begin(SENTRY_DSN, env.str("RELEASE", ""))
    except ValueError as error:  # of the address; its class tells no more than that
        raise ImproperlyConfigured("SENTRY_DSN is not an address of a Sentry project.") from error
