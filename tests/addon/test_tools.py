"""Files that have linters, by the linters that are installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.addon.supervisor import ADDON
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SHELL = sorted(
    path
    for path in (ROOT / "script").iterdir()
    if path.is_file() and b"sh\n" in path.read_bytes()[:24]
)
RULES = (
    "{extends: default, rules: {line-length: {max: 100}, truthy: {check-keys: false}}}"
)
WORKFLOWS = ROOT / ".github/workflows"


def steps() -> Iterator[tuple[str, str]]:
    """Yield the shell commands of all workflows, and where they stand."""
    for path in sorted(WORKFLOWS.glob("*.yml")):
        for name, job in yaml.safe_load(path.read_text())["jobs"].items():
            for step in job.get("steps", ()):
                if "run" in step:
                    yield f"{path.stem} {name}", step["run"]


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def tool(name: str) -> str:
    beside_python = Path(sys.executable).with_name(name)
    path = shutil.which(name) or (str(beside_python) * beside_python.exists())
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


def test_yaml_is_tidy() -> None:
    files = [
        *ADDON.rglob("*.yaml"),
        *ROOT.glob("*.yaml"),
        *(ROOT / "docs").rglob("*.yaml"),
        *(ROOT / ".github").rglob("*.yml"),
    ]
    run(tool("yamllint"), "--strict", "-d", RULES, *files)


def test_the_apparmor_profile_is_understood(tmp_path: Path) -> None:
    parser = tool("apparmor_parser")
    profile = ADDON / "apparmor.txt"
    run(parser, "-Q", "-K", "-b", "/etc/apparmor.d", profile)
    broken = tmp_path / "broken.txt"
    broken.write_text(profile.read_text().replace("signal (receive) peer", "signal ("))
    command = [parser, "-Q", "-K", "-b", "/etc/apparmor.d", broken]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_shell_scripts_are_sound() -> None:
    run(tool("shellcheck"), *SHELL)


def test_the_workflows_are_what_github_expects() -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    run(tool("check-jsonschema"), *schema, *WORKFLOWS.glob("*.yml"))


def test_compose_takes_its_file() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    run(tool("check-jsonschema"), *schema, ROOT / "compose.yaml")


def test_the_workflows_are_secure() -> None:
    run(tool("zizmor"), "--offline", "--min-severity", "medium", WORKFLOWS)


@pytest.mark.parametrize(("name", "script"), [*steps()])
def test_shell_steps_of_the_workflows_are_sound(name: str, script: str) -> None:
    # Filled in by GitHub before the shell sees it; nothing that others write may be.
    assert "${{" not in script, name
    command = [tool("shellcheck"), "--shell", "bash", "-"]
    done = subprocess.run(
        command, input=script, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, name + done.stdout


def test_the_dockerfile_is_sound() -> None:
    # Debian's packages are fixed by the date of the base image, which is pinned.
    run(tool("hadolint"), "--ignore", "DL3008", ROOT / "Dockerfile")
