"""`make containers`: run the site in real containers, from a fresh clone, and break them. Needs a Docker engine.

Each step prints a line; the first that fails ends the run. Only Python's own library is used, and for the walk in the
browser Playwright. Containers, volumes and networks of the run are removed at its end.
"""

import json
import os
import secrets
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SITE = "https://localhost:8443"
LARGEST = 800  # MB of the image above its base
IMAGE, BASE = "powertool-containers", "python:3.13-slim"
SERVICES = ["postgres", "redis", "web", "worker", "beat", "proxy"]
BROKEN = """from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("partnerships", "{last}")]
    operations = [migrations.RunSQL("SELECT 1 / 0")]
"""
PERSON = "noor@demo.example"
CLOSED = f"""SELECT a.code FROM assessments_assessment a JOIN partnerships_membership m USING (partnership_id)
    JOIN partnerships_user u ON u.id = m.user_id
    WHERE u.email = '{PERSON}' AND a.stage = 'closed' ORDER BY a.created_at"""  # noqa: S608
WHO = """
from django.db import connection
from powertool.database_roles import as_staff
def who():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]
with as_staff():
    inside = who()
print("roles:", inside, who())
"""
NOT_CHECKED = ssl._create_unverified_context()  # noqa: S323 (a certificate of this run's own)


class Failed(Exception):
    """What did not hold."""


def hold(condition: object, said: str) -> None:
    if not condition:
        raise Failed(said)


class Clone:
    """A clone of the commit at hand, made under a narrow umask, and its containers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "site"
        self.name = f"containers-{secrets.token_hex(3)}"
        self.over: list[str] = []  # further files of Compose
        before = os.umask(0o077)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.folder)], check=True)  # noqa: S603, S607
        os.umask(before)
        self.values = self.first_values()
        self.write_environment()

    def write_environment(self, **changes: str) -> None:
        self.values |= changes
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in self.values.items()))

    def first_values(self) -> dict[str, str]:
        return {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "POSTGRES_PASSWORD": secrets.token_hex(),
            "REDIS_PASSWORD": secrets.token_hex(),
            "SITE_PASSWORD": secrets.token_hex(),
            "DATABASE_URL": "postgres://powertool_site:${SITE_PASSWORD}@postgres:5432/powertool",
            "OWNER_DATABASE_URL": "postgres://powertool:${POSTGRES_PASSWORD}@postgres:5432/powertool",
            "REDIS_URL": "redis://:${REDIS_PASSWORD}@redis:6379/0",
            "ALLOWED_HOSTS": "localhost",
            "BASE_URL": SITE,
            "OPERATOR_NAME": "Those who test",
            "OPERATOR_EMAIL": "operator@example.org",
            "EMAIL_URL": "smtp://127.0.0.1:1",  # where no mail server answers
            "COMPOSE_PROFILES": "servers,first,proxy",
            "BIND": "127.0.0.1",  # what an operator may leave in the file
            "PORT": "9999",
            "WEB_PORTS": "18000-18003",
            "VISITED": own_ipv6(),
        }

    @property
    def environment(self) -> dict[str, str]:
        files = ":".join(["docker-compose.yml", str(ROOT / "tests" / "containers" / "compose.yml"), *self.over])
        return os.environ | {"COMPOSE_PROJECT_NAME": self.name, "COMPOSE_FILE": files, "COMPOSE_PROGRESS": "plain"}

    def run(self, *command: str, fails: bool = False) -> str:
        """Run a command in the clone and return what it wrote; `fails` says which end is right."""
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)  # noqa: S603
        said = done.stdout + done.stderr
        hold(bool(done.returncode) == fails, f"{' '.join(command)} ended with {done.returncode}:\n{said[-3000:]}")
        return said if fails else done.stdout

    def compose(self, *words: str, fails: bool = False) -> str:
        return self.run("docker", "compose", *words, fails=fails)

    def ids(self, service: str) -> list[str]:
        return self.compose("ps", "--quiet", service).split()

    def about(self, container: str) -> dict:
        return json.loads(self.run("docker", "inspect", container))[0]

    def rows(self, statement: str) -> list[str]:
        """Ask PostgreSQL itself, as the owner."""
        return self.compose("exec", "postgres", "psql", "-U", "powertool", "-Atc", statement).split()

    def wait_healthy(self, service: str, seconds: int = 300) -> None:
        deadline = time.monotonic() + seconds
        while not all(is_healthy(self.about(one)) for one in self.ids(service)):
            hold(time.monotonic() < deadline, f"{service} is not healthy after {seconds} s")
            time.sleep(1)

    def commit(self, path: str, text: str) -> None:
        """Change a file as a new version of the code does."""
        (self.folder / path).write_text(text)

    def remove(self) -> None:
        self.compose("down", "--volumes", "--timeout", "5")


def is_healthy(container: dict) -> bool:
    state = container["State"]
    return state["Running"] and state.get("Health", {}).get("Status") == "healthy"


def ask(path: str = "/") -> tuple[int, bytes]:
    """Ask the site through the proxy; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(SITE + path, timeout=40, context=NOT_CHECKED) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""
    except OSError:
        return 0, b""


