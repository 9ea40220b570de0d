"""One network in ONNX Runtime: what it refuses, and that it can be stopped."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from tests.unit.stand_ins import CancelledInside
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.errors import ModelCorrupt, SynthesisCancelled, SynthesisError
from wyoming_cosyvoice.model.session import Stage

X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.fixture
def doubling(tmp_path):
    """Return a network that doubles."""
    with Graph(tmp_path, "doubling") as graph:
        x = graph.input("x", TensorProto.FLOAT, ["A", 3])
        graph.output("y", x * 2.0, ["A", 3])
        graph.save()
    return Stage(graph.path, threads=1)


def test_run_returns_all_outputs_by_name(doubling):
    assert doubling.run({"x": X})["y"].tolist() == (2 * X).tolist()
    assert doubling.name == "doubling"


def test_bound_arrays_are_read_and_written_in_place(doubling):
    x, y = X.copy(), np.zeros_like(X)
    binding = doubling.bind({"x": x}, {"y": y})
    doubling.run_bound(binding)
    assert y.tolist() == (2 * X).tolist()
    x += 1
    doubling.run_bound(binding)
    assert y.tolist() == (2 * X + 2).tolist()


@pytest.mark.parametrize("is_bound", [True, False])
class TestCancel:
    def run(self, stage, is_bound, token):
        if is_bound:
            binding = stage.bind({"x": X}, {"y": np.zeros_like(X)})
            stage.run_bound(binding, cancel=token)
        else:
            stage.run({"x": X}, cancel=token)

    def test_before_a_run(self, doubling, is_bound):
        token = CancelToken()
        token.cancel()
        with pytest.raises(SynthesisCancelled):
            self.run(doubling, is_bound, token)

    def test_inside_a_run(self, doubling, is_bound):
        with pytest.raises(SynthesisCancelled):
            self.run(doubling, is_bound, CancelledInside())

    def test_of_one_run_leaves_the_next_alone(self, doubling, is_bound):
        with pytest.raises(SynthesisCancelled):
            self.run(doubling, is_bound, CancelledInside())
        self.run(doubling, is_bound, CancelToken())

    def test_that_comes_late_has_no_effect(self, doubling, is_bound):
        received = []

        class Late(CancelToken):
            def on_cancel(self, callback):
                received.append(callback)

        self.run(doubling, is_bound, Late())
        received[0]()  # as a thread does that took the callback before the run ended
        self.run(doubling, is_bound, None)


def test_wrong_input_is_a_clear_failure(doubling, caplog):
    with pytest.raises(SynthesisError) as caught:
        doubling.run({"x": X[:, :2]})
    # What ONNX Runtime says is for the log, and not for the page.
    assert str(caught.value) == "The network doubling failed. See the log for details."
    assert "invalid dimensions" in caplog.text


@pytest.mark.parametrize("content", [b"", b"no network", bytes(1000)])
def test_a_file_that_is_not_a_network(tmp_path, content):
    path = tmp_path / "network.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelCorrupt, match=r"network\.onnx"):
        Stage(path, threads=1)


def test_missing_weights(tmp_path):
    large = np.ones((40, 40), np.float32)
    with Graph(tmp_path, "network") as graph:
        x = graph.input("x", TensorProto.FLOAT, ["A", 40])
        graph.output("y", x @ graph.weight("w", large), ["A", 40])
        graph.save()
    (tmp_path / "network.weights").unlink()
    with pytest.raises(ModelCorrupt, match=r"network\.onnx"):
        Stage(graph.path, threads=1)
