"""docker-compose.yml, Dockerfile, .env.example and the settings say the same; the very commands run here as processes.

No container engine is needed: what an image adds to the commands and variables is the machine.
"""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from powertool import local
from tests.processes import HOST, Site, free_port, new_site  # noqa: F401 (a fixture)
from tests.servers import local_urls
from tests.waiting import wait_until

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
POOL = yaml.safe_load((ROOT / "containers" / "pool.yml").read_text())["services"]
OF_SITE = [name for name, service in SERVICES.items() if service.get("image") == "powertool"]
OF_COMPOSE = {
    *(
        "POSTGRES_PASSWORD",
        "SITE_PASSWORD",
        "REDIS_PASSWORD",
        "COMPOSE_PROFILES",
        "WEB_ADDRESS",
        "WEB_PORTS",
        "COMPOSE_FILE",
    ),
    *("POSTGRES_MEMORY", "WEB_MEMORY", "WORKER_MEMORY"),
}
ELSEWHERE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}  # of the image's own Python


def example() -> dict[str, str]:
    """Return the variables of .env.example that are not commented out."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def named() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def read() -> set[str]:
    """Return the variables that the site reads; those of one's own machine are not for a production."""
    asked = r"(?:\benv(?:\.\w+)?|required|environ\.get)\(\s*[\"']([A-Z_]+)[\"']"
    text = (ROOT / "powertool" / "settings.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    retention = {
        f"RETENTION_{name.upper()}" for name in re.findall(r'^        "([a-z_]+)": [\d* ]+,', text, re.MULTILINE)
    }
    return {name for name in re.findall(asked, text) if not name.startswith("POWERTOOL_")} | retention


def image() -> dict[str, str]:
    """Return the variables that the image itself sets."""
    *_of_stages, line = re.findall(r"^ENV (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return dict(pair.split("=", 1) for pair in line.split())


def test_the_example_names_every_variable_and_no_other():
    assert named() - OF_COMPOSE == read()


def test_page_of_settings_names_every_variable():
    told = (ROOT / "docs" / "settings.md").read_text().replace("`…_", "`RETENTION_")
    assert [name for name in sorted(read()) if f"`{name}`" not in told] == []


def test_compose_and_image_set_variables_that_are_read():
    for name in OF_SITE:
        assert set(SERVICES[name].get("environment", {})) <= read(), name
        assert SERVICES[name]["env_file"] == ".env"
    assert set(image()) - ELSEWHERE <= read()
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used <= named()
    assert set(re.findall(r"\{\$([A-Z_]+)\}", (ROOT / "Caddyfile").read_text())) == set(
        SERVICES["proxy"]["environment"]
    )


@pytest.mark.parametrize("name", [*SERVICES, "pool"])
def test_each_service_has_little_right_and_a_place_for_what_it_writes(name):
    service = SERVICES.get(name) or POOL[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert ("user" in service) == (name in ("postgres", "redis"))
    assert ("healthcheck" in service) == (name != "migrate")
    assert service["init"] is True
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert "mem_limit" in service


def test_a_failed_migration_stops_what_would_run_on_the_old_schema():
    assert "profiles" not in SERVICES["migrate"]
    for name in set(OF_SITE) - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}, name


def test_one_image_is_built_and_the_proxy_outlives_its_web_servers():
    assert [name for name, service in SERVICES.items() if "build" in service] == ["migrate"]
    assert "depends_on" not in SERVICES["proxy"]


@pytest.mark.parametrize("name", OF_SITE)
def test_no_variable_of_the_example_makes_a_container_unreachable(name):
    assert {"BIND": "0.0.0.0", "PORT": "8000"}.items() <= SERVICES[name]["environment"].items()  # noqa: S104


def test_passwords_stay_out_of_git():
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_image_runs_as_nobody_in_particular():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER powertool" in lines
    assert lines.index("USER powertool") > max(at for at, line in enumerate(lines) if line.startswith(("RUN", "COPY")))


def test_what_is_copied_is_there():
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for path in line.split()[1:-1]:
                assert (ROOT / path).exists(), path


def test_the_database_writes_no_values_to_its_log():
    assert set(local.QUIET) <= set(SERVICES["postgres"]["command"])
    told = (ROOT / "docs" / "operations.md").read_text()
    assert all(option in told for option in local.QUIET)


def test_the_messages_need_a_password():
    assert "requirepass" in SERVICES["redis"]["command"][-1]
    assert SERVICES["redis"]["environment"] == {"REDISCLI_AUTH": "${REDIS_PASSWORD:-}"}
    assert ":${REDIS_PASSWORD}@" in example()["REDIS_URL"]


def test_only_what_migrates_connects_as_the_owner():
    kept = {
        name for name, service in SERVICES.items() if service.get("environment", {}).get("OWNER_DATABASE_URL") == ""
    }
    assert kept == {"web", "worker", "beat"}
    assert "OWNER_DATABASE_URL" not in SERVICES["migrate"]["environment"]
    owner, site = example()["OWNER_DATABASE_URL"], example()["DATABASE_URL"]
    assert owner.split("@")[1] == site.split("@")[1]
    assert "//powertool:" in owner
    assert "//powertool_site:" in site


def test_a_pool_gives_a_connection_to_each_transaction_of_the_site():
    lines = (ROOT / "containers" / "pgbouncer.ini").read_text().splitlines()
    assert "pool_mode = transaction" in lines
    assert "SITE_PASSWORD" in POOL["pool"]["environment"]
    assert {name for name, service in POOL.items() if "pool" in service["depends_on"]} == {"web", "worker", "beat"}


def test_profiles_of_the_example_start_everything():
    profiles = set(example()["COMPOSE_PROFILES"].split(","))
    assert {profile for service in SERVICES.values() for profile in service.get("profiles", [])} == profiles


@pytest.fixture(scope="module")
def site(new_site, tmp_path_factory) -> Iterator[Site]:  # noqa: F811
    """A site whose commands run with the variables of .env.example, filled in; no others."""
    site = new_site("image", changes={"PORT": str(free_port())})
    filled = {
        "SECRET_KEY": "made for this test, made for this test, made for THIS test",
        "POSTGRES_PASSWORD": "letters",
        "SITE_PASSWORD": "others",
    }
    filled |= {"OPERATOR_NAME": "Those who test", "OPERATOR_EMAIL": "operator@example.org"}
    servers = local_urls(site.var, site.database) | {"REDIS_URL": site.redis_url, "SWEEP_SECONDS": "1"}
    folders = {"STATIC_ROOT": str(settings.STATIC_ROOT), "MEDIA_ROOT": str(site.media)}
    folders |= {"STATIC_KEPT": f"{site.media}-releases"}
    machine = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOSTNAME": socket.gethostname(),
        "TMPDIR": str(tmp_path_factory.mktemp("tmp")),
    }
    unquoted = {name: value.strip('"') for name, value in example().items()}
    unquoted.pop("COMPOSE_PROFILES")
    site.exactly = unquoted | filled | image() | servers | folders | machine
    return site


