"""How the modules import one another, beyond the layers that import-linter holds."""

import ast
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest
from django.apps import apps
from django.conf import settings

from assessments import models

APPS = ("powertool", "community", "assessments", "partnerships")


def test_no_module_imports_itself_by_way_of_others():
    graph = grimp.build_graph(*APPS, exclude_type_checking_imports=True, cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imported).prepare()
    with pytest.raises(CycleError):
        TopologicalSorter({**imported, "assessments.models": {"assessments.access"}}).prepare()


def test_models_pass_on_no_table_that_is_protected():
    """The contracts see who imports the modules of private answers, not who gets their tables from `models`."""
    protected = {f"assessments.models.{module}" for module in ("private", "caucus", "concern")}
    tables = [model for model in apps.get_models() if model.__module__ in protected]
    assert {model.__name__ for model in tables} >= {"Rating", "PrivateAgreement", "CaucusLevel", "Concern"}
    assert [name for name, given in vars(models).items() if any(given is table for table in tables)] == []


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
