"""Nothing leaves the house: the program is watched from outside of it, in use.

Twice, each where the machine allows it: in a network namespace whose name server keeps
all questions, and by ``strace``, which sees what is sent to where. The user's home is
empty at the beginning, and must be at the end: what ONNX Runtime would upload, it first
keeps in a file there.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    Watch = Callable[..., list[str]]

pytestmark = pytest.mark.ci

WATCHED = (sys.executable, "-m", "tests.faults.watched")
NAMESPACE = ("unshare", "--net", "--mount")
USER_NAMESPACE = (*NAMESPACE, "--user", "--map-root-user")
STRACE = ("strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg")
SERVE_S = "30"

_ADDRESS = re.compile(
    r"sin6?_port=htons\((?P<port>\d+)\).*?"
    r'(?:inet_addr\("(?P<v4>[^"]*)"\)|inet_pton\(AF_INET6, "(?P<v6>[^"]*)")'
)
_HERE = ("127.", "0.0.0.0", "::1", "::")  # noqa: S104
_NAMES_PORT = "53"


@pytest.fixture
def outside(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user who set nothing, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "WYOMING_COSYVOICE_", "ORT_"))
    }
    data = {"WYOMING_COSYVOICE_DATA_DIR": str(tmp_path / "data")}
    # The program is found where the tests have it, whatever the working folder is.
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), **data}


def by_namespace(what: tuple[str, ...], environ: dict[str, str], folder: Path) -> list:
    """Return the names that were asked for."""
    for unshare in (NAMESPACE, USER_NAMESPACE):
        if shutil.which("unshare") is not None and (
            subprocess.run(
                [*unshare, "mount", "--bind", "/etc/hosts", "/etc/resolv.conf"],
                check=False,
                capture_output=True,
            ).returncode
            == 0
        ):
            break
    else:
        pytest.skip("no namespace can be made here")
    child = subprocess.run(
        [*unshare, *WATCHED, "enclosed", *what],
        env=environ,
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    asked: list[str] = json.loads(child.stdout.splitlines()[-1])
    return asked


def by_strace(what: tuple[str, ...], environ: dict[str, str], folder: Path) -> list:
    """Return the addresses that something was sent to, or that were to be reached."""
    if shutil.which("strace") is None or (
        subprocess.run(["strace", "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("strace cannot be used here")
    trace = folder / "trace"
    subprocess.run(
        [*STRACE, "-o", str(trace), *WATCHED, "open", *what],
        env=environ,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return [
        f"{found['v4'] or found['v6']}:{found['port']}"
        for found in _ADDRESS.finditer(trace.read_text(errors="replace"))
        if found["port"] == _NAMES_PORT
        or not (found["v4"] or found["v6"]).startswith(_HERE)
    ]


@pytest.fixture(params=[by_namespace, by_strace])
def watch(
    request: pytest.FixtureRequest, outside: dict[str, str], tmp_path: Path
) -> Watch:
    """Give what runs a part of ``tests.faults.watched`` and returns what it asked."""
    return lambda *what: request.param(what, outside, tmp_path)


def files_of(environ: dict[str, str]) -> list[Path]:
    return sorted(Path(environ["HOME"]).rglob("*"))


def test_a_question_would_be_seen(watch: Watch) -> None:
    assert watch("look-up")


@pytest.mark.parametrize(
    "command",
    [
        *("say", "doctor", "voices"),
        pytest.param("bench", marks=pytest.mark.slow),
    ],
)
def test_a_command_asks_for_nothing_and_leaves_nothing(
    watch: Watch, outside: dict[str, str], command: str
) -> None:
    assert watch(command) == []
    assert files_of(outside) == []


@pytest.mark.slow
def test_a_server_in_use_asks_for_nothing_and_leaves_nothing(
    watch: Watch, outside: dict[str, str]
) -> None:
    """Telemetry begins seven seconds after the start, and is repeated."""
    assert watch("serve", SERVE_S) == []
    assert files_of(outside) == []


def test_the_program_has_it_off_before_the_import(outside: dict[str, str]) -> None:
    """What ONNX Runtime reads is the environment of C, which the child inherits."""
    check = "import wyoming_cosyvoice, os; os.system('echo [$ORT_DISABLE_TELEMETRY]')"
    for value, expected in ((None, "[1]"), ("0", "[0]")):
        chosen = {} if value is None else {"ORT_DISABLE_TELEMETRY": value}
        child = subprocess.run(
            [sys.executable, "-c", check],
            env={**outside, **chosen},
            capture_output=True,
            text=True,
            check=True,
        )
        assert child.stdout.strip() == expected


LOADS_IT = {"onnxruntime", "faster_whisper", "hibari", "piper", "speechmos"}
"""Libraries that import ONNX Runtime, and itself."""

SCRIPTS = sorted(
    path
    for folder in ("models", "script", "tests")
    for path in (ROOT / folder).rglob("*.py")
    # Before a test, its runner imports tests/conftest.py, and with it the program.
    if not path.name.startswith("test_")
)


def is_unprotected(path: Path) -> bool:
    """Whether a file loads ONNX Runtime before it was told to send nothing.

    Importing the program, or the package of tests that does, is enough.
    """
    loads, protects = [], []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        packages = {name.partition(".")[0] for name in names}
        if packages & LOADS_IT:
            loads.append(node.lineno)
        if "wyoming_cosyvoice" in packages or (
            isinstance(node, ast.Constant) and node.value == "ORT_DISABLE_TELEMETRY"
        ):
            protects.append(node.lineno)
    return bool(loads) and min(loads) < min(protects, default=sys.maxsize)


def test_scripts_that_load_it_switch_it_off_first() -> None:
    assert [path for path in SCRIPTS if is_unprotected(path)] == []


def test_the_images_have_it_off() -> None:
    """Both are made from the stage ``runtime``, which has the variable."""
    stages = re.split(
        r"^FROM ", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    by_name = {stage.split(" AS ")[-1].split()[0]: stage for stage in stages[1:]}
    assert re.search(
        r"^ENV .*?ORT_DISABLE_TELEMETRY=1", by_name["runtime"], re.MULTILINE | re.DOTALL
    )
    for image in ("addon", "server"):
        assert by_name[image].startswith("runtime AS")
        assert "ORT_DISABLE_TELEMETRY" not in by_name[image]
