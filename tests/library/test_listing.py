"""Models as the page sees them: real packs, a real engine, a hub on loopback."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from tests.fetch import hub as faults
from wyoming_cosyvoice.config import Config, ModelConfig
from wyoming_cosyvoice.errors import Conflict, UnknownModel
from wyoming_cosyvoice.fetch.sources import HuggingFace
from wyoming_cosyvoice.library.installed import STARTER_DIR, find_model
from wyoming_cosyvoice.library.provision import Arrival

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.fetch.hub import Hub
    from wyoming_cosyvoice.engine.engine import Engine

NAME = "cosyvoice-300m-sft"
RELEASES = {
    *(NAME, "cosyvoice-300m", "cosyvoice-300m-instruct"),
    *("cosyvoice2-0.5b", "fun-cosyvoice3-0.5b"),
}


def told(arrival: Arrival) -> dict[str, dict[str, Any]]:
    return {model.name: asdict(model) for model in arrival.models.models()}


def state(arrival: Arrival, name: str) -> str:
    return str(told(arrival)[name]["state"])


async def until(arrival: Arrival, name: str, wanted: str) -> None:
    async with asyncio.timeout(60):
        while state(arrival, name) != wanted:  # noqa: ASYNC110 - a thread
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(
    hub: Hub, data_dir: Path, folder: Path
) -> AsyncIterator[tuple[Arrival, Engine]]:
    config = Config(data_dir=data_dir, model=ModelConfig(threads=1))
    arrival = Arrival(config, folder, source=HuggingFace(hub.url))
    engine = arrival.new_engine(())
    await engine.start()
    await engine.wait_ready()
    try:
        yield arrival, engine
    finally:
        arrival.close()
        await engine.stop(5)


@pytest.fixture
def put_model(tiny_pack: Path) -> Callable[[Path], Path]:
    """Put a pack into a folder that is not there yet."""
    return lambda folder: shutil.copytree(tiny_pack, folder)


async def test_the_starter_speaks_and_releases_can_be_had(
    hub: Hub, tmp_path: Path
) -> None:
    async with running(hub, tmp_path, STARTER_DIR) as (arrival, _):
        models = told(arrival)
    assert next(iter(models)) == "starter"
    starter = models.pop("starter")
    assert (starter["state"], starter["voices"]) == ("in-use", 2)
    assert starter["size_bytes"] > 1e6
    assert starter["licence"]
    assert not starter["size_is_about"]
    assert models.keys() == RELEASES
    assert {model["state"] for model in models.values()} == {"available"}
    keys = starter.keys()
    assert all(model.keys() == keys for model in models.values())


async def test_packs_of_any_name_can_be_used(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    mine = put_model(tmp_path / "models/mine")
    put_model(tmp_path / f"models/{NAME}-int8")
    async with running(hub, tmp_path, STARTER_DIR) as (arrival, engine):
        names = {"starter", "mine", f"{NAME}-int8", *RELEASES}
        assert told(arrival).keys() == names
        arrival.models.use("mine")
        assert state(arrival, "mine") == "loading"
        with pytest.raises(Conflict, match="mine is being loaded"):
            arrival.models.use(f"{NAME}-int8")
        await until(arrival, "mine", "in-use")
        assert "zh-female" in {voice.id for voice in engine.voices}
        assert state(arrival, "starter") == "installed"
        assert next(iter(told(arrival))) == "mine"
        arrival.models.use("mine")  # does already
        assert state(arrival, "mine") == "in-use"
        assert find_model(None, tmp_path) == mine  # the next start knows
        arrival.models.use("starter")
        await until(arrival, "starter", "in-use")
        assert "heart" in {voice.id for voice in engine.voices}
        assert find_model(None, tmp_path) == STARTER_DIR
        for name in ("nothing", NAME, "../starter", ""):
            with pytest.raises(UnknownModel):
                arrival.models.use(name)


async def test_the_folder_of_the_command_line_can_be_used_again(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    put_model(tmp_path / "models/mine")
    folder = put_model(tmp_path / "elsewhere/mine")
    async with running(hub, tmp_path, folder) as (arrival, _):
        assert state(arrival, "mine-2") == "in-use"
        arrival.models.use("mine")
        await until(arrival, "mine", "in-use")
        arrival.models.use("mine-2")
        await until(arrival, "mine-2", "in-use")


async def test_a_damaged_pack_changes_nothing(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    broken = put_model(tmp_path / "models/broken")
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    hollow = put_model(tmp_path / "models/hollow")
    next(hollow.rglob("*.onnx")).write_bytes(b"")
    whole = put_model(tmp_path / "models/whole")
    async with running(hub, tmp_path, whole) as (arrival, engine):
        voices = engine.voices
        assert state(arrival, "broken") == "damaged"
        assert "manifest.json" in told(arrival)["broken"]["error"]
        arrival.models.use("hollow")
        await until(arrival, "hollow", "installed")
        assert "0 bytes" in told(arrival)["hollow"]["error"]
        assert state(arrival, "whole") == "in-use"
        assert engine.voices == voices


async def test_a_download_is_one_row_until_it_speaks(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    hub.faults["flow.pt"] = [faults.stall(0.5)]
    async with running(hub, tmp_path, put_model(tmp_path / "begin")) as (arrival, _):
        arrival.models.start(NAME)
        with pytest.raises(Conflict):
            arrival.models.start("cosyvoice-300m")
        hub.is_over.set()
        seen = [""]
        async with asyncio.timeout(60):
            while seen[-1] != "in-use":
                rows = [m.state for m in arrival.models.models() if m.name == NAME]
                # Until its originals are put away, a pack is there beside its download.
                seen.append(rows[-1] if rows[0] == "installed" else rows[0])
                await asyncio.sleep(0.002)
        assert list(dict.fromkeys(seen)) == ["", "downloading", "loading", "in-use"]
