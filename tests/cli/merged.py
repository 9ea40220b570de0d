"""A value of each setting, and the configuration that all of them make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wyoming_cosyvoice.config import (
    Config,
    HttpConfig,
    ModelConfig,
    ServerConfig,
    SoundConfig,
    SpeechConfig,
)

VALUES = {
    "uri": "tcp://0.0.0.0:10300",
    "model": "my-model",
    "precision": "int4",
    "data_dir": "/data",
    "voice": "zh-female",
    "language": "zh-HK",
    "threads": "3",
    "device": "openvino",
    "speed": "1.5",
    "instruct": "请用四川话表达。",
    "quality": "balanced",
    "steps": "6",
    "guidance": "0",
    "streaming": "no",
    "text_ahead": "yes",
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


MERGED = Config(
    data_dir=Path("/data"),
    model=ModelConfig(
        name="my-model",
        is_required=True,
        precision="int4",
        threads=3,
        device="openvino",
        quality="balanced",
        steps=6,
        guidance=0.0,
        streaming=False,
        text_ahead=True,
    ),
    speech=SpeechConfig(
        voice="zh-female", language="yue", speed=1.5, instruct="请用四川话表达。"
    ),
    server=ServerConfig(
        uri="tcp://0.0.0.0:10300",
        zeroconf="kitchen",
        zeroconf_host="192.0.2.9",
        zeroconf_port=10400,
    ),
    http=HttpConfig(
        "0.0.0.0",  # noqa: S104 - nothing listens
        8080,
        token="secret",  # noqa: S106 - only in tests
        names=("speaker.local", "pi.lan"),
        origins=("https://chat.example.org", "http://pi.lan:3000"),
        ingress="172.30.32.2",
    ),
    sound=SoundConfig(trim=False, loudness_lufs=-18.5, lead_s=0.5, pause_s=0.3),
    hub="modelscope",
    log_level="debug",
)


def by_nobody(config: Config) -> Config:
    """Return a configuration as it is when no flag, but a variable or a file set it."""
    assert config.http is not None
    return replace(
        config,
        model=replace(config.model, is_required=False),
        http=replace(config.http, is_required=False),
    )
