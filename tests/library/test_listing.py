"""Models as the page sees them: real packs, a real engine, a hub on loopback."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import hub as faults
from wyoming_cosyvoice.config import Config, ModelConfig
from wyoming_cosyvoice.errors import Conflict, UnknownModel
from wyoming_cosyvoice.fetch.sources import HuggingFace
from wyoming_cosyvoice.library.installed import STARTER_DIR, find_model
from wyoming_cosyvoice.library.provision import Provision

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support.hub import Hub
    from wyoming_cosyvoice.engine.engine import Engine

pytestmark = pytest.mark.ci

NAME = "cosyvoice-300m-sft"
RELEASES = {
    *(NAME, "cosyvoice-300m", "cosyvoice-300m-instruct"),
    *("cosyvoice2-0.5b", "fun-cosyvoice3-0.5b"),
}


def listed(provision: Provision) -> dict[str, dict[str, Any]]:
    return {model.name: asdict(model) for model in provision.models.models()}


def state(provision: Provision, name: str) -> str:
    return str(listed(provision)[name]["state"])


async def until(provision: Provision, name: str, wanted: str) -> None:
    async with asyncio.timeout(60):
        while state(provision, name) != wanted:  # noqa: ASYNC110 - a thread
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(
    hub: Hub, data_dir: Path, folder: Path
) -> AsyncIterator[tuple[Provision, Engine]]:
    config = Config(data_dir=data_dir, model=ModelConfig(threads=1))
    provision = Provision(config, folder, source=HuggingFace(hub.url))
    engine = provision.new_engine((), lambda _: None)
    await engine.start()
    await engine.wait_ready()
    try:
        yield provision, engine
    finally:
        provision.close()
        await engine.stop(5)


@pytest.fixture
def put_model(tiny_pack: Path) -> Callable[[Path], Path]:
    """Put a pack into a folder that is not there yet."""
    return lambda folder: shutil.copytree(tiny_pack, folder)


async def test_the_starter_speaks_and_releases_can_be_had(
    hub: Hub, tmp_path: Path
) -> None:
    async with running(hub, tmp_path, STARTER_DIR) as (provision, _):
        models = listed(provision)
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


async def test_each_model_says_what_it_speaks_and_can_do(
    hub: Hub, tmp_path: Path
) -> None:
    async with running(hub, tmp_path, STARTER_DIR) as (provision, _):
        rows = listed(provision)
    starter = rows["starter"]
    assert (starter["languages"], starter["abilities"]) == (("en", "zh", "ja"), ())
    assert rows["cosyvoice-300m"]["abilities"] == ("clone",)
    assert rows["cosyvoice-300m-instruct"]["abilities"] == ("instruct",)
    assert "ru" not in rows["cosyvoice2-0.5b"]["languages"]
    assert "ru" in rows["fun-cosyvoice3-0.5b"]["languages"]
    assert "phones" in rows["fun-cosyvoice3-0.5b"]["abilities"]


async def test_packs_of_any_name_can_be_used(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    mine = put_model(tmp_path / "models/mine")
    put_model(tmp_path / f"models/{NAME}-int8")
    async with running(hub, tmp_path, STARTER_DIR) as (provision, engine):
        names = {"starter", "mine", f"{NAME}-int8", *RELEASES}
        assert listed(provision).keys() == names
        provision.models.use("mine")
        assert state(provision, "mine") == "loading"
        with pytest.raises(Conflict, match="mine is being loaded"):
            provision.models.use(f"{NAME}-int8")
        await until(provision, "mine", "in-use")
        assert "zh-female" in {voice.id for voice in engine.voices}
        assert state(provision, "starter") == "installed"
        assert next(iter(listed(provision))) == "mine"
        provision.models.use("mine")  # does already
        assert state(provision, "mine") == "in-use"
        assert find_model(None, tmp_path) == mine  # the next start knows
        provision.models.use("starter")
        await until(provision, "starter", "in-use")
        assert "heart" in {voice.id for voice in engine.voices}
        assert find_model(None, tmp_path) == STARTER_DIR
        for name in ("nothing", NAME, "../starter", ""):
            with pytest.raises(UnknownModel):
                provision.models.use(name)


async def test_the_folder_of_the_command_line_can_be_used_again(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    put_model(tmp_path / "models/mine")
    folder = put_model(tmp_path / "elsewhere/mine")
    async with running(hub, tmp_path, folder) as (provision, _):
        assert state(provision, "mine-2") == "in-use"
        provision.models.use("mine")
        await until(provision, "mine", "in-use")
        provision.models.use("mine-2")
        await until(provision, "mine-2", "in-use")


async def test_a_damaged_pack_changes_nothing(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    broken = put_model(tmp_path / "models/broken")
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    hollow = put_model(tmp_path / "models/hollow")
    next(hollow.rglob("*.onnx")).write_bytes(b"")
    whole = put_model(tmp_path / "models/whole")
    async with running(hub, tmp_path, whole) as (provision, engine):
        voices = engine.voices
        assert state(provision, "broken") == "damaged"
        assert "manifest.json" in listed(provision)["broken"]["error"]
        provision.models.use("hollow")
        await until(provision, "hollow", "installed")
        assert "0 bytes" in listed(provision)["hollow"]["error"]
        assert state(provision, "whole") == "in-use"
        assert engine.voices == voices


async def test_a_download_is_one_row_until_it_speaks(
    hub: Hub, tmp_path: Path, put_model: Callable[[Path], Path]
) -> None:
    hub.faults["flow.pt"] = [faults.stall(0.5)]
    async with running(hub, tmp_path, put_model(tmp_path / "begin")) as (provision, _):
        provision.models.start(NAME)
        with pytest.raises(Conflict):
            provision.models.start("cosyvoice-300m")
        hub.is_over.set()
        seen = [""]
        async with asyncio.timeout(60):
            while seen[-1] != "in-use":
                rows = [m.state for m in provision.models.models() if m.name == NAME]
                # Until its originals are put away, a pack is there beside its download.
                seen.append(rows[-1] if rows[0] == "installed" else rows[0])
                await asyncio.sleep(0.002)
        assert list(dict.fromkeys(seen)) == ["", "downloading", "loading", "in-use"]
