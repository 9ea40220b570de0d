"""What script/setup installs, with stand-ins for the programs that install."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Records its arguments, and fails on request.
STAND_IN = """\
#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case " $FAIL " in *" $(basename "$0") "*) exit 1 ;; esac
"""
PACKAGES = {"apparmor": "apparmor_parser", "haproxy": "haproxy"} | {
    name: name for name in ("shellcheck", "zsh", "fish")
}
"""Packages of Debian, and the program that each is installed for."""


@dataclass
class Machine:
    """A machine whose only programs are stand-ins and what a shell script needs."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        for name in ("bash", "sh", "dirname", "basename", "env"):
            (self.folder / name).symlink_to(str(shutil.which(name)))
        for name in ("python3", "pip", "apt-get"):
            self.add(name)

    def add(self, name: str, text: str = STAND_IN) -> None:
        """Install a program."""
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def set_up(self, *, user: int = 0, fail: str = "", **env: str) -> list[str]:
        """Run script/setup to its good end; return what it called."""
        self.add("id", f"#!/bin/sh\necho {user}\n")
        environment = folder = self.folder.parent / "environment"
        (environment / "bin").mkdir(parents=True, exist_ok=True)
        pip = environment / "bin/pip"
        pip.unlink(missing_ok=True)
        pip.symlink_to(self.folder / "pip")
        calls = self.folder.parent / "calls"
        calls.unlink(missing_ok=True)
        known = {"PATH": str(self.folder), "VENV": str(folder), "CALLS": str(calls)}
        subprocess.run(
            [ROOT / "script/setup"], env={**known, "FAIL": fail, **env}, check=True
        )
        return calls.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "programs")


def of_apt(calls: list[str]) -> list[str]:
    return [call for call in calls if call.startswith("apt-get ")]


def test_nothing_is_installed_on_the_machine_of_a_person(machine: Machine) -> None:
    assert of_apt(machine.set_up()) == []
    assert of_apt(machine.set_up(CI="true", user=1000)) == []
    (machine.folder / "apt-get").unlink()
    assert of_apt(machine.set_up(CI="true")) == []


def test_on_a_machine_for_tests_what_is_missing_is_installed(machine: Machine) -> None:
    update, install = of_apt(machine.set_up(CI="true"))
    assert update.split()[1] == "update"
    assert install.split()[1] == "install"
    assert install.split()[-len(PACKAGES) :] == list(PACKAGES)
    machine.add("haproxy")
    assert of_apt(machine.set_up(CI="true"))[1].split()[-4:] == [
        "apparmor",
        "shellcheck",
        "zsh",
        "fish",
    ]


def test_nothing_is_installed_twice(machine: Machine) -> None:
    for program in PACKAGES.values():
        machine.add(program)
    assert of_apt(machine.set_up(CI="true")) == []


def test_what_cannot_be_installed_does_not_stop_the_setup(machine: Machine) -> None:
    calls = machine.set_up(CI="true", fail="apt-get")
    assert [call.split()[1] for call in of_apt(calls)] == ["update"]


def test_without_the_environment_setup_fails(machine: Machine) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        machine.set_up(fail="python3", CI="true")
    with pytest.raises(subprocess.CalledProcessError):
        machine.set_up(fail="pip", CI="true")


def test_the_script_can_be_run() -> None:
    assert os.access(ROOT / "script/setup", os.X_OK)
