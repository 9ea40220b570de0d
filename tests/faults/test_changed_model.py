"""A model whose files change under a running server: said, and survived."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.http_server import serving
from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.release import Packs

from wyoming_cosyvoice.pack.settings import Precision


@pytest.fixture
def pack(tiny_packs: Packs, tmp_path: Path) -> Pack:
    source = tiny_packs.pack(Precision.INT8).directory
    shutil.copytree(source, tmp_path / "pack")
    return Pack.open(tmp_path / "pack")


@pytest.mark.ci
@pytest.mark.parametrize("size", [0, 100])
async def test_weights_that_are_cut_off_are_named_and_end_nothing(
    pack: Pack, size: int
) -> None:
    """Reading what was mapped would end the process with SIGBUS."""
    synthesizer = PackSynthesizer.open(pack)
    path = pack.directory / "speech_lm.weights"
    whole = path.read_bytes()
    async with serving(synthesizer) as http:
        async with http.tts("Hello.") as answer:
            assert answer.status == 200
            await answer.read()
        os.truncate(path, size)
        async with http.tts("Hello.") as answer:
            body = await answer.json()
        assert (answer.status, body["code"]) == (503, "model-corrupt")
        assert "speech_lm.weights was changed while in use" in body["message"]
        path.write_bytes(whole)
        async with http.tts("Hello.") as answer:
            assert answer.status == 200
            await answer.read()


def test_a_model_that_is_replaced_or_removed_keeps_working(pack: Pack) -> None:
    path = pack.directory / "speech_lm.weights"
    (pack.directory / "new").write_bytes(path.read_bytes()[:-1])
    (pack.directory / "new").replace(path)
    pack.check_unchanged()
    path.unlink()
    pack.check_unchanged()


def test_other_bytes_of_the_same_number_are_found(pack: Pack) -> None:
    path = pack.directory / "speech_lm.weights"
    os.utime(path)
    pack.check_unchanged()  # only touched
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelCorrupt, match=r"speech_lm\.weights .*SHA-256"):
        pack.check_unchanged()
