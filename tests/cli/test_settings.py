"""Flags, variables and defaults, and which of them wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.cli.settings import TABLE, Settings, unknown_variables
from wyoming_cosyvoice.config import SoundConfig
from wyoming_cosyvoice.errors import ConfigError

VALUES = {
    "uri": "tcp://0.0.0.0:10300",
    "model": "my-model",
    "precision": "int4",
    "data_dir": "/data",
    "voice": "zh-female",
    "language": "zh-HK",
    "threads": "3",
    "speed": "1.5",
    "steps": "6",
    "guidance": "0",
    "streaming": "no",
    "zeroconf": "kitchen",
    "zeroconf_host": "192.0.2.9",
    "zeroconf_port": "10400",
    "http": "0.0.0.0:8080",
    "http_token": "secret",
    "http_name": "speaker.local, Pi.lan.:8080,",
    "http_origin": "https://Chat.example.org/page, http://pi.lan:3000",
    "http_ingress": "172.30.32.2",
    "sound": "none, lead=0.5, pause=0.3",
    "loudness": "-18.5",
    "hub": "modelscope",
    "log_level": "debug",
}
MERGED = Settings(
    uri="tcp://0.0.0.0:10300",
    model="my-model",
    precision="int4",
    data_dir=Path("/data"),
    voice="zh-female",
    language="yue",
    threads=3,
    speed=1.5,
    steps=6,
    guidance=0.0,
    streaming=False,
    zeroconf="kitchen",
    zeroconf_host="192.0.2.9",
    zeroconf_port=10400,
    http=("0.0.0.0", 8080),  # noqa: S104 - nothing listens
    http_token="secret",  # noqa: S106 - nobody's
    http_name=("speaker.local", "pi.lan"),
    http_origin=("https://chat.example.org", "http://pi.lan:3000"),
    http_ingress="172.30.32.2",
    sound=SoundConfig(trim=False, lead_s=0.5, pause_s=0.3),
    loudness=-18.5,
    hub="modelscope",
    log_level="debug",
)


def merge(*flags: str, **variables: str) -> Settings:
    environ = {f"WYOMING_COSYVOICE_{k.upper()}": v for k, v in variables.items()}
    return Settings.merge(parse(["serve", *flags]), {"HOME": "/home/me", **environ})


def test_table_and_fields_are_the_same() -> None:
    switches = {"has_http"}  # --no-http, which has no variable
    fields = set(Settings.__slots__) - switches
    assert {row.name for row in TABLE} == set(VALUES) == fields


def test_every_setting_has_a_flag() -> None:
    flags = [w for row in TABLE for w in (row.flag, VALUES[row.name])]
    assert merge(*flags) == MERGED


def test_every_setting_has_a_variable() -> None:
    assert merge(**VALUES) == MERGED


def test_flags_win_over_variables() -> None:
    others = {**dict.fromkeys(VALUES, "1"), "uri": "stdio://", "log_level": "error"}
    others |= {"sound": "trim", "http_origin": "http://a.lan", "hub": "huggingface"}
    flags = [w for row in TABLE for w in (row.flag, VALUES[row.name])]
    assert merge(*flags, **others) == MERGED


def test_defaults() -> None:
    settings = merge()
    data_dir = Path("/home/me/.local/share/wyoming-cosyvoice")
    assert settings == Settings(data_dir=data_dir)
    assert settings.uri == "tcp://127.0.0.1:10200"
    assert settings.streaming


def test_empty_variables_are_not_set() -> None:
    assert merge(**dict.fromkeys(VALUES, " ")) == merge()


def test_data_follows_the_customs_of_the_system() -> None:
    environ = {"XDG_DATA_HOME": "/xdg", "HOME": "/home/me"}
    settings = Settings.merge(parse(["serve"]), environ)
    assert settings.data_dir == Path("/xdg/wyoming-cosyvoice")


@pytest.mark.parametrize("flag", ["--no-streaming", "--debug"])
def test_short_forms(flag: str) -> None:
    changed = {
        "--no-streaming": ("streaming", False),
        "--debug": ("log_level", "debug"),
    }
    name, value = changed[flag]
    assert getattr(merge(flag), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threads", "0"),
        ("threads", "two"),
        ("threads", "1.5"),
        ("speed", "0.4"),
        ("speed", "nan"),
        ("steps", "101"),
        ("guidance", "-1"),
        ("uri", "http://localhost"),
        ("streaming", "maybe"),
        ("log_level", "loud"),
        ("language", "klingon"),
        ("precision", "int3"),
        ("loudness", "-9"),
        ("loudness", "nan"),
        ("sound", "trim,loudness=-18"),
        ("sound", "lead=6"),
        ("sound", "none,trim"),
        ("http_origin", "chat.example.org"),
        ("hub", "github"),
    ],
)
def test_wrong_values_are_refused_and_named(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigError, match=f"WYOMING_COSYVOICE_{name.upper()}: "):
        merge(**{name: value})
    with pytest.raises(SystemExit) as end:
        merge("--" + name.replace("_", "-"), value)
    assert end.value.code == 2
    assert value.partition("=")[2] in capsys.readouterr().err


def test_commands_ignore_variables_that_are_not_theirs() -> None:
    environ = {"WYOMING_COSYVOICE_SPEED": "fast"}
    assert Settings.merge(parse(["voices"]), environ).speed == 1.0


def test_server_gets_what_it_needs() -> None:
    config = MERGED.config()
    assert config.server.uri == MERGED.uri
    assert config.server.zeroconf == "kitchen"
    assert config.speech.voice == "zh-female"
    assert config.speech.speed == 1.5
    assert config.threads == 3
    assert config.model == "my-model"
    assert config.data_dir == Path("/data")
    assert config.speech.language == "yue"
    assert config.sound == SoundConfig(
        trim=False, loudness_lufs=-18.5, lead_s=0.5, pause_s=0.3
    )
    assert config.http is not None
    assert config.http.names == ("speaker.local", "pi.lan")
    assert config.http.origins == ("https://chat.example.org", "http://pi.lan:3000")


def test_silence_leaves_trimming_as_it_is() -> None:
    assert merge("--sound", "lead=0.5").sound == SoundConfig(lead_s=0.5)


def test_loudness_can_be_turned_off_again() -> None:
    settings = merge("--loudness", "off", loudness="-18")
    assert settings.sound_config() == SoundConfig(loudness_lufs=None)
    assert merge(loudness="OFF") == merge()


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-CN", "zh"), ("zh_HK", "yue"), ("EN", "en"), ("ja-JP", "ja")],
)
def test_languages_are_given_as_tags(tag: str, language: str) -> None:
    assert merge("--language", tag).language == language


def test_say_and_serve_have_the_same_sound() -> None:
    words = ("--sound", "denoise,smooth", "--loudness", "-20")
    said = Settings.merge(parse(["say", "Hi", *words]), {"HOME": "/home/me"})
    served = merge(*words).config().sound
    assert said.sound_config() == served
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
    (message,) = unknown_variables({**environ, f"{prefix}EMPTY": " "})
    assert message.startswith(f"{prefix}{name} is not a setting")
    assert "s3cret" not in message
    assert (f"Did you mean {prefix}{likely}?" in message) == (likely is not None)


def test_all_settings_are_known_variables() -> None:
    assert unknown_variables({row.variable: "x" for row in TABLE}) == []
