"""Flags, variables and defaults, and which of them wins."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from tests.cli.merged import MERGED, VALUES, by_nobody
from wyoming_cosyvoice.cli.configuration import read_config
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.cli.settings import TABLE
from wyoming_cosyvoice.config import (
    Config,
    HttpConfig,
    SoundConfig,
)
from wyoming_cosyvoice.errors import ConfigError

NO_SETTING = {
    "limits",
    "server.samples_per_chunk",
    "speech.seed",  # of a request, or of say
    "http.is_required",  # follows from --http
    "model.is_required",  # follows from --model
    "problems",
}
"""Fields of the configuration that users do not set."""


def merge(*flags: str, **variables: str) -> Config:
    environ = {f"WYOMING_COSYVOICE_{k.upper()}": v for k, v in variables.items()}
    return read_config(parse(["serve", *flags]), {"HOME": "/home/me", **environ})


def places(config: object, prefix: str = "") -> set[str]:
    """Return the fields of a configuration; the sound is one, set as a whole."""
    found: set[str] = set()
    for field in fields(config):
        value, name = getattr(config, field.name), f"{prefix}{field.name}"
        is_whole = name in {"limits", "sound"} or not is_dataclass(value)
        found |= {name} if is_whole else places(value, f"{name}.")
    return found


def test_each_field_of_the_configuration_has_a_setting() -> None:
    assert {row.name for row in TABLE} == set(VALUES)
    set_by = {place for row in TABLE for place in row.spread or [row.place]}
    assert set_by - {"sound.loudness_lufs"} == places(MERGED) - NO_SETTING


def test_every_setting_has_a_flag() -> None:
    flags = [w for row in TABLE for w in (row.flag, VALUES[row.name])]
    assert merge(*flags) == MERGED


def test_every_setting_has_a_variable() -> None:
    assert merge(**VALUES) == by_nobody(MERGED)


def test_flags_win_over_variables() -> None:
    others = {**dict.fromkeys(VALUES, "1"), "uri": "stdio://", "log_level": "error"}
    others |= {"sound": "trim", "http_origin": "http://a.lan", "hub": "huggingface"}
    flags = [w for row in TABLE for w in (row.flag, VALUES[row.name])]
    assert merge(*flags, **others) == MERGED


def test_defaults() -> None:
    config = merge()
    data_dir = Path("/home/me/.local/share/wyoming-cosyvoice")
    assert config == Config(data_dir=data_dir, http=HttpConfig(is_required=False))
    assert config.server.uri == "tcp://127.0.0.1:10200"
    assert config.model.streaming


def test_empty_variables_are_not_set() -> None:
    assert merge(**dict.fromkeys(VALUES, " ")) == merge()


def test_data_follows_the_customs_of_the_system() -> None:
    environ = {"XDG_DATA_HOME": "/xdg", "HOME": "/home/me"}
    assert read_config(parse(["serve"]), environ).data_dir == Path(
        "/xdg/wyoming-cosyvoice"
    )


@pytest.mark.parametrize("flag", ["--no-streaming", "--debug"])
def test_short_forms(flag: str) -> None:
    config = merge(flag)
    assert config.model.streaming == (flag != "--no-streaming")
    assert config.log_level == ("debug" if flag == "--debug" else None)


def test_http_can_be_left_out() -> None:
    assert merge("--no-http", http_token="secret").http is None  # noqa: S106


WRONG = [
    ("threads", "0"),
    ("threads", "two"),
    ("threads", "1.5"),
    ("speed", "0.4"),
    ("speed", "nan"),
    ("steps", "101"),
    ("guidance", "-1"),
    ("streaming", "maybe"),
    ("log_level", "loud"),
    ("language", "klingon"),
    ("precision", "int3"),
    ("loudness", "-9"),
    ("loudness", "nan"),
    ("sound", "trim,loudness=-18"),
    ("sound", "lead=6"),
    ("sound", "none,trim"),
    ("http", "localhost:port"),
    ("http", "..:8080"),
    ("http", f"{'a' * 64}.lan:8080"),
    ("http_origin", "chat.example.org"),
    ("hub", "github"),
    ("data_dir", "~nobody-of-that-name/x"),
    ("data_dir", "a\x00b"),
    ("zeroconf", "x" * 64),
    ("zeroconf_port", "0"),
]


@pytest.mark.parametrize(("name", "value"), [*WRONG, ("uri", "http://localhost")])
def test_a_wrong_flag_ends_the_program(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        merge("--" + name.replace("_", "-"), value)
    assert end.value.code == 2
    assert value.partition("=")[2] in capsys.readouterr().err


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_variable_is_named_and_left_out(name: str, value: str) -> None:
    config = merge(**{name: value})
    (problem,) = config.problems
    assert problem.startswith(f"WYOMING_COSYVOICE_{name.upper()}: ")
    assert problem.endswith("It is left out.")
    assert replace(config, problems=()) == merge()


@pytest.mark.parametrize(
    "uri", ["http://localhost", "tcp://0.0.0.0", "unix:///run/a.sock?mode=999"]
)
def test_a_wrong_uri_ends_the_program_wherever_it_comes_from(uri: str) -> None:
    with pytest.raises(ConfigError, match="WYOMING_COSYVOICE_URI: "):
        merge(uri=uri)


def test_a_wrong_variable_gives_way_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("speed = 1.5\n")
    assert merge("--config", str(path), speed="fast").speech.speed == 1.5


@pytest.mark.parametrize("name", ["HTTP_TOKENS", "TOKEN", "API_TOKEN_FILE", "NO_HTTP"])
def test_a_guard_that_is_misspelt_leaves_nothing_open(name: str) -> None:
    variables = {name: "s3cret", "speed": "fast"}
    config = merge(**variables)
    assert config.http is None
    assert any(
        "web page and the HTTP API are off" in problem for problem in config.problems
    )
    assert not any("s3cret" in problem for problem in config.problems)
    assert merge(**variables, http_token="t").http is not None  # noqa: S106
    assert merge(**variables, http_ingress="192.0.2.1").http is not None
    assert not any(
        "web page and the HTTP API are off" in problem
        for problem in said_by("say", name)
    )


def said_by(command: str, name: str) -> tuple[str, ...]:
    environ = {f"WYOMING_COSYVOICE_{name}": "x"}
    return read_config(parse([command, "Hi"]), environ).problems


@pytest.mark.parametrize(("flag", "is_required"), [(True, True), (False, False)])
def test_only_a_flag_insists_on_a_model_and_a_port(
    *, flag: bool, is_required: bool
) -> None:
    given = {"model": "mine", "http": "0.0.0.0:8080"}
    flags = [word for name, value in given.items() for word in (f"--{name}", value)]
    config = merge(*flags) if flag else merge(**given)
    assert config.model.is_required == is_required
    assert config.http is not None
    assert config.http.is_required == is_required


def test_commands_ignore_variables_that_are_not_theirs() -> None:
    environ = {"WYOMING_COSYVOICE_SPEED": "fast"}
    assert read_config(parse(["voices"]), environ).speech.speed == 1.0


def test_silence_leaves_trimming_as_it_is() -> None:
    assert merge("--sound", "lead=0.5").sound == SoundConfig(lead_s=0.5)


def test_loudness_can_be_turned_off_again() -> None:
    config = merge("--loudness", "off", loudness="-18")
    assert config.sound == SoundConfig(loudness_lufs=None)
    assert merge(loudness="OFF") == merge()


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-CN", "zh"), ("zh_HK", "yue"), ("EN", "en"), ("ja-JP", "ja")],
)
def test_languages_are_given_as_tags(tag: str, language: str) -> None:
    assert merge("--language", tag).speech.language == language


def test_say_and_serve_have_the_same_sound() -> None:
    words = ("--sound", "denoise,smooth", "--loudness", "-20")
    said = read_config(parse(["say", "Hi", *words]), {"HOME": "/home/me"})
    served = merge(*words).sound
    assert said.sound == served
    assert served == SoundConfig(
        trim=False, denoise=True, smooth=True, loudness_lufs=-20.0
    )


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("THRED", "THREADS"),
        ("TREADS", "THREADS"),
        ("LANG", "LANGUAGE"),
        ("DATADIR", "DATA_DIR"),
        ("HTTP_TOKENS", "HTTP_TOKEN"),
        ("zeroconf", "ZEROCONF"),
        ("XYZZY", None),
    ],
)
def test_unknown_variables_are_named_with_the_nearest_setting(
    name: str, likely: str | None
) -> None:
    prefix = "WYOMING_COSYVOICE_"
    environ = {f"{prefix}{name}": "s3cret", f"{prefix}VOICE": "heart", "HOME": "/"}
    environ |= {f"{prefix}EMPTY": " "}
    message, *_ = read_config(parse(["serve"]), environ).problems
    assert message.startswith(f"{prefix}{name} is not a setting")
    assert "s3cret" not in message
    assert (f"Did you mean {prefix}{likely}?" in message) == (likely is not None)


def test_all_settings_are_known_variables() -> None:
    assert merge(**VALUES).problems == ()
