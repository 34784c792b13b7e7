"""The environment is parsed strictly: a half-given production refuses to start and says why, in one line."""

import gc
import os
import runpy
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django_redis.exceptions import ConnectionInterrupted

from partnerships.models import User
from powertool import plain_network
from powertool.pacing import THREADS

PRODUCTION = {
    "DATABASE_URL": "postgres://powertool@database.example.org/powertool?sslmode=require",
    "REDIS_URL": "rediss://redis.example.org:6379/0",
    "SECRET_KEY": "only for this test, only for this test, only for THIS test 0123",
    "ALLOWED_HOSTS": "power.example.org",
    "BASE_URL": "https://power.example.org",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "OPERATOR_NAME": "Those who run it",
    "OPERATOR_EMAIL": "operator@example.org",
}


def run(*command: str, **changes: str | None) -> subprocess.CompletedProcess:
    """Run a command in a production environment with changes, of which None takes a variable away."""
    ours = {name for name in os.environ if name.startswith(("POWERTOOL_", "DJANGO_"))}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    environment = {name: value for name, value in (kept | PRODUCTION | changes).items() if value is not None}
    place = {"cwd": settings.BASE_DIR, "env": environment}
    return subprocess.run([sys.executable, *command], **place, capture_output=True, text=True)  # noqa: S603


def test_full_production_passes_the_deployment_check():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", PRODUCTION)
def test_missing_variable_is_named_in_one_line(name):
    done = run("manage.py", "check", **{name: None})
    assert done.returncode != 0
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("BASE_URL", "http://power.example.org"),
        ("DEBUG", "perhaps"),
        ("POWERTOOL_LOCAL", "perhaps"),
        ("DATABASE_URL", "not an address"),
        ("SWEEP_SECONDS", "often"),
        ("RETENTION_ACTIVITY_LOG", "0"),
        ("LOG_FORMAT", "xml"),
        ("SENTRY_DSN", "nowhere"),
        ("METRICS_PORT", "a door"),
        ("DATABASE_POOLED", "perhaps"),
        ("SOURCE_URL", "javascript:alert(1)"),
    ],
)
def test_wrong_value_is_named_in_one_line(name, value):
    done = run("manage.py", "check", **{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


PROVIDER = {
    "OPENID_PROVIDERS": "oxfam",
    "OPENID_OXFAM_NAME": "Oxfam",
    "OPENID_OXFAM_ISSUER": "https://login.oxfam.example/realm",
    "OPENID_OXFAM_CLIENT_ID": "power",
    "OPENID_OXFAM_CLIENT_SECRET": "a secret",
    "OPENID_OXFAM_DOMAINS": "oxfam.example, Oxfam.org.example",
}
SHOW_PROVIDER = (
    "shell", "-v0", "-c", "from django.conf import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']"
    "['form-action'], s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'])",
)  # fmt: skip


def test_a_provider_of_organisations_accounts_is_read_whole():
    done = run("manage.py", *SHOW_PROVIDER, **PROVIDER)
    assert done.returncode == 0, done.stderr
    assert "[\"'self'\", 'https://login.oxfam.example']" in done.stdout
    assert "'domains': ['oxfam.example', 'oxfam.org.example']" in done.stdout
    assert run("manage.py", *SHOW_PROVIDER).stdout.strip() == "[\"'self'\"] []"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, None) for name in PROVIDER if name not in ("OPENID_PROVIDERS", "OPENID_OXFAM_DOMAINS")),
        ("OPENID_OXFAM_CLIENT_SECRET", ""),
        ("OPENID_OXFAM_ISSUER", "http://login.oxfam.example"),
        ("OPENID_OXFAM_PAGES", "login.oxfam.example"),
        ("OPENID_OXFAM_DOMAINS", "oxfam.example, @oxfam"),
        ("OPENID_PROVIDERS", "oxfam, oxfam"),
        ("OPENID_PROVIDERS", "oxfam/login"),
    ],
)
def test_a_provider_given_by_halves_is_named_in_one_line(name, value):
    done = run("manage.py", "check", **PROVIDER | {name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


PLAIN = {
    "DATABASE_URL": "postgres://powertool@database.example.org/powertool",
    "OWNER_DATABASE_URL": "postgres://owner@10.0.0.7/powertool?sslmode=prefer",
    "REDIS_URL": "redis://[2001:db8::1]:6379/0",
}


@pytest.mark.parametrize("name", PLAIN)
def test_another_machine_without_encryption_is_refused(name):
    done = run("manage.py", "check", **{name: PLAIN[name]})
    assert done.returncode != 0
    assert f"{name} names another machine without TLS" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert run("manage.py", "check", **{name: PLAIN[name], "PLAIN_NETWORK": "1"}).returncode == 0


@pytest.mark.parametrize(
    "host", ["", "/run/postgresql", "%2Frun%2Fpostgresql", "127.0.0.1", "::1", "redis", "localhost"]
)
def test_a_host_of_this_machine_needs_no_encryption(host):
    assert not plain_network.database_is_plain({"HOST": host})
    assert not plain_network.redis_is_plain(f"redis://{f'[{host}]' if ':' in host else host}:6379/0")
    assert not plain_network.redis_is_plain("unix:///run/redis.sock?db=0")


@pytest.mark.parametrize("name", ["OPERATOR_NAME", "OPERATOR_EMAIL", "EMAIL_URL"])
def test_an_empty_value_is_as_good_as_none(name):
    done = run("manage.py", "check", **{name: ""})
    assert done.returncode != 0
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


SHOW = "from django.conf import settings as s; print({})"


def shown(what: str, **changes: str | None) -> str:
    """Return what a setting is in production with these changes."""
    return run("-c", SHOW.format(what), DJANGO_SETTINGS_MODULE="powertool.settings", **changes).stdout.strip()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("SECRET_KEY", "s.SECRET_KEY"),
        ("DATABASE_URL", "s.DATABASES['default']['HOST']"),
        ("REDIS_URL", "s.CELERY_BROKER_URL"),
        ("EMAIL_URL", "s.EMAIL_HOST"),
    ],
)
def test_a_secret_may_be_a_file(tmp_path, name, what):
    file = tmp_path / "secret"
    file.write_text(PRODUCTION[name] + "\n")
    assert shown(what, **{name: None, f"{name}_FILE": str(file)}) == shown(what) != ""


