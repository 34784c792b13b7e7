"""One file, everything from the environment, parsed strictly: a half-given production refuses to start and says why."""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from environs import EnvError, FileAwareEnv, validate

from powertool import logs, openid_providers, plain_network

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(FileAwareEnv):
    """The environment, in which each variable may be a file, as secrets often are: SECRET_KEY_FILE=/run/secrets/key."""

    def _get_value(self, env_key, default):
        try:
            return super()._get_value(env_key, default)
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from error


env = Environment(strip_whitespace=True)

# POWERTOOL_LOCAL=1 (the Makefile sets it) is the one switch for a newcomer's machine: servers from wheels, mail to a
# folder, plain http.
LOCAL = env.bool("POWERTOOL_LOCAL", False)
VAR_DIR = Path(env.str("POWERTOOL_VAR", str(BASE_DIR / "var")))


def required(name, parse=env.str):
    """Return an environment variable, or refuse to start and name it."""
    try:
        value = parse(name)
    except EnvError as error:
        raise ImproperlyConfigured(
            f"{error}. Set {name} in the environment, or POWERTOOL_LOCAL=1 to run on servers of your own machine."
        ) from error
    if not env.str(name).strip():
        raise ImproperlyConfigured(f"{name} is empty. Set it in the environment.")
    return value


if LOCAL:
    from powertool import local

    try:
        DATABASE_URL, OWNER_DATABASE_URL, REDIS_URL, SECRET_KEY = local.defaults(VAR_DIR, env)
    except (OSError, local.LocalError) as error:
        raise ImproperlyConfigured(f"The folder {VAR_DIR} cannot be used: {error}") from error
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    BASE_URL = env.str("BASE_URL", f"http://localhost:{env.int('PORT', 8000)}")
    host = urlsplit(BASE_URL).hostname or ""
    OPERATOR_NAME = env.str("OPERATOR_NAME", "") or format_lazy(_("the organisation behind {host}"), host=host)
    OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", "")
else:
    DATABASE_URL = required("DATABASE_URL")
    OWNER_DATABASE_URL = env.str("OWNER_DATABASE_URL", "")
    REDIS_URL = required("REDIS_URL")
    SECRET_KEY = required("SECRET_KEY")
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", env.list)
    BASE_URL = required("BASE_URL")
    # The promise above each first question names who runs this server, since they could technically read the answers.
    OPERATOR_NAME = required("OPERATOR_NAME")
    OPERATOR_EMAIL = required("OPERATOR_EMAIL")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY needs at least 50 random characters.")
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("BASE_URL is the public address and starts with https://.")

DEBUG = env.bool("DEBUG", False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [BASE_URL])
# Where visitors find the source code that this site runs, as its licence asks; the footer links to it.
SOURCE_URL = env.str("SOURCE_URL", "")
if SOURCE_URL and not SOURCE_URL.startswith("https://"):
    raise ImproperlyConfigured("SOURCE_URL is the address of the source code and starts with https://.")
# Keys of before: what was signed or hashed by one of them still counts.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# How many days what is about people is kept; `powertool.tasks.retain` deletes what is older, every day.
RETENTION = {
    name: env.int(f"RETENTION_{name.upper()}", days, validate=validate.Range(1))
    for name, days in {
        "accounts": 3 * 365,  # since somebody signed in; 60 days before the end she gets a mail
        "guests": 90,  # of guests whom nobody let in, accounts whose address was never confirmed
        "invitations": 30,  # since they were used, withdrawn or ran out
        "drafts": 90,  # of a partnership that somebody began to start
        "notifications": 365,
        "digests": 30,  # since the daily mail
        "activity_log": 5 * 365,  # then an entry loses its name
        "kept_reports": 30,  # of an assessment that both sides deleted
        "wrong_texts": 365,  # since a reader reported it
    }.items()
}

