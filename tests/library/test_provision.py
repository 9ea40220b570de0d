"""A server that is asked for a model which is not there yet: real processes, sockets.

The starter voice speaks at once; the hub is a real one on loopback.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice

from tests.support import hub as faults
from wyoming_cosyvoice.cli.serve import choose_first_model
from wyoming_cosyvoice.config import Config, ModelConfig
from wyoming_cosyvoice.fetch.sources import HuggingFace
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.library.provision import Provision
from wyoming_cosyvoice.pack.pack import read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.hub import Hub

pytestmark = pytest.mark.ci

NAME = "cosyvoice-300m-sft"
_LISTENING = re.compile(r"Listening on (tcp://[^ \n]+)")


@contextmanager
def serving(
    hub: Hub, data_dir: Path, *, until: str | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Run ``serve --model NAME``; yield its address and its log so far.

    It is stopped when the log has ``until``, which is read to the end afterwards.
    """
    command = [
        *(sys.executable, "-m", "wyoming_cosyvoice", "serve", "--model", NAME),
        *("--uri", "tcp://127.0.0.1:0", "--no-http", "--data-dir", str(data_dir)),
    ]
    environ = {**os.environ, "HF_ENDPOINT": hub.url}
    with subprocess.Popen(
        command, env=environ, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        log: list[str] = []
        try:
            for line in server.stderr:
                log.append(line)
                if found := _LISTENING.search(line):
                    break
            yield found[1], log
            while until is not None and until not in "".join(log):
                line = server.stderr.readline()
                assert line, f"The log ended without {until!r}."
                log.append(line)
            server.send_signal(signal.SIGTERM)
            log += server.stderr.readlines()
            assert server.wait() == 0
        finally:
            server.kill()


async def voices(uri: str) -> set[str]:
    async with AsyncClient.from_uri(uri) as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
        assert event is not None
        (program,) = Info.from_event(event).tts
        return {voice.name for voice in program.voices}


async def speak(uri: str, voice: str) -> float:
    """Return the seconds that a sentence lasts."""
    seconds = 0.0
    async with AsyncClient.from_uri(uri) as client:
        request = Synthesize("Good morning.", voice=SynthesizeVoice(name=voice))
        await client.write_event(request.event())
        while event := await client.read_event():
            assert not Error.is_type(event.type), event.data
            if AudioChunk.is_type(event.type):
                seconds += AudioChunk.from_event(event).seconds
            if AudioStop.is_type(event.type):
                break
    return seconds


async def until(uri: str, voice: str) -> None:
    async with asyncio.timeout(60):
        while voice not in await voices(uri):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


def test_the_starter_speaks_until_the_model_is_there(hub: Hub, tmp_path: Path) -> None:
    hub.faults["flow.pt"] = [faults.stall(0.5)]

    async def ask(uri: str) -> None:
        assert await voices(uri) == {"heart", "cedar"}
        assert await speak(uri, "heart") > 0.3
        assert await voices(uri) == {"heart", "cedar"}  # flow.pt is still on its way
        hub.is_over.set()  # ends the stall: the download is continued
        await until(uri, "zh-female")
        assert await speak(uri, "zh-female") > 0.1

    with serving(hub, tmp_path) as (uri, log):
        asyncio.run(ask(uri))
    assert f"Switched to the model {NAME}" in "".join(log)
    assert (tmp_path / "models" / NAME / "manifest.json").is_file()


def test_a_failed_download_is_tried_again(hub: Hub, tmp_path: Path, caplog) -> None:
    hub.faults["llm.pt"] = [faults.status(404)]
    config = Config(data_dir=tmp_path, model=ModelConfig(threads=1))
    provision = Provision(
        config, STARTER_DIR, wanted=NAME, source=HuggingFace(hub.url), retries_s=[0.1]
    )

    def state() -> str:
        body = {model.name: model.state for model in provision.models.models()}
        return str(body[NAME])

    async def wait() -> set[str]:
        engine = provision.new_engine((), lambda _: None)
        await engine.start()
        try:
            async with asyncio.timeout(60):
                while state() != "in-use":  # noqa: ASYNC110 - a thread
                    await asyncio.sleep(0.05)
            return {voice.id for voice in engine.voices}
        finally:
            provision.close()
            await engine.stop(5)

    assert "zh-female" in asyncio.run(wait())
    assert "remains in use" in caplog.text


def test_a_model_in_another_precision_speaks_until_it_is_there(
    hub: Hub, tmp_path: Path, tiny_pack: Path, caplog
) -> None:
    int8 = shutil.copytree(tiny_pack, tmp_path / "models" / NAME)
    model = ModelConfig(precision="int4", threads=1)
    config = Config(data_dir=tmp_path, model=model)
    assert choose_first_model(replace(config, model=replace(model, name=NAME))) == (
        int8,
        NAME,
    )
    with caplog.at_level("INFO"):
        assert choose_first_model(config) == (int8, NAME)
    assert f"Downloading {NAME} in int4; {NAME} speaks until it is ready" in caplog.text
    provision = Provision(config, int8, wanted=NAME, source=HuggingFace(hub.url))

    async def wait() -> dict[str, str]:
        engine = provision.new_engine((), lambda _: None)
        await engine.start()
        try:
            states: dict[str, str] = {}
            async with asyncio.timeout(60):
                while states.get(f"{NAME}-int4") != "in-use":
                    await asyncio.sleep(0.05)
                    body = provision.models.models()
                    states = {model.name: model.state for model in body}
            return states
        finally:
            provision.close()
            await engine.stop(5)

    states = asyncio.run(wait())
    assert states[NAME] == "installed"
    # The next start has it at once, as whoever starts without saying anything has.
    int4 = tmp_path / "models" / f"{NAME}-int4"
    assert read_manifest(int4).precision == "int4"
    assert choose_first_model(replace(config, model=replace(model, name=NAME))) == (
        int4,
        None,
    )
    assert choose_first_model(Config(data_dir=tmp_path)) == (int4, None)


def test_a_model_of_ones_own_has_the_precision_that_it_has(
    tmp_path: Path, tiny_pack: Path, caplog
) -> None:
    own = shutil.copytree(tiny_pack, tmp_path / "models/mine")
    for model in ("mine", str(own), "starter"):
        config = Config(tmp_path, ModelConfig(model, "fp32"))
        caplog.clear()
        assert choose_first_model(config)[1] is None
        assert "is in int8, not in fp32, and is used as it is" in caplog.text


def test_a_model_that_cannot_be_had_leaves_the_starter(
    hub: Hub, tmp_path: Path
) -> None:
    hub.list_faults = [404] * 20

    async def ask(uri: str) -> None:
        assert await speak(uri, "cedar") > 0.3
        assert await voices(uri) == {"heart", "cedar"}

    with serving(hub, tmp_path, until="remains in use") as (uri, log):
        asyncio.run(ask(uri))
    assert "remains in use" in "".join(log)
