"""What import-linter can't say: the house rules, read from the code and from the running application."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

import app.runner.handlers as runner_handlers
from app.http.public import PUBLIC_ENDPOINTS, is_public
from app.runner.daily import DAILY
from app.runner.handlers import build_handlers
from tests.support.database import ROOT, Database
from tests.support.web import fake_providers, make_app

APP = ROOT / "app"
MOST_LINES = 400
OPENERS = {"transaction", "reading"}


@cache
def _sources() -> list[tuple[Path, ast.Module]]:
    paths = sorted(APP.rglob("*.py"))
    return [(path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_only_core_db_commits_and_rolls_back() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in _sources()
        for call in _calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("commit", "rollback", "begin_nested")
        and path != Path("app/core/db.py")
    ]
    assert found == []


def test_a_function_that_takes_a_session_opens_no_transaction() -> None:
    found = []
    for path, tree in _sources():
        for function in _functions(tree):
            arguments = function.args
            names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
            opened = [c for c in _calls(function) if isinstance(c.func, ast.Name) and c.func.id in OPENERS]
            if "session" in names and opened:
                found.append(f"{path}:{function.name}")
    assert found == []


def test_status_is_assigned_in_models_only() -> None:
    found = []
    for path, tree in _sources():
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            flat = [part for target in targets for part in getattr(target, "elts", [target])]
            if any(isinstance(part, ast.Attribute) and part.attr == "status" for part in flat):
                found.append(str(path))
    assert [path for path in found if not path.endswith("models.py")] == []


def test_no_import_hides_in_a_function() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in _sources()
        for function in _functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_files_stay_small() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("app", "sandbox", "migrations/env.py", "tests")
        for path in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"))
    }
    assert {path: lines for path, lines in sizes.items() if lines > MOST_LINES} == {}


def test_every_package_says_what_it_owns() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in APP.rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_only_the_clock_reads_the_time() -> None:
    """`now()` is injected; `datetime.now()` and `time.time()` would escape every test."""
    # The limiter's windows and the age of files are measured by somebody else's clock.
    allowed = {"app/core/clock.py", "app/http/limits.py", "app/adapters/local_blobs.py"}
    found = [
        f"{path}:{call.lineno}"
        for path, tree in _sources()
        for call in _calls(tree)
        if isinstance(call.func, ast.Attribute)
        and ((call.func.attr in ("now", "utcnow", "today") and isinstance(call.func.value, ast.Name)
             and call.func.value.id in ("datetime", "date"))
             or (call.func.attr == "time" and isinstance(call.func.value, ast.Name) and call.func.value.id == "time"))
        and str(path) not in allowed
    ]  # fmt: skip
    assert found == []


def _enqueued_kinds() -> set[str]:
    """First literal after the session in every call of enqueue."""
    return {
        str(call.args[1].value)
        for _path, tree in _sources()
        for call in _calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "enqueue"
        and len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    }  # fmt: skip


def test_every_job_that_is_promised_has_a_handler(tmp_path: Path) -> None:
    handled = set(build_handlers(fake_providers(tmp_path)))
    promised = _enqueued_kinds() | set(DAILY)
    assert len(promised) > len(DAILY)
    assert promised == handled


def test_kinds_are_literals_except_in_the_daily_plan() -> None:
    """Otherwise the test above would not see them."""
    computed = [
        str(path)
        for path, tree in _sources()
        for call in _calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "enqueue" and not isinstance(call.args[1], ast.Constant)
    ]
    assert computed == ["app/runner/daily.py"]
    assert runner_handlers.__doc__


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_route_needs_a_session_or_is_on_the_public_list(web: Flask) -> None:
    """Asked without any credential, every route that isn't public sends people away."""
    client, open_doors = web.test_client(), []
    for rule in web.url_map.iter_rules():
        if is_public(rule.endpoint):
            continue
        nobody = "00000000-0000-4000-8000-000000000000"
        address = re.sub(r"<int:\w+>", "1", re.sub(r"<uuid:\w+>", nobody, rule.rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(address, method=method)
            sent_to_login = answer.status_code in (302, 303) and "login" in answer.headers["Location"]
            if answer.status_code != 401 and not sent_to_login:
                open_doors.append((method, rule.rule, answer.status_code))
    assert open_doors == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_public_list_names_only_routes_that_exist(web: Flask) -> None:
    assert PUBLIC_ENDPOINTS - {rule.endpoint for rule in web.url_map.iter_rules()} == set()


def test_every_model_is_known_to_the_migrations() -> None:
    text = (ROOT / "migrations/env.py").read_text(encoding="utf-8")
    with_tables = [
        ".".join(path.with_suffix("").parts)
        for path, _tree in _sources()
        if "    __tablename__ = " in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert with_tables
    assert [module for module in with_tables if f"import {module}" not in text] == []
