"""Short-time transforms in fewer steps compute what the plain ones do."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto

from tests.support.plain_transforms import PlainSpectrum, plain_synthesize
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.spectrum import ConvolvedSpectrum, synthesize

N_FFT, HOP, OUTPUTS = 16, 4, 6


def run(folder, write, shape, feed):
    """Run a graph of one input that ``write`` turns into its output."""
    with Graph(folder, "graph") as g:
        g.output("y", write(g.input("x", TensorProto.FLOAT, shape)), None)
        g.save()
    return onnxruntime.InferenceSession(folder / "graph.onnx").run(None, {"x": feed})[0]


def assert_same(found, expected):
    assert found.shape == expected.shape
    largest = float(np.abs(expected).max())
    assert found == pytest.approx(expected, abs=3e-6 * largest)


@pytest.mark.parametrize("rate", [1, 2, 3, 4, 8, 15, 16])
@pytest.mark.parametrize("blocks", [4, 5, 40])
def test_a_convolved_spectrum(tmp_path, rate, blocks):
    rng = np.random.default_rng(rate)
    taps = 1 if rate == 1 else 2 * rate
    weight = rng.normal(size=(OUTPUTS, N_FFT + 2, 1, taps)).astype(np.float32)
    bias = rng.normal(size=OUTPUTS).astype(np.float32)
    samples = rng.normal(size=(1, blocks * HOP * rate)).astype(np.float32)

    def of(kind):
        def write(x):
            g = x.graph
            stored = g.weight("down.weight", weight), g.constant(bias)
            return kind.of(x, N_FFT, HOP).convolve(*stored, rate)

        return run(tmp_path, write, [1, "S"], samples)

    assert_same(of(ConvolvedSpectrum), of(PlainSpectrum))


@pytest.mark.parametrize("frames", [5, 6, 200])
def test_samples_of_a_spectrum(tmp_path, frames):
    rng = np.random.default_rng(frames)
    x = rng.normal(size=(1, frames, N_FFT + 2)).astype(np.float32)
    found, expected = (
        run(tmp_path, lambda x, f=f: f(x, N_FFT, HOP), [1, "F", N_FFT + 2], x)
        for f in (synthesize, plain_synthesize)
    )
    assert found.shape == (1, HOP * (frames - 1))
    assert_same(found, expected)
