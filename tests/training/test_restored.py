"""Networks that are read back from a pack are those that speak in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.packages import slow_and_needing
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.vocoder import Vocoder as PackVocoder
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import Precision

pytestmark = slow_and_needing("torch", "parselmouth", "misaki")
SHIPPED = Path(STARTER_DIR)
CHECKPOINT = Path(__file__).parents[1] / "reference/cosyvoice-tiny/checkpoint"


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """Read the networks of the shipped pack back, and convert them again."""
    from models.starter.release import (  # noqa: PLC0415
        export,
        restore_flow,
        restore_language_model,
        warm_start,
    )

    state = tmp_path_factory.mktemp("state")
    pack = Pack.open(STARTER_DIR)
    with pytest.MonkeyPatch.context() as patch:
        # Rows that the pack never used stay; tests/training/test_new_rows.py.
        patch.setattr(restore_flow, "borrow_phones", _same)
        patch.setattr(restore_language_model, "borrow_phones", _same)
        patch.setattr(restore_language_model, "borrow_units", _same)
        for stage in ("language-model", "flow"):
            warm_start.write_checkpoint(pack, state, stage, 0)
    with pytest.MonkeyPatch.context() as patch:
        # The vocoder's scale of mels is measured on corpora, and folded in again.
        import torch  # noqa: PLC0415

        scale = torch.full((80, 1), -5.0), torch.full((80, 1), 2.0)
        patch.setattr(warm_start, "open_corpora", lambda *_: [])
        patch.setattr(warm_start, "Segments", lambda _: _Scaled(scale))
        warm_start.write_checkpoint(pack, state, "vocoder", 0)
    export.export(state, state / "release", ["heart", "cedar"], ["en", "zh"], 0.6)
    return convert(state / "release", state / "pack")


def _same(pack, table):
    del pack
    return table


class _Scaled:
    def __init__(self, scale):
        self._scale = scale

    def mel_scale(self):
        return self._scale


@pytest.mark.parametrize(
    "name",
    [
        *("flow_encoder", "flow_encoder_positions", "flow_estimator"),
        *("text_encoder", "text_encoder_positions", "speech_lm_positions"),
    ],
)
def test_they_are_converted_to_the_same_weights(again, name):
    made = again.file(f"{name}.weights").read_bytes()
    assert made == (STARTER_DIR / f"{name}.weights").read_bytes()


def test_the_language_model_has_the_same_weights_but_for_its_table(again):
    """Rows that the input layer makes the stored ones of are found to a last digit."""
    from models.starter.release.stored_graph import StoredGraph  # noqa: PLC0415

    name = "speech_lm.onnx"
    made, stored = StoredGraph.read(again.file(name)), StoredGraph.read(SHIPPED / name)
    for layer, weight in stored.weights.items():
        np.testing.assert_array_equal(made.weights[layer], weight)
    rows = stored.tables["speech_embedding"]
    step = np.abs(rows).max(1, keepdims=True) / 127
    found = made.tables["speech_embedding"]
    assert (np.abs(found - rows) <= step).all()


def test_the_rows_of_that_table_are_not_too_large_to_be_trained(again):
    import torch  # noqa: PLC0415

    path = again.directory.parent / "release/llm.pt"
    rows = torch.load(path, weights_only=True)["speech_embedding.weight"]
    assert rows.square().mean().sqrt() < 10


def test_the_vocoder_makes_the_same_samples(again):
    mel = (np.random.default_rng(0).standard_normal((1, 60, 80)) - 5).astype(np.float32)
    found = []
    for pack in (Pack.open(STARTER_DIR), again):
        settings = pack.manifest.vocoder
        vocoder = PackVocoder(pack.directory, threads=1, settings=settings)
        noise = SeededNoise(np.random.default_rng(1)).source(
            len(settings.harmonics), 60 * 256
        )
        source = vocoder.make_source(np.full((1, 60), 200, np.float32), noise)
        found.append(vocoder.filter(mel, source))
    error = np.square(found[1] - found[0]).sum() / np.square(found[0]).sum()
    assert error < 1e-3  # 30 dB: what a rounding anew leaves


def test_a_release_of_other_sizes_is_read_back_from_fp32(tmp_path):
    """The original's own checkpoint, at its toy sizes, is what comes back."""
    import torch  # noqa: PLC0415

    from models.starter.networks.check import flow_sizes, lm_sizes, read_yaml  # noqa: PLC0415
    from models.starter.networks.tables import official_state  # noqa: PLC0415
    from models.starter.release.restore_flow import restore_flow  # noqa: PLC0415
    from models.starter.release.restore_language_model import (  # noqa: PLC0415
        restore_language_model,
    )

    pack = convert(CHECKPOINT, tmp_path / "pack", precision=Precision.FP32)
    config = read_yaml(CHECKPOINT / "cosyvoice.yaml")
    made = {
        "flow": restore_flow(pack, flow_sizes(config["flow"]), None),
        "llm": restore_language_model(pack, lm_sizes(config["llm"]), None),
    }
    for name, network in made.items():
        wanted = torch.load(CHECKPOINT / f"{name}.pt", weights_only=True)
        found = official_state(network)
        assert found.keys() == wanted.keys()
        for key, value in wanted.items():
            if name == "llm" and is_split_anew(key):
                continue
            most = value.abs().max().item()
            worst = (found[key] - value).abs().max().item()
            assert worst <= 1e-5 * most + 1e-6, key


def is_split_anew(key: str) -> bool:
    """Whether a pack keeps only a sum of these, or what an input layer makes of it."""
    parts = ("llm.encoders", "pos_bias"), ("llm.encoders", "linear_q.bias")
    return key == "speech_embedding.weight" or any(
        key.startswith(start) and part in key for start, part in parts
    )
