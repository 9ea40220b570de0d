"""CosyVoice2's vocoder against what the original computed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reference.directories import find_directory
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.vocoder import build_f0_predictor, build_vocoder
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.convert.release.read_sizes import read_source, read_vocoder
from wyoming_cosyvoice.model.joined_vocoder import make_joined_source
from wyoming_cosyvoice.model.vocoder import Vocoder
from wyoming_cosyvoice.pack.settings import SourceSettings

BOUND = 1e-3

cases = pytest.mark.parametrize("name", ["whole", "cached"])


@pytest.fixture(scope="module")
def directory():
    return find_directory("cosyvoice2")


@pytest.fixture(scope="module")
def arrays(directory):
    return np.load(directory / "reference.npz", allow_pickle=False)


@pytest.fixture(scope="module")
def vocoder(directory, tmp_path_factory):
    checkpoint = directory / "checkpoint"
    root = Section.read(checkpoint / "cosyvoice2.yaml")
    hift = root.section("hift")
    sizes, constants = read_vocoder(hift), read_source(hift)
    target = tmp_path_factory.mktemp("hift2")
    with Checkpoint.open(checkpoint / "hift.pt") as opened:
        network = Network(opened, prefix="generator.")
        for build, name in (
            (build_f0_predictor, "f0_predictor"),
            (build_vocoder, "vocoder"),
        ):
            build(Layers(Graph(target, name), network, WeightFormat.FLOAT), sizes)
        weights = network.take("m_source.l_linear.weight", (1, constants.harmonics))
        offset = network.take("m_source.l_linear.bias", (1,))
        assert not network.unused()
    settings = SourceSettings(
        sample_rate=root.size("sample_rate"),
        hop=sizes.frame_samples,
        harmonics=tuple(float(weight) for weight in weights[0]),
        offset=float(offset[0]),
        amplitude=constants.amplitude,
        noise=constants.noise,
        voiced_above_hz=constants.voiced_above_hz,
    )
    return Vocoder(target, threads=1, settings=settings)


def error(found, expected):
    assert found.shape == expected.shape
    return np.abs(found - expected).max() / np.abs(expected).max()


def time_major(mel):
    return np.ascontiguousarray(mel.transpose(0, 2, 1))


@cases
def test_pitch(vocoder, arrays, name):
    f0 = vocoder.predict_f0(time_major(arrays[f"hift.{name}.mel"]))
    assert error(f0, arrays[f"hift.{name}.f0"]) <= BOUND


@cases
def test_source(vocoder, arrays, name):
    weights = np.array(vocoder.settings.harmonics, np.float32)
    noise = arrays[f"hift.{name}.sine_noise"][0] @ weights
    source = make_joined_source(arrays[f"hift.{name}.f0"], noise, vocoder.settings)
    known = arrays[f"hift.{name}.cache_source"][:, 0]
    source[:, : known.shape[1]] = known
    assert error(source, arrays[f"hift.{name}.source"][:, 0]) <= BOUND


@cases
def test_filter(vocoder, arrays, name):
    mel = time_major(arrays[f"hift.{name}.mel"])
    samples = vocoder.filter(mel, arrays[f"hift.{name}.source"][:, 0])
    assert error(samples, arrays[f"hift.{name}.wav"]) <= BOUND