@pytest.mark.parametrize("name", ["SECRET_KEY", "METRICS_TOKEN"])
def test_a_file_that_cannot_be_read_is_named_in_one_line(tmp_path, name):
    done = run("manage.py", "check", **{name: None, f"{name}_FILE": str(tmp_path / "nothing")})
    assert done.returncode != 0
    assert f"{name}_FILE" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_strict_transport_binds_other_names_only_when_asked():
    both = "s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD"
    assert shown(both) == "False False"
    wanted = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_PRELOAD": "true"}
    assert shown(both, **wanted) == "True True"


def test_cursors_of_the_server_are_left_out_behind_a_pool():
    setting = "s.DATABASES['default']['DISABLE_SERVER_SIDE_CURSORS']"
    assert shown(setting) == "False"
    assert shown(setting, DATABASE_POOLED="1") == "True"


def test_former_secrets_are_listed():
    assert shown("s.SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="one,two") == "['one', 'two']"


def test_leaked_passwords_are_refused_where_a_list_is_named():
    validators = "[one['NAME'].split('.')[-1] for one in s.AUTH_PASSWORD_VALIDATORS]"
    without = "['SimilarValidator', 'LengthValidator', 'CommonValidator', 'SiteWordsValidator'"
    assert shown(validators) == without + "]"
    assert shown(validators, PASSWORD_RANGE_URL="https://list.example/") == without + ", 'LeakedValidator']"


def test_gunicorn_refuses_in_one_line():
    done = run("-m", "gunicorn", "powertool.wsgi", "--check-config", DATABASE_URL=None)
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_process_collects_garbage_but_passes_over_what_was_loaded():
    script = "import django, gc; django.setup(); print(gc.isenabled(), gc.get_freeze_count() > 100_000)"
    done = run("-c", script, DJANGO_SETTINGS_MODULE="powertool.settings")
    assert done.stdout.strip() == "True True", done.stderr


def test_the_app_that_lets_the_collector_off_is_the_first():
    assert next(iter(apps.get_app_configs())).name == "powertool"


def test_a_web_process_collects_no_loaded_code_as_garbage():
    hooks = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
    gc.unfreeze()  # what the collection of the tests froze (tests/conftest.py), and is frozen again now
    hooks["post_fork"](None, None)
    assert gc.get_freeze_count() > 100_000


def test_a_web_process_has_the_threads_by_which_it_is_called_busy():
    hooks = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
    assert hooks["threads"] == THREADS


def test_gunicorn_accepts_a_full_production():
    assert run("-m", "gunicorn", "powertool.wsgi", "--check-config").returncode == 0


def test_views_are_loaded_before_anybody_asks_for_a_page():
    loaded = "import sys, powertool.wsgi; sys.exit('assessments.views.rating.rating_pages' not in sys.modules)"
    assert run("-c", loaded).returncode == 0


def test_debug_is_off_unless_asked_for():
    show = ("-c", "import django.conf; print(django.conf.settings.DEBUG)")
    module = {"DJANGO_SETTINGS_MODULE": "powertool.settings"}
    assert run(*show, **module).stdout.strip() == "False"
    assert run(*show, **module, DEBUG="true").stdout.strip() == "True"


@pytest.mark.django_db
def test_people_sign_in_and_stay_signed_in_while_redis_is_down(client, redis_is_down):
    with pytest.raises(ConnectionInterrupted):
        cache.client.get("colour")
    ama = User.objects.create_user("ama@example.org", "a long enough password")
    ama.emailaddress_set.create(email=ama.email, verified=True, primary=True)
    answer = client.post("/accounts/login/", {"login": ama.email, "password": "a long enough password"})
    assert answer.status_code == 302
    assert client.get("/accounts/email/").context["user"] == ama


@pytest.mark.django_db
def test_too_many_wrong_passwords_are_refused_while_redis_is_down(client, redis_is_down):
    attempts = [client.post("/accounts/login/", {"login": "ama@example.org", "password": "wrong"}) for _ in range(11)]
    assert b"There have been too many failed attempts to sign in." in attempts[-1].content
    assert b"There have been too many failed attempts to sign in." not in attempts[0].content
