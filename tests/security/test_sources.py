"""What the project's own files may not contain, so that whole kinds of holes cannot come in."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.conf import settings

APPS = ("powertool", "community", "assessments", "partnerships")


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Return a module, or a package with all that is in it."""
    paths = getattr(package, "__path__", [])
    names = [found.name for found in pkgutil.walk_packages(paths, f"{package.__name__}.")]
    return [package, *(importlib.import_module(name) for name in names)]


def sources() -> list[Path]:
    return [path for app in APPS for path in sorted((settings.BASE_DIR / app).rglob("*.py"))]


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield each call in the product: where, what is called, the call."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", ast.unparse(node.func), node


def imports() -> set[str]:
    found = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {f"{alias.name} in {path.name}" for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(f"{node.module} in {path.name}")
    return found


EXECUTE = re.compile(r"^(eval|exec|compile|os\.(system|popen)|__import__|(pickle|marshal)\.\w+|yaml\.load|Template)$")


def test_nothing_executes_words():
    assert [where for where, what, _call in calls() if EXECUTE.match(what)] == []
    shells = [where for where, _what, call in calls() for each in call.keywords if each.arg == "shell"]
    assert shells == []
    assert not [name for name in imports() if name.startswith(("pickle ", "marshal ", "shelve "))]


RUNS_SQL = (".execute", ".raw", ".extra", "RawSQL")


def test_sql_is_never_put_together_from_words():
    """What runs SQL gets a constant. Migrations, which nobody's words reach, put names of tables together; `super()` is
    a management command."""
    wrong = []
    for where, what, call in calls():
        if "migrations" in where or what == "super().execute" or not call.args or not what.endswith(RUNS_SQL):
            continue
        constant = isinstance(call.args[0], ast.Constant | ast.Name | ast.Attribute)
        safe = constant or "sql.SQL" in ast.unparse(call.args[0])
        wrong += [] if safe else [where]
    assert wrong == []


PATTERNS = {"sub", "match", "search", "fullmatch", "findall", "split", "compile"}
KNOWN = {"kind", "Side", "sorted", "len"}  # the ending that a file's content says, and parts of constants


def test_no_pattern_is_made_of_words():
    """Regular expressions are built of constants."""
    wrong = []
    for where, what, call in calls():
        if what.removeprefix("re.") in PATTERNS and what.startswith("re."):
            names = {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}
            wrong += [where] if {name for name in names if not name.isupper()} - KNOWN else []
    assert wrong == []


def test_nothing_is_fetched_for_anybody():
    """No library that opens addresses, but where the operator's own is named."""
    fetching = ("requests ", "httpx ", "urllib.request ", "urllib3 ", "aiohttp ", "ftplib ", "http.client ")
    assert {name for name in imports() if name.startswith(fetching)} <= {
        "http.client in up.py",
        "http.client in health.py",
        "urllib.request in health.py",
        "http.client in passwords.py",
        "urllib.request in passwords.py",  # a list of leaked passwords, if the operator names one
        "requests in openid.py",  # the providers of organisations' accounts that the operator names
    }


def test_no_weak_digest_is_used():
    """But to ask a list of leaked passwords, which is made with one."""
    weak = [where for where, what, _call in calls() if re.match(r"hashlib\.(md5|sha1)$", what)]
    assert [where for where in weak if not where.startswith("partnerships/passwords.py:")] == []


def test_no_page_leaves_words_unescaped():
    """Mails are plain text; pages escape."""
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape off|\|\s*safeseq", path.read_text()), path


def scripts() -> list[tuple[str, str]]:
    root = settings.BASE_DIR / "static" / "js"
    return [(path.relative_to(root).as_posix(), path.read_text()) for path in root.rglob("*.js")]


def test_scripts_write_words_as_text():
    """Markup comes into a page from the server's own answers only."""
    written = re.compile(r"\.(innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert sorted({name for name, text in scripts() if written.search(text)}) == SERVERS_MARKUP


SERVERS_MARKUP = ["rate/leave.js", "session/main.js"]  # empties a page; puts in what the site itself answered


def test_scripts_take_no_messages_of_other_windows():
    listening = re.compile(r"window\.addEventListener\(\s*[\"']message|window\.onmessage")
    assert [name for name, text in scripts() if listening.search(text)] == []
