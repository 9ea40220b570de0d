"""Settings in a file, and the page that lists them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.merged import MERGED, VALUES, by_nobody
from tests.support import ROOT
from wyoming_cosyvoice.cli.configuration import read_config
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from wyoming_cosyvoice.config import Config

HOME = {"HOME": "/home/me"}


def merge(path: Path, *flags: str, **variables: str) -> Config:
    environ = {f"WYOMING_COSYVOICE_{k.upper()}": v for k, v in variables.items()}
    arguments = parse(["serve", "--config", str(path), *flags])
    return read_config(arguments, {**HOME, **environ})


def write(folder: Path, content: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_every_setting_can_be_in_a_file(tmp_path: Path) -> None:
    lines = [f"{name} = '{value}'" for name, value in VALUES.items()]
    assert merge(write(tmp_path, "\n".join(lines))) == by_nobody(MERGED)


def test_values_may_have_the_types_of_toml(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'speed = 1.5\nthreads = 3\nstreaming = false\nhttp-name = ["a.lan", "b.lan"]\n'
        'data_dir = "~/voices"\n',
    )
    config = merge(path)
    model = config.model
    assert (config.speech.speed, model.threads, model.streaming) == (1.5, 3, False)
    assert config.http is not None
    assert config.http.names == ("a.lan", "b.lan")
    assert config.data_dir == Path("~/voices").expanduser()
    assert merge(write(tmp_path, "no_http = true\n")).http is None


def test_options_win_over_variables_and_those_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "speed = 0.6\nthreads = 1\nsteps = 4\n")
    config = merge(path, "--speed", "1.4", speed="1.2", threads="2")
    model = config.model
    assert (config.speech.speed, model.threads, model.steps) == (1.4, 2, 4)


def test_a_variable_can_name_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "speed = 0.6\n")
    environ = {**HOME, "WYOMING_COSYVOICE_CONFIG": str(path)}
    assert read_config(parse(["serve"]), environ).speech.speed == 0.6


def test_a_file_may_have_settings_of_other_commands(tmp_path: Path) -> None:
    path = write(tmp_path, 'uri = "tcp://0.0.0.0:10200"\nspeed = 0.6\n')
    arguments = parse(["say", "Hi", "--config", str(path)])
    assert read_config(arguments, HOME).speech.speed == 0.6


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("sped = 1.0", "sped is not a setting and is ignored. Did you mean speed?"),
        ("speed = 5", "speed: '5' is not a number between 0.5 and 2.0."),
        ("[speed]\nvalue = 1", "speed must be text, a number, or true or false."),
        ("voice = [1]", "voice must be text, a number, or true or false."),
        ('data_dir = "a\\u0000b"', "data_dir: 'a\\x00b' is not a path."),
        ("'" + "x" * 200 + "' = 1", "x" * 60 + " is not a setting"),
    ],
)
def test_mistakes_are_left_out_and_name_the_file(
    tmp_path: Path, content: str, message: str
) -> None:
    path = write(tmp_path, f"threads = 3\n{content}")
    config = merge(path)
    (problem,) = config.problems
    assert problem.startswith(str(path))
    assert message in problem
    defaults = read_config(parse(["serve"]), HOME)
    model = replace(defaults.model, threads=3)
    assert replace(config, problems=()) == replace(defaults, model=model)


@pytest.mark.parametrize(
    "content",
    [
        "no_http = 1",
        "no_htp = true",
        "http_token = {}",
        "[http_ingress]\na = 1",
        "http-tokn = 'x'\nhttp_tokens = 'x'",
    ],
)
def test_what_guards_or_closes_http_fails_closed(tmp_path: Path, content: str) -> None:
    config = merge(write(tmp_path, content))
    assert config.http is None
    assert config.problems


@pytest.mark.parametrize("content", ["speed = ", "a = " + "[" * 100_000, "\xff"])
def test_a_file_that_is_not_toml_ends_the_program(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigError, match="is not valid TOML") as failure:
        merge(path)
    assert str(failure.value).startswith(str(path))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        merge(tmp_path / "none.toml")


def test_the_page_of_settings_is_what_the_program_has() -> None:
    script = ROOT / "script/write-settings"
    subprocess.run([sys.executable, script, "--check"], check=True)


def test_the_example_of_the_page_is_accepted(tmp_path: Path) -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert merge(write(tmp_path, example)).speech.voice == "heart"