def command(name: str, site: Site) -> list[str]:
    """Return a service's command, the image's where it names none."""
    (ours,) = re.findall(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    given = SERVICES[name].get("command")
    words = shlex.split(given) if given else json.loads(ours)
    return [word.replace("/tmp/", f"{site.environment['TMPDIR']}/") for word in words]  # noqa: S108


def variables(name: str, site: Site) -> dict[str, str]:
    """Return a service's variables, with a port of this machine's loopback for each port of a container."""
    ours = {key: str(value) for key, value in SERVICES[name].get("environment", {}).items()}
    here = {"BIND": "127.0.0.1", "PORT": site.changes["PORT"]}
    if "METRICS_PORT" in ours:
        here |= {"METRICS_PORT": str(free_port()), "METRICS_HOST": "127.0.0.1"}
    return site.environment | ours | here


def healthy(name: str, site: Site) -> bool:
    """Run a service's own check as the engine does."""
    kind, line = SERVICES[name]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    words = ["sh", "-c", line.replace("$$", "$").replace("/tmp", site.environment["TMPDIR"])]  # noqa: S108
    return not subprocess.run(words, cwd=ROOT, env=variables(name, site), capture_output=True).returncode  # noqa: S603


def test_the_very_commands_with_the_very_variables_serve_the_site(site):
    environment = variables("migrate", site)
    done = subprocess.run(command("migrate", site), cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stderr
    for name in ("web", "worker", "beat"):
        process = site.run(name, command(name, site), variables(name, site))
        process.port = int(site.changes["PORT"]) if name == "web" else 0
    for name in ("web", "worker", "beat"):
        wait_until(lambda name=name: healthy(name, site), 120, f"{name} is healthy")
    assert all(process.runs for process in site.processes)
    assert '"level": "ERROR"' not in "".join(process.said() for process in site.processes)


def test_health_is_refused_where_nothing_runs(site):
    nowhere = variables("web", site) | {"PORT": str(free_port())}
    line = SERVICES["web"]["healthcheck"]["test"][1]
    assert subprocess.run(["sh", "-c", line], cwd=ROOT, env=nowhere, capture_output=True).returncode  # noqa: S603, S607
