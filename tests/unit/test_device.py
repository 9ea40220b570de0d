"""Where flow and vocoder are computed, and what happens where a device fails."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.model.device import CPU, Device
from wyoming_cosyvoice.model.device_choice import choose_device
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.session import Stage, available_providers
from wyoming_cosyvoice.pack.settings import Precision

CUDA, OPENVINO = "CUDAExecutionProvider", "OpenVINOExecutionProvider"
ALL = (CUDA, OPENVINO, CPU.provider)
NETWORKS = ("speech_lm.weights", "flow_estimator.weights", "vocoder.weights")
X = np.ones((2, 3), np.float32)


@pytest.fixture
def half(tiny_packs):
    """Return a manifest of floats."""
    return tiny_packs.pack(Precision.FP16).manifest


@pytest.mark.parametrize(
    ("wanted", "available", "expected"),
    [
        ("cpu", ALL, "cpu"),
        ("cuda", ALL, "cuda"),
        ("openvino", ALL, "openvino"),
        ("auto", ALL, "cuda"),
        ("auto", (OPENVINO, CPU.provider), "cpu"),  # slower than int8 on the CPU
        ("auto", (CPU.provider,), "cpu"),
    ],
)
def test_what_is_chosen(half, wanted, available, expected, caplog):
    assert choose_device(half, wanted, available).name == expected
    assert not caplog.records


def test_the_cpu_is_the_cpu_whatever_the_reason(half):
    assert choose_device(half, "cpu", ALL) == choose_device(half, "auto", ()) == CPU


def test_a_device_that_is_not_installed_falls_back_to_the_cpu(half, caplog):
    device = choose_device(half, "cuda", (CPU.provider,))
    assert device.name == "cpu"
    assert "onnxruntime-gpu in place of onnxruntime" in device.reason
    assert device.reason in caplog.text


def test_integers_and_later_families_stay_on_the_cpu(tiny_pack, half, caplog):
    assert choose_device(tiny_pack.manifest, "auto", ALL).name == "cpu"
    assert not caplog.records
    assert choose_device(tiny_pack.manifest, "cuda", ALL).name == "cpu"
    assert "--precision fp16" in caplog.text
    later = replace(half, family="cosyvoice3")
    assert "cosyvoice3" in choose_device(later, "cuda", ALL).reason


def test_half_precision_is_half_as_large_and_nearer_than_int8(tiny_packs, tiny_model):
    sizes = {}
    errors = {}
    mu, condition = tiny_model.flow.encode(
        [1, 2, 3] * 10, FlowPrompt(), np.ones(192, np.float32)
    )
    noise = np.random.default_rng(0).standard_normal(mu.shape).astype(np.float32)
    exact = tiny_model.flow.velocity(noise, mu, condition, 0.5)
    for precision in (Precision.FP32, Precision.FP16, Precision.INT8):
        files = tiny_packs.pack(precision).manifest.files
        sizes[precision] = sum(f.size for f in files if f.name in NETWORKS)
        model = tiny_packs.model(precision)
        found = model.flow.velocity(noise, mu, condition, 0.5)
        errors[precision] = np.square(exact - found).mean()
    assert sizes[Precision.FP16] < 0.6 * sizes[Precision.FP32]
    assert 0 < errors[Precision.FP16] < 0.1 * errors[Precision.INT8]


class TestFailure:
    @pytest.fixture
    def network(self, tmp_path):
        """Write a network that doubles."""
        with Graph(tmp_path, "doubling") as graph:
            x = graph.input("x", TensorProto.FLOAT, ["A", 3])
            graph.output("y", x * 2.0, ["A", 3])
            graph.save()
        return graph.path

    def test_a_device_that_cannot_be_opened(self, network, caplog):
        with caplog.at_level(logging.WARNING):
            stage = Stage(network, threads=1, device=Device("cuda", CUDA))
        assert CUDA not in available_providers()
        assert "The device cuda cannot be used for doubling" in caplog.text
        assert stage.run({"x": X})["y"].tolist() == (2 * X).tolist()

    def test_a_device_that_fails_later(self, network, caplog, monkeypatch):
        stage = Stage(network, threads=1, device=_other_device())
        run = onnxruntime.InferenceSession.run

        def fail(session, *arguments):
            if session.get_providers()[0] != CPU.provider:
                raise RuntimeError("out of memory")
            return run(session, *arguments)

        monkeypatch.setattr(onnxruntime.InferenceSession, "run", fail)
        assert stage.run({"x": X})["y"].tolist() == (2 * X).tolist()
        assert "(out of memory)" in caplog.text
        caplog.clear()
        assert stage.run({"x": X})["y"].tolist() == (2 * X).tolist()
        assert not caplog.records

    def test_what_fails_on_the_cpu_as_well_is_an_error(self, network):
        stage = Stage(network, threads=1, device=_other_device())
        with pytest.raises(SynthesisError):
            stage.run({"x": np.ones((2, 4), np.float32)})


def _other_device() -> Device:
    """Return a device that every package of ONNX Runtime for this system has."""
    others = [name for name in available_providers() if name != CPU.provider]
    if not others:
        pytest.skip("this package of ONNX Runtime knows the CPU only")
    return Device("other", others[0])
