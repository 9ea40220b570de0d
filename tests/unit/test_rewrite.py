"""A pack that is written again is the one that the converter writes now."""

from __future__ import annotations

import shutil

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from models.starter.release.rewrite import rewrite
from tests.support.plain_transforms import PlainSpectrum, plain_synthesize
from tests.support.release import write_tiny_release
from wyoming_cosyvoice.convert.conversion import Formats
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.convert.graphs import flow_estimator, vocoder
from wyoming_cosyvoice.convert.graphs.convolution import convolve_transposed
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.voice_model import VoiceModel
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES, Precision

PHONES = """
text_tokenizer: phonemes
text_vocabulary: phonemes.txt
speech_phones: speech_phones.json
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Give a tiny release whose speech tokens are phones."""
    folder = write_tiny_release(tmp_path_factory.mktemp("release"))
    with (folder / "cosyvoice.yaml").open("a", encoding="utf-8") as file:
        file.write(PHONES)
    for name in ("phonemes.txt", SPEECH_PHONES):
        shutil.copyfile(STARTER_DIR / name, folder / name)
    return folder


def contents(pack):
    return {f.name: (pack.directory / f.name).read_bytes() for f in pack.manifest.files}


def nodes(pack, network):
    """Describe the nodes of a network, with arrays in place of their names."""
    graph = onnx.load(pack.directory / network).graph
    arrays = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    stored = {name: (str(a.dtype), a.shape, a.tobytes()) for name, a in arrays.items()}
    return [
        (
            node.op_type,
            [stored.get(name, name) for name in node.input],
            list(node.output),
            [helper.get_attribute_value(a) for a in node.attribute],
        )
        for node in graph.node
    ]


def test_a_scale_per_block_becomes_one_per_column(release, tmp_path, monkeypatch):
    now = convert(release, tmp_path / "now", name="tiny")
    with monkeypatch.context() as patch:
        patch.setattr(Formats, "for_drafts", lambda formats: formats)
        before = convert(release, tmp_path / "before", name="tiny")
    again = rewrite(before, tmp_path / "again")
    for network in ("text_encoder.onnx", "speech_lm.onnx"):
        assert nodes(again, network) == nodes(now, network) != nodes(before, network)
    left, right = contents(again), contents(now)
    # Constants may have other numbers.
    differ = {"text_encoder.onnx", "speech_lm.onnx"}
    assert {n: left[n] for n in left if n not in differ} == {
        n: right[n] for n in right if n not in differ
    }


def test_transforms_in_steps_are_folded(release, tmp_path, monkeypatch):
    now = convert(release, tmp_path / "now", name="tiny", precision=Precision.FP32)
    with monkeypatch.context() as patch:
        patch.setattr(vocoder, "ConvolvedSpectrum", PlainSpectrum)
        patch.setattr(vocoder, "synthesize", plain_synthesize)
        folder = tmp_path / "before"
        before = convert(release, folder, name="tiny", precision=Precision.FP32)
    again = rewrite(before, tmp_path / "again")
    operators, samples = {}, {}
    rng = np.random.default_rng(0)
    mel = rng.normal(-5, 2, (1, 20, 80)).astype(np.float32)
    source = rng.normal(0, 0.03, (1, 20 * 256)).astype(np.float32)
    for name, pack in (("now", now), ("before", before), ("again", again)):
        operators[name] = sorted(kind for kind, *_ in nodes(pack, "vocoder.onnx"))
        model = VoiceModel(pack, threads=1)
        samples[name] = model.vocoder.filter(mel, source)
    assert operators["again"] == operators["now"] != operators["before"]
    assert np.array_equal(samples["again"], samples["now"])
    assert samples["again"] == pytest.approx(samples["before"], abs=1e-4)


def with_zeros(layers, x, name, weight, bias, *, stride, padding):
    """Upsample by a product of three frames, of which each output uses two."""
    half = stride // 2
    weight = np.pad(weight, ((0, 0), (0, 0), (half, 0)))
    return convolve_transposed(
        layers, x, name, weight, bias, stride=stride, padding=padding + half
    )


def test_products_with_zeros_are_removed(release, tmp_path, monkeypatch):
    now = convert(release, tmp_path / "now", name="tiny")
    with monkeypatch.context() as patch:
        patch.setattr(vocoder, "convolve_transposed", with_zeros)
        patch.setattr(flow_estimator, "convolve_transposed", with_zeros)
        before = convert(release, tmp_path / "before", name="tiny")
    again = rewrite(before, tmp_path / "again")
    for network in ("vocoder.onnx", "flow_estimator.onnx"):
        assert nodes(again, network) == nodes(now, network) != nodes(before, network)


def test_the_starter_is_as_the_converter_writes_it(tmp_path):
    starter = Pack.open(STARTER_DIR)
    assert contents(rewrite(starter, tmp_path / "again")) == contents(starter)


def test_single_rows_keep_their_scales(tiny_pack, tmp_path):
    assert contents(rewrite(tiny_pack, tmp_path / "again")) == contents(tiny_pack)