class Visitor(threading.Thread):
    """Asks four times a second until it is told to end, and remembers what failed."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended, self.asked, self.failed = threading.Event(), 0, []

    def run(self) -> None:
        while not self.ended.wait(0.25):
            status, _text = ask()
            self.asked += 1
            if status != 200:
                self.failed.append((time.strftime("%X"), status))

    def __enter__(self) -> "Visitor":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.join()


# --- steps; each takes the clone, and returns what is worth a line


def builds(clone: Clone) -> str:
    clone.compose("build")
    image, base = (int(clone.run("docker", "image", "inspect", "-f", "{{.Size}}", name)) for name in (IMAGE, BASE))
    above = (image - base) / 1e6
    hold(above <= LARGEST, f"the image has {above:.0f} MB above its base")
    return f"{above:.0f} MB above the base"


def starts(clone: Clone) -> str:
    clone.compose("up", "--detach", "--wait", "--wait-timeout", "600")
    for service in SERVICES:
        clone.wait_healthy(service)
    hold(ask()[0] == 200, "the start page is not there")
    return "all healthy, the start page is there"


def keeps_quiet(clone: Clone) -> str:
    """Let a statement with a secret fail; no log has it."""
    statement = "DO $$ BEGIN PERFORM 'unheard-of-words'; RAISE EXCEPTION 'a rule'; END $$"
    clone.compose("exec", "postgres", "psql", "-U", "powertool", "-c", statement, fails=True)
    ask("/nowhere?name=unheard-of-words")
    said = clone.compose("logs")
    hold("a rule" in said, "the log of PostgreSQL was not heard")
    hold("unheard-of-words" not in said, "a log quotes what was sent")
    return "no log quotes a statement or an address"


def needs_the_password(clone: Clone) -> str:
    asked = clone.compose("exec", "-e", "REDISCLI_AUTH=", "redis", "valkey-cli", "keys", "*")
    hold("NOAUTH" in asked, "Valkey answers without its password")
    return "Valkey wants its password"


def refuses_a_failed_migration(clone: Clone) -> str:
    """Bring a version whose migration fails: the old one goes on, and no new container starts."""
    folder = clone.folder / "partnerships" / "migrations"
    last = sorted(path.stem for path in folder.glob("0*.py"))[-1]
    broken = folder / "9999_broken.py"
    broken.write_text(BROKEN.format(last=last))
    webs = clone.ids("web")
    with Visitor() as visitor:
        clone.run("sh", "containers/update.sh", fails=True)
        hold(clone.ids("web") == webs, "the update replaced web servers after a failed migration")
    clone.compose("up", "--detach", "--force-recreate", "web", fails=True)
    running = [one for one in clone.ids("web") if clone.about(one)["State"]["Running"]]
    hold(not running, "new code runs on the old schema")
    broken.unlink()
    clone.compose("build")
    clone.compose("up", "--detach", "--wait")
    hold(not visitor.failed, f"{visitor.failed} while the update was refused")
    return f"the update ended with an error, {visitor.asked} requests meanwhile, none failed; `up` started nothing"


def style_of(page: bytes) -> str:
    return next(part.split('"')[0] for part in page.decode().split('href="') if "/site." in part.split('"')[0])


def updates_without_a_break(clone: Clone) -> str:
    """Bring a version with another style sheet, while somebody asks all the time."""
    before = style_of(ask()[1])
    source = clone.folder / "styles" / "site.scss"
    source.write_text(source.read_text() + "\n.of-the-next-version { color: red; }\n")
    with Visitor() as visitor:
        clone.run("sh", "containers/update.sh")
        time.sleep(5)
    after = style_of(ask()[1])
    hold(after != before, "the style sheet is the old one")
    hold([ask(before)[0], ask(after)[0]] == [200, 200], "a style sheet of one of two versions is gone")
    hold(not visitor.failed, f"{len(visitor.failed)} of {visitor.asked} requests failed: {visitor.failed[:5]}")
    return f"{visitor.asked} requests, none failed; style sheets of both versions are served"


def recovers(clone: Clone) -> str:
    """Kill the main process of each service; it comes back by itself."""
    took = [f"{service} {seconds_to_recover(clone, service):.0f} s" for service in SERVICES]
    hold(ask()[0] == 200, "the site is away")
    return ", ".join(took)


def seconds_to_recover(clone: Clone, service: str) -> float:
    """Kill the main process of a service, and return how long it takes until the service is healthy again."""
    (container,) = clone.ids(service)
    restarts, began = clone.about(container)["RestartCount"], time.monotonic()
    os.kill(clone.about(container)["State"]["Pid"], 9)
    while clone.about(container)["RestartCount"] == restarts:
        hold(time.monotonic() < began + 60, f"{service} does not come back")
        time.sleep(0.5)
    clone.wait_healthy(service)
    return time.monotonic() - began


def backs_up_and_restores(clone: Clone) -> str:
    folder = clone.folder.parent / "backup"
    folder.mkdir()
    folder.chmod(0o777)
    once = ("run", "--rm", "--no-deps", "--volume", f"{folder}:/backup", "migrate", "python", "manage.py")
    count = "SELECT count(*) FROM assessments_decision"
    (before,) = clone.rows(count)
    clone.compose(*once, "backup", "/backup/one.tar")
    clone.compose("down", "--volumes", "--timeout", "5")
    clone.compose("up", "--detach", "--wait", "postgres")
    clone.compose(*once, "restore", "/backup/one.tar")
    clone.compose("up", "--detach", "--wait")
    (after,) = clone.rows(count)
    hold(before == after != "0", f"{before} decisions before, {after} after")
    return f"{after} decisions before and after"


def grows(clone: Clone) -> str:
    clone.compose("up", "--detach", "--wait", "--scale", "web=2", "--scale", "worker=3")
    hold((len(clone.ids("web")), len(clone.ids("worker"))) == (2, 3), "not as many as asked for")
    for service in ("web", "worker"):
        clone.wait_healthy(service)
    answers = [ask()[0] for _time in range(20)]
    hold(answers == [200] * 20, f"answers: {answers}")
    return "two web servers and three workers, all healthy"


def loads_the_demo(clone: Clone) -> str:
    """Load it as on one's own machine: its password is known to everyone."""
    clone.compose("exec", "-e", "POWERTOOL_LOCAL=1", "web", "python", "manage.py", "demo")
    return "done"


