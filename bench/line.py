"""The slow line for real: what a person waits for, from an invitation's link to the first question that can be used.

Chromium runs in a network namespace whose only line has 400 kbit/s and 400 ms there and back. At its other end Caddy
speaks TLS 1.3 with the site as in production. The cache is cold, and the processor four times slower. The person reads
and types nothing: that time is the person's own. It needs Linux, root, iproute2, Caddy and Chromium.

The packets pass through this process, which holds each back, since many kernels lack `netem`.
"""

import fcntl
import os
import re
import secrets
import select
import shutil
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from bench import light

HERE, THERE = "198.18.77.1", "198.18.77.2"  # of a range that is kept for benchmarks (RFC 2544)
PORT = 8443
SITE = f"https://{HERE}:{PORT}"
DELAY, RATE = 0.2, 400_000  # seconds each way, bits a second
QUEUE, MOST_OF_A_PACKET = 1000, 2048  # packets, bytes
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x1, 0x1000  # of Linux's if_tun.h
SCREENS, QUESTION = 5.0, 3.0  # seconds at most
SIZES = ((12, 8), (60, 40))  # decisions, partners
TIMES = 3
NOT_CHECKED = ssl._create_unverified_context()  # noqa: S323 (a certificate of this run's own)


def tell(base: str) -> list[dict[str, Any]]:
    """Print and return how long each way takes on the slow line; where something lacks, say so."""
    if lacks := lacking():
        sys.stdout.write(f"\nThe slow line was not measured. Missing: {', '.join(lacks)}.\n")
        return []
    links = {size: light.invitations(*size, name="line", count=TIMES) for size in SIZES}
    rows: list[dict[str, Any]] = []
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="powertool-line-")))
        inside = running.enter_context(namespace(folder))
        port = running.enter_context(site())
        running.enter_context(proxy(folder, port))
        sys.stdout.write(f"\n{how_it_is_spoken(inside)}\n")
        browser = folder / "chromium"
        browser.write_text(f'#!/bin/sh\nexec {inside} {light.chromium_for("the slow line")} "$@"\n')
        browser.chmod(0o700)
        for size, of_size in links.items():
            rows += measured("{} × {}".format(*size), str(browser), of_size)
    return rows


def lacking() -> list[str]:
    """Return what this machine lacks for the measurement."""
    lacks = [name for name, program in (("iproute2", "ip"), ("Caddy", "caddy")) if not shutil.which(program)]
    if not os.access("/dev/net/tun", os.W_OK) or os.geteuid():
        lacks.insert(0, "root on Linux")
    return lacks if light.chromium_for("the slow line") else [*lacks, "Chromium"]


# --- the line


@contextmanager
def namespace(folder: Path) -> Iterator[str]:
    """Lay the line to a network namespace; yield a program that starts others in it."""
    name = f"line-{secrets.token_hex(3)}"
    here, there = f"{name}-h", f"{name}-t"
    inside = folder / "inside"
    inside.write_text(f'#!/bin/sh\nexec ip netns exec {name} "$@"\n')
    inside.chmod(0o700)
    run(f"ip netns add {name}")
    try:
        with device(here) as near, device(there) as far:
            run(f"ip link set {there} netns {name}")
            for prefix, end, address in (("", here, HERE), (f"{inside} ", there, THERE)):
                run(f"{prefix}ip address add {address}/30 dev {end}")
                run(f"{prefix}ip link set {end} up")
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=carry, args=(source, target), daemon=True).start()
            yield str(inside)
    finally:
        run(f"ip netns delete {name}")


@contextmanager
def device(name: str) -> Iterator[int]:
    """Make a network device whose packets this process reads and writes; it goes with its file."""
    file = os.open("/dev/net/tun", os.O_RDWR)
    try:
        fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
        yield file
    finally:
        os.close(file)


def carry(source: int, target: int) -> None:
    """Carry packets one way: each waits until the line is free, takes its time on it, and arrives after the delay."""
    waiting: deque[tuple[float, bytes]] = deque()
    free = 0.0
    with suppress(OSError, ValueError):  # the line is taken down
        while True:
            until = max(0, waiting[0][0] - time.monotonic()) if waiting else 1
            asked = select.select([source], [], [], until)[0]
            now = time.monotonic()
            if asked and (packet := os.read(source, MOST_OF_A_PACKET)) and len(waiting) < QUEUE:
                free = max(now, free) + len(packet) * 8 / RATE
                waiting.append((free + DELAY, packet))
            while waiting and waiting[0][0] <= now:
                os.write(target, waiting.popleft()[1])


def run(command: str) -> None:
    subprocess.run(command.split(), check=True)  # noqa: S603


# --- the site at its other end


