"""How the modules import one another, beyond the layers that import-linter holds."""

import ast
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest
from django.apps import apps
from django.conf import settings

APPS = ("powertool", "community", "assessments", "partnerships")


def test_no_module_imports_itself_by_way_of_others():
    graph = grimp.build_graph(*APPS, exclude_type_checking_imports=True, cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imported).prepare()
    with pytest.raises(CycleError):
        TopologicalSorter({**imported, "assessments.models": {"assessments.access"}}).prepare()


@pytest.mark.parametrize("app", APPS)
def test_a_urlconf_registers_nothing(app):
    """What an app gives to another is given in `AppConfig.ready`, so that tasks and commands have it, too."""
    tree = ast.parse((settings.BASE_DIR / app / "urls.py").read_text())
    calls = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    assert [call for call in calls if not call.startswith("admin.site.")] == []


def test_each_app_gives_what_others_ask_of_it_when_it_is_ready():
    from assessments.services import membership_guard
    from assessments.views.rating.rating_pages import begin_with_code
    from partnerships.services.memberships import MEMBERSHIP_GUARDS
    from partnerships.views import joining

    apps.get_app_config("assessments").ready()  # twice: nothing is there twice
    assert [membership_guard] == MEMBERSHIP_GUARDS
    assert joining._first_pages == [begin_with_code]