def walks(clone: Clone) -> str:
    return walk(clone, -1)


def walk(clone: Clone, which: int) -> str:
    """Sign in, in a real browser, read a partnership, and let a worker make the report of a closed assessment."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    hold(program, "there is no Chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--ignore-certificate-errors"])
        page = browser.new_context(ignore_https_errors=True).new_page()
        wrong: list[str] = []
        page.on("response", lambda answer: wrong.append(answer.url) if answer.status > 399 else None)
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.goto(f"{SITE}/accounts/login/")
        page.fill("input[name=login]", PERSON)
        page.fill("input[name=password]", "shift-the-power")
        page.click("form[action*=login] button[type=submit]")
        page.wait_for_load_state()
        hold("/accounts/login" not in page.url, f"nobody is signed in at {page.url}")
        page.goto(f"{SITE}/partnerships/")
        page.click("main .card-link h2 a")
        page.wait_for_load_state()
        title = page.title()
        page.goto(f"{SITE}/assessments/{clone.rows(CLOSED)[which]}/report/")
        page.click("form[action$='/report/make/'] button")
        page.locator("a.btn-primary[href$='/report/pdf/']").wait_for(timeout=120_000)
        report = page.request.get(f"{page.url.rstrip('/')}/pdf/").body()
        browser.close()
    hold(not wrong, f"the browser complains: {wrong[:5]}")
    hold(report.startswith(b"%PDF"), "the report is no PDF")
    return f"signed in, read “{title}”, and got a PDF of {len(report) // 1000} kB"


def works_through_a_pool(clone: Clone) -> str:
    """Put PgBouncer in between: it needs its setting, all of the site goes through it, and the owner does not."""
    clone.over = ["containers/pool.yml"]
    clone.write_environment(DATABASE_URL="postgres://powertool_site:${SITE_PASSWORD}@pool:6432/powertool")
    clone.compose("up", "--detach", "--build", "--wait", "pool")
    once = ("run", "--rm", "--no-deps", "web", "python", "manage.py", "check", "--database", "default")
    hold("DATABASE_POOLED=1" in clone.compose(*once, fails=True), "a pool without its setting is not refused")
    clone.write_environment(DATABASE_POOLED="1")
    clone.compose("up", "--detach", "--wait", "--scale", "web=2", "--scale", "worker=3")
    clone.compose("run", "--rm", "migrate")
    backup = ("run", "--rm", "-e", "OWNER_DATABASE_URL=", "migrate", "python", "manage.py", "backup", "/tmp/one.tar")  # noqa: S108
    hold("OWNER_DATABASE_URL" in clone.compose(*backup, fails=True), "a backup goes through the pool")
    roles = clone.compose("exec", "web", "python", "manage.py", "shell", "--command", WHO)
    hold("roles: powertool_staff powertool_site" in roles, f"a role of staff outlives its transaction: {roles}")
    said = walk(clone, 0)
    with ThreadPoolExecutor(40) as crowd:
        answers = [status for status, _text in crowd.map(ask, ["/"] * 400)]
    hold(set(answers) == {200}, f"answers through the pool: {sorted(set(answers))}")
    used = connections(clone)
    took = seconds_to_recover(clone, "pool")
    hold(ask()[0] == 200, "the site is away after the pool was killed")
    return f"{said}; 400 requests by 40 at once; {used}; killed, it was healthy again after {took:.0f} s"


def connections(clone: Clone) -> str:
    """Hold that every connection of the site comes from the pool; return how many there are."""
    (pool,) = clone.ids("pool")
    networks = clone.about(pool)["NetworkSettings"]["Networks"].values()
    came = clone.rows("SELECT host(client_addr) FROM pg_stat_activity WHERE usename = 'powertool_site'")
    hold(set(came) == {network["IPAddress"] for network in networks}, f"connections of the site come from {came}")
    return f"{len(came)} connections to PostgreSQL, all from the pool"


def keeps_ipv6_addresses(clone: Clone) -> str:
    """Visit by IPv6: the proxy sees the visitor's own address, by which limits count."""
    address = own_ipv6()
    if not address:
        return "left out, since this machine has no IPv6 address"
    clone.compose("down", "--timeout", "5")
    clone.over += ["containers/ipv6.yml", str(ROOT / "tests" / "containers" / "ipv6.yml")]
    clone.compose("up", "--detach", "--wait")
    clone.wait_healthy("proxy")
    line = socket.create_connection((address, 8443), timeout=40)
    with line, NOT_CHECKED.wrap_socket(line, server_hostname="localhost") as visit:
        visit.sendall(b"GET / HTTP/1.1\r\nHost: localhost:8443\r\n\r\n")
        hold(visit.recv(12) == b"HTTP/1.1 200", "the start page is not there by IPv6")
        (proxy,) = clone.ids("proxy")
        seen = Path(f"/proc/{clone.about(proxy)['State']['Pid']}/net/tcp6").read_text()
    hold(as_listed(address) in seen, f"the proxy does not see {address}; before version 27 Docker needs ip6tables")
    return f"the start page by IPv6, and the proxy sees {address}"