@contextmanager
def site() -> Iterator[int]:
    """Serve the bench's data as a production does; yield the port."""
    from django.conf import settings

    from bench.run import served
    from powertool import local

    var = Path(os.environ["POWERTOOL_VAR"])
    production = {
        "POWERTOOL_LOCAL": "0",
        "DATABASE_URL": local.database_url(var, role=local.SITE),
        "REDIS_URL": local.redis_url(var),
        "SECRET_KEY": settings.SECRET_KEY,
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "ALLOWED_HOSTS": HERE,
        "BASE_URL": SITE,
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "OPERATOR_NAME": "Those who measure",
        "OPERATOR_EMAIL": "operator@example.org",
    }
    with served("powertool.wsgi:application", **production) as base:
        yield int(base.rsplit(":", 1)[1])


@contextmanager
def proxy(folder: Path, port: int) -> Iterator[None]:
    """Run Caddy by the project's own Caddyfile, to this one web server."""
    from powertool import local

    config = folder / "Caddyfile"
    config.write_text(for_one_server(Path("Caddyfile").read_text(), port))
    words = [shutil.which("caddy") or "", "run", "--config", str(config), "--adapter", "caddyfile"]
    at = {"BASE_URL": SITE, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    log = folder / "caddy.log"
    process = local.spawn(words, log, environment=os.environ | at)
    try:
        local.wait_for(answers, process, "Caddy", log)
        yield
    finally:
        local.stop(process)


def for_one_server(caddyfile: str, port: int) -> str:
    """Return the Caddyfile with this web server, which takes ports of the line alone."""
    caddyfile = re.sub(r"dynamic a web 8000 \{.*?\}", f"to 127.0.0.1:{port}", caddyfile, flags=re.DOTALL)
    caddyfile = caddyfile.replace("admin off", f"admin off\n\tauto_https disable_redirects\n\tdefault_bind {HERE}")
    return caddyfile.replace("127.0.0.1:8080", f"127.0.0.1:{PORT + 1}")


def answers() -> bool:
    try:
        return bool(asked())
    except OSError:
        return False


def asked() -> Any:
    """Ask for the start page as a browser does; only the head is of use."""
    headers = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    request = urllib.request.Request(f"{SITE}/", headers=headers)  # noqa: S310
    return urllib.request.urlopen(request, context=NOT_CHECKED, timeout=10)  # noqa: S310


def how_it_is_spoken(inside: str) -> str:
    """Return how long a connection takes over the line, which TLS it has, and how pages are compressed."""
    ask = f"import socket; socket.create_connection(('{HERE}', {PORT}))"
    begun = f"import time; begun = time.perf_counter(); {ask}; print(time.perf_counter() - begun)"
    took = subprocess.run([inside, sys.executable, "-c", begun], check=True, capture_output=True, text=True).stdout  # noqa: S603
    with socket.create_connection((HERE, PORT)) as line, NOT_CHECKED.wrap_socket(line) as spoken, asked() as answer:
        encoding = answer.headers.get("Content-Encoding", "nothing")
        return f"A connection takes {float(took):.2f} s. {spoken.version()}, pages compressed by {encoding}."


# --- what is measured


def measured(size: str, program: str, links: list[str]) -> list[dict[str, Any]]:
    """Go each link's way in a browser of its own; return the medians."""
    ways = [one_way(program, link, f"Person {at}") for at, link in enumerate(links, start=1)]
    return [
        row(f"{size}: link → first question, over {ways[0][2]} pages", [way[0] for way in ways], SCREENS),
        row(f"{size}: a question's own address", [way[1] for way in ways], QUESTION),
    ]


def one_way(program: str, link: str, name: str) -> tuple[float, float, int]:
    """Return the seconds from a link to the first question, those of a question's own address, and the pages."""
    with opened(program) as page:
        begun = time.perf_counter()
        pages = light.come_in(page, link, name)
        entering = time.perf_counter() - begun
        address, cookies = page.url, page.context.cookies()
    with opened(program, cookies) as page:
        begun = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator("#answers fieldset.circles label").first.wait_for()
        return entering, time.perf_counter() - begun, pages


@contextmanager
def opened(program: str, cookies: Any = ()) -> Iterator[Any]:
    """Open a browser with nothing in its cache, on a phone's screen and a processor four times slower."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=[*light.ARGS, "--ignore-certificate-errors"]
        )
        context = chromium.new_context(base_url=SITE, **light.PHONE, ignore_https_errors=True)
        context.add_cookies(list(cookies))
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        yield page
        chromium.close()


def row(what: str, seconds: list[float], most: float) -> dict[str, Any]:
    median = statistics.median(seconds)
    kept = "kept" if median <= most else "MISSED"
    each = ", ".join(f"{one:.1f}" for one in seconds)
    sys.stdout.write(f"{median:7.1f} s  {what} (at most {most:g} s: {kept}; {each})\n")
    sys.stdout.flush()
    return {"what": what, "seconds": median, "most": most, "met": median <= most, "each": seconds}
