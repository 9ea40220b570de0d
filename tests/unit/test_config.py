"""The values that a configuration accepts."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from wyoming_cosyvoice.config import (
    Config,
    Limits,
    ModelConfig,
    ServerConfig,
    SpeechConfig,
)
from wyoming_cosyvoice.config.addresses import (
    Address,
    StdioAddress,
    TcpAddress,
    UnixAddress,
    parse_uri,
)
from wyoming_cosyvoice.errors import ConfigError


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("tcp://0.0.0.0:10200", TcpAddress("0.0.0.0", 10200)),  # noqa: S104
        ("tcp://localhost:0", TcpAddress("localhost", 0)),
        ("tcp://[::1]:10200/", TcpAddress("::1", 10200)),
        ("unix:///run/cosyvoice.sock", UnixAddress(Path("/run/cosyvoice.sock"))),
        ("unix://relative/x.sock", UnixAddress(Path("relative/x.sock"))),
        (
            "unix:///x.sock?mode=0660&group=audio",
            UnixAddress(Path("/x.sock"), 0o660, "audio"),
        ),
        ("unix:///x.sock?group=100", UnixAddress(Path("/x.sock"), None, "100")),
        ("tcp://*:10200", TcpAddress("*", 10200)),
        ("stdio://", StdioAddress()),
    ],
)
def test_uri(uri: str, address: Address) -> None:
    assert parse_uri(uri) == address
    assert ServerConfig(uri=uri).uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "10200",
        "localhost:10200",
        "http://localhost:10200",
        "tcp://localhost",
        "tcp://:10200",
        "tcp://localhost:70000",
        "tcp://localhost:-1",
        "tcp://localhost:x",
        "tcp://localhost:1/path",
        "tcp://user@localhost:1",
        "tcp://localhost:1?x=1",
        "tcp://[::1:10200",
        "unix://",
        "unix:///x.sock?mode=rw",
        "unix:///x.sock?mode=6666",
        "unix:///x.sock?mode=",
        "unix:///x.sock?group=",
        "unix:///x.sock?owner=root",
        "stdio://x",
    ],
)
def test_invalid_uri(uri: str) -> None:
    with pytest.raises(ConfigError, match=r"tcp://HOST:PORT|unix://PATH"):
        ServerConfig(uri=uri)


@pytest.mark.parametrize("name", [limit.name for limit in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_limits_are_positive(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=name):
        Limits(**{name: value})


@pytest.mark.parametrize("speed", [0.49, 2.01, float("nan")])
def test_speed_out_of_range(speed: float) -> None:
    with pytest.raises(ConfigError, match=r"from 0\.5 to 2\.0"):
        SpeechConfig(speed=speed)


def test_other_ranges() -> None:
    with pytest.raises(ConfigError, match="threads"):
        ModelConfig(threads=0)
    with pytest.raises(ConfigError, match="samples_per_chunk"):
        ServerConfig(samples_per_chunk=0)
    assert Config(model=ModelConfig(threads=1)).speech == SpeechConfig(speed=1.0)