def own_ipv6() -> str:
    """Return an IPv6 address of this machine that is not its loopback's; empty where there is none."""
    with suppress(OSError):
        for line in Path("/proc/net/if_inet6").read_text().splitlines():
            digits, _device, _length, scope, *_more = line.split()
            if scope == "00":  # neither of the loopback nor of one line
                return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
    return ""


def as_listed(address: str) -> str:
    """Return an IPv6 address as Linux lists it: four numbers, each in the order of the machine."""
    return "".join(f"{number:08X}" for number in struct.unpack("=4I", socket.inet_pton(socket.AF_INET6, address)))


STEPS: list[Callable[[Clone], str]] = [
    *(builds, starts, keeps_quiet, needs_the_password, loads_the_demo, walks),
    *(updates_without_a_break, recovers, refuses_a_failed_migration, backs_up_and_restores, grows),
    *(works_through_a_pool, keeps_ipv6_addresses),
]


def has_engine() -> bool:
    try:
        return not subprocess.run(["docker", "compose", "ls"], capture_output=True).returncode  # noqa: S607
    except FileNotFoundError:
        return False


def main() -> None:
    if not has_engine():
        sys.exit("make containers needs a Docker engine and Compose 2.24.4 or newer; none answers here.")
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="powertool-containers-") as folder:
        clone = Clone(Path(folder))
        try:
            for step in STEPS:
                if not wanted or step.__name__ in wanted:
                    began = time.monotonic()
                    said = step(clone)
                    print(f"{step.__name__}: {said} ({time.monotonic() - began:.0f} s)", flush=True)
        except Failed as failure:
            sys.exit(f"{step.__name__} failed: {failure}")
        finally:
            clone.remove()


if __name__ == "__main__":
    main()