INSTALLED_APPS = [
    "powertool.apps.PowertoolConfig",
    "community",
    "assessments",
    "partnerships",
    "powertool.apps.StaffPagesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "powertool.security_headers.SecurityHeaders",
    "powertool.health.Probes",
    "powertool.pacing.Pacing",
    "powertool.request_logging.RequestLogging",
    "powertool.input_validation.RefusePlainToken",
    "django.middleware.security.SecurityMiddleware",
    "powertool.static_files.StaticFiles",
    "powertool.compression.Compression",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "powertool.input_validation.RejectMalformedInput",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "powertool.languages.ReadersLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnerships.sessions.Sessions",
    "django_htmx.middleware.HtmxMiddleware",
    "partnerships.middleware.GuestsStayOutside",
    "partnerships.middleware.SecondStep",
    "partnerships.mailing.ShowMailUnavailable",
    "assessments.middleware.RaterCookie",
    "partnerships.middleware.RehearsalImpersonation",
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

# Widgets may have templates of our own (templates/django/forms/).
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
# As whom `powertool.database_roles` migrates and backs up; None where the site itself owns its tables.
OWNER_DATABASE = env.dj_db_url("OWNER_DATABASE_URL", OWNER_DATABASE_URL) if OWNER_DATABASE_URL else None
# A database behind a line that is cut is given up soon, so that the threads of a web server do not all wait for it.
for database in filter(None, (DATABASES["default"], OWNER_DATABASE)):
    database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# A pool of connections gives one to each transaction, and a cursor of the server's would outlive its transaction.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLED", False)
SITE_DATABASE = dict(DATABASES["default"])
# Answers and passwords would be read on the way. A network that others cannot read is said to be one.
if not LOCAL and not env.bool("PLAIN_NETWORK", False):
    for name, plain in {
        "DATABASE_URL": plain_network.database_is_plain(SITE_DATABASE),
        "OWNER_DATABASE_URL": OWNER_DATABASE is not None and plain_network.database_is_plain(OWNER_DATABASE),
        "REDIS_URL": plain_network.redis_is_plain(REDIS_URL),
    }.items():
        if plain:
            raise ImproperlyConfigured(
                f"{name} names another machine without TLS. Use sslmode=require or rediss://, or set PLAIN_NETWORK=1."
            )
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
        "VERSION": 2,  # 1 was pickled; both versions of the code run during an update
        "OPTIONS": {"SERIALIZER": "powertool.cache.Json", "SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 2},
    },
    # Objects, kept for seconds: they never leave the memory of their process.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100}},
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
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 15)
CELERY_BEAT_SCHEDULE = {
    # Pending work is a row; the message only makes it fast. What a lost message left behind is picked up here.
    "sweep-pending-work": {"task": "assessments.tasks.sweep", "schedule": SWEEP_SECONDS},
    # A day is longer than beat may run: what is due daily is a row, too (`powertool.daily`).
    "start-daily-jobs": {"task": "powertool.tasks.start_daily", "schedule": SWEEP_SECONDS},
    "send-notifications": {"task": "partnerships.tasks.send_notifications", "schedule": 60},
    "close-consent-rounds": {"task": "community.tasks.close_rounds", "schedule": 60},
    "sweep-paper-files": {"task": "community.tasks.sweep_paper_files", "schedule": 60},
    "send-daily-mails": {"task": "community.tasks.send_digests", "schedule": crontab(minute=5)},
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
    {"NAME": "partnerships.passwords.SimilarValidator", "OPTIONS": {"user_attributes": ["name", "email"]}},
    {"NAME": "partnerships.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "partnerships.passwords.CommonValidator"},
    {"NAME": "partnerships.passwords.SiteWordsValidator"},
]
# A list of passwords that have leaked, asked by the first five digits of a password's digest; empty: nobody is asked.
PASSWORD_RANGE_URL = env.str("PASSWORD_RANGE_URL", "")
if PASSWORD_RANGE_URL and not PASSWORD_RANGE_URL.startswith("https://"):
    raise ImproperlyConfigured("PASSWORD_RANGE_URL is the address of a list of leaked passwords, with https://.")
if PASSWORD_RANGE_URL:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "partnerships.passwords.LeakedValidator"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "partnerships.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "partnerships.forms.SignupExtra"
ACCOUNT_FORMS = {
    "login": "partnerships.account_forms.SignInForm",
    "signup": "partnerships.account_forms.SignUpForm",
    "add_email": "partnerships.account_forms.AddAddressForm",
    "reset_password": "partnerships.account_forms.ResetForm",
    "request_login_code": "partnerships.account_forms.CodeRequestForm",
    "confirm_email_verification_code": "partnerships.account_forms.ConfirmAddressForm",
}
# By a code, in the browser that signed up: whoever else opens the mail confirms nothing for somebody else.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A key is an account together with a network. Mails are counted where they are sent (`partnerships.account_limits`).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key,20/h/key",
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
    "confirm_email": "",
}
PASSWORD_RESET_TIMEOUT = 60 * 60
DEVICE_COOKIE_NAME = "device"  # on which somebody has signed in before
# How many proxies stand in front and add to X-Forwarded-For: limits by address believe none beyond these.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0 if LOCAL else 1)
MFA_ADAPTER = "partnerships.account_adapter.StepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "partnerships.second_step_forms.AppForm",
    "add_webauthn": "partnerships.second_step_forms.AddForm",
    "authenticate_webauthn": "partnerships.second_step_forms.StepForm",
    "login_webauthn": "partnerships.second_step_forms.SignInForm",
    "reauthenticate_webauthn": "partnerships.second_step_forms.AgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = False
# Accounts of organisations. Local accounts remain, and so does our second step. No token is stored.
SOCIALACCOUNT_ADAPTER = "partnerships.openid_adapter.OpenIdAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "partnerships.openid.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": openid_providers.named_in(env, LOCAL),
    }
}

EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Power Awareness Tool <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if LOCAL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    # smtp+tls://user:password@host:587, smtps for port 465
    globals().update(required("EMAIL_URL", env.dj_email_url))
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
FORMAT_MODULE_PATH = "powertool.formats"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str((VAR_DIR if LOCAL else BASE_DIR / "build") / "static")))
STATIC_KEPT = Path(env.str("STATIC_KEPT", str(VAR_DIR / "releases")))
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
        # A form that begins to sign in with an organisation's account is redirected to its provider.
        "form-action": [SELF, *openid_providers.pages(SOCIALACCOUNT_PROVIDERS)],
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
RETENTION["concerns"] = 365  # assessments.services.safeguards.concern, as people were told
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 60 * 60 * 24 * 365)
    # Both bind names beside this site's, so they are for those who run all of these.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # these two
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    DEVICE_COOKIE_NAME = "__Secure-device"

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
