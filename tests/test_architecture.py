"""The rules of docs/architecture.md, read from the source itself."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "wyoming_cosyvoice"
MOST_LINES = 400

ALL = frozenset({"all"})
_ROW = re.compile(r"^\| `(\w+)(?:/|\.py)` \|.*\| ([^|]+) \|$", re.MULTILINE)


def read_rules() -> dict[str, frozenset[str]]:
    """Return what each part may import of ours, from the table of the document.

    Besides, every part may import itself, errors, files and cancel.
    """
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.partition("## What may import what")[2].partition("\n## ")[0]
    return {
        part: ALL if allowed == "all" else frozenset(re.findall(r"`(\w+)`", allowed))
        for part, allowed in _ROW.findall(table)
    }


MAY_IMPORT = read_rules()
EVERYWHERE = frozenset({"errors", "files", "cancel"})

# Where alone a library may be imported.
ONLY_IN = {
    "onnxruntime": {"model.session"},
    "onnx": {"convert"},
    "asyncio": {
        "bench.clients",
        "engine",
        "user_voices",
        "library",
        "server",
        "cli",
    },
    "wyoming": {"server", "cli"},
    "av": {"sound.aac"},
    "torch": set(),
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
    "dill": set(),
}
# Modules in no folder, besides the entry points: nearly all others need them.
GROUND = {"errors", "cancel", "files", "audio", "voices"}

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


@dataclass(frozen=True)
class Module:
    """One source file of the package."""

    path: Path

    @cached_property
    def name(self):
        """Return its dotted name inside the package, such as ``model.session``."""
        parts = self.path.relative_to(ROOT / PACKAGE).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")

    @property
    def part(self):
        return self.name.partition(".")[0]

    @cached_property
    def tree(self):
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def imports(self, *, for_types=True):
        """Return the dotted names that are imported, typing-only ones if asked."""
        skipped = set()
        if not for_types:
            for node in ast.walk(self.tree):
                if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                    skipped.update(id(inner) for inner in ast.walk(node))
        names = set()
        for node in ast.walk(self.tree):
            if id(node) in skipped:
                continue
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} imports relatively"
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
        return names


MODULES = [Module(path) for path in sorted((ROOT / PACKAGE).rglob("*.py"))]


def stands_in(name, places):
    return any(name == place or name.startswith(f"{place}.") for place in places)


def every_module(test):
    return pytest.mark.parametrize(
        "module", MODULES, ids=[module.name or "__init__" for module in MODULES]
    )(test)


def test_every_part_has_a_rule_and_every_rule_a_part():
    """A new folder or module belongs into the table of docs/architecture.md."""
    parts = {module.part for module in MODULES} - {"", "__main__"}
    assert parts == set(MAY_IMPORT)


def ours(module):
    """Return the parts of ours that a module imports, besides its own."""
    return {
        name.removeprefix(f"{PACKAGE}.").partition(".")[0]
        for name in module.imports()
        if name.startswith(f"{PACKAGE}.")
    } - {module.part, "__version__"}


@every_module
def test_data_flows_one_way(module):
    allowed = MAY_IMPORT.get(module.part, ALL)
    assert allowed == ALL or ours(module) <= allowed | EVERYWHERE


def test_nothing_is_allowed_that_no_module_needs():
    for part, allowed in MAY_IMPORT.items():
        if allowed != ALL:
            used = {p for m in MODULES if m.part == part for p in ours(m)}
            assert allowed <= used, f"{part} does not import {allowed - used}"


def test_no_two_parts_import_each_other():
    arrows = {(m.part, p) for m in MODULES for p in ours(m) if m.part and p}
    assert {(a, b) for a, b in arrows if (b, a) in arrows} == set()


def test_only_the_ground_is_in_no_folder():
    loose = {module.name for module in MODULES if module.path.parent == ROOT / PACKAGE}
    assert loose == GROUND | {"", "__main__"}


def test_no_modules_import_each_other_in_a_circle():
    """Not even for types, and over any number of modules."""
    names = {module.name for module in MODULES}
    left = {}
    for module in MODULES:
        imported = {name.removeprefix(f"{PACKAGE}.") for name in module.imports()}
        parents = {name.rpartition(".")[0] for name in imported - names}
        left[module.name] = (imported | parents) & names - {module.name, ""}
    while done := {name for name, imported in left.items() if not imported}:
        left = {name: i - done for name, i in left.items() if name not in done}
    assert left == {}


def compares_family(node):
    """Whether code depends on the name of a family, instead of a table by family."""
    if isinstance(node, ast.Compare):
        places = [node.left, *node.comparators]
        return any(isinstance(p, ast.Attribute) and p.attr == "family" for p in places)
    return isinstance(node, ast.Match) and "attr='family'" in ast.dump(node.subject)


@every_module
def test_a_family_is_selected_by_tables(module):
    """See ``model.families`` and ``convert.converter``."""
    assert not [n.lineno for n in ast.walk(module.tree) if compares_family(n)]


@every_module
def test_json_of_the_api_is_made_by_the_http_server(module):
    """``wire`` has the JSON of Wyoming; others return dataclasses."""
    makes_json = {"json.dumps", "web.json_response"} & {
        ast.unparse(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
    }
    if module.part in {"server", "engine", "library"} and makes_json:
        assert stands_in(module.name, {"server.http", "server.wyoming.wire"})


@every_module
def test_json_is_read_strictly(module):
    """By ``files.parse_json``: finite numbers, no key twice, one error for all.

    Frames may repeat a key: Wyoming's reference library reads them so.
    """
    if module.name not in {"files", "server.wyoming.wire"}:
        assert "json.load" not in ast.unparse(module.tree)


@every_module
def test_libraries_stay_where_they_belong(module):
    for name in module.imports():
        library = name.partition(".")[0]
        if library in ONLY_IN:
            assert stands_in(module.name, ONLY_IN[library]), name


@every_module
def test_nothing_runs_what_it_reads(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, node.lineno


@every_module
def test_only_commands_print(module):
    if module.part == "cli":
        return
    for statement in module.tree.body:
        if isinstance(statement, ast.If) and "__main__" in ast.dump(statement.test):
            continue  # run as a command of its own
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", node.lineno


@pytest.mark.parametrize("folder", [PACKAGE, "models", "script", "tests", "addon"])
def test_modules_are_short(folder):
    lines = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: n for path, n in lines.items() if n > MOST_LINES} == {}


def test_tests_share_helpers_not_test_modules():
    """What several folders need is in tests/support, not in a test or a conftest."""
    for path in sorted((ROOT / "tests").rglob("*.py")):
        folder = path.relative_to(ROOT).parent.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            *room, module = node.module.split(".")
            if room[:1] == ["tests"]:
                assert not module.startswith("test_"), f"{path}: {node.module}"
                assert module != "conftest" or tuple(room) == folder, path


@pytest.mark.ci
@pytest.mark.parametrize("folder", [PACKAGE, "models", "script", "addon"])
def test_only_tests_import_tests(folder):
    """What the evaluation of the starter shares with them is in models/judge.

    The examples of docs/reading.md are cases of the tests, so that all are tested.
    """
    for path in sorted((ROOT / folder).rglob("*.py")):
        if path.name == "build_reading.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] != "tests", path


DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
CLASSES = {
    node.name: node
    for module in MODULES
    for node in ast.walk(module.tree)
    if isinstance(node, ast.ClassDef)
}


def explained(cls):
    """Return the methods that a class inherits a docstring for."""
    names = {base.id for base in cls.bases if isinstance(base, ast.Name)}
    found = set()
    for base in (CLASSES[name] for name in names & set(CLASSES)):
        found |= explained(base)
        found |= {
            node.name
            for node in base.body
            if isinstance(node, DOCUMENTED) and ast.get_docstring(node)
        }
    return found


def undocumented(body, known=frozenset()):
    """Yield public names that have no docstring and inherit none."""
    for node in body:
        if not isinstance(node, DOCUMENTED) or node.name.startswith("_"):
            continue
        is_overload = any("overload" in ast.dump(d) for d in node.decorator_list)
        if not (is_overload or node.name in known or ast.get_docstring(node)):
            yield f"{node.name}, line {node.lineno}"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node.body, explained(node))


@every_module
def test_public_names_are_documented(module):
    assert ast.get_docstring(module.tree)
    assert list(undocumented(module.tree.body)) == []


def test_text_needs_no_numbers():
    for module in MODULES:
        if module.part == "text":
            assert not {n for n in module.imports() if n.startswith("numpy")}


def test_the_package_starts_light():
    """So that a mistyped flag is reported at once."""
    heavy = {"numpy", "onnxruntime", "onnx", "asyncio", "wyoming"}
    for module in MODULES:
        if module.name in {"", "__main__"}:
            assert not {n for n in module.imports() if n.partition(".")[0] in heavy}
