"""Weights of an ONNX file move beside it, and nothing else changes."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from wyoming_cosyvoice.convert.onnx_weights import check_weights, move_weights
from wyoming_cosyvoice.model.session import Stage
from wyoming_cosyvoice.pack.external_data import external_files

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 128


def write(path: Path, width: int = WIDTH) -> onnx.ModelProto:
    """Write a network with weights large and small, raw and typed, and a constant."""
    rng = np.random.default_rng(0)
    large = rng.standard_normal((width, width)).astype(np.float32)
    typed = helper.make_tensor(
        "typed", onnx.TensorProto.FLOAT, [width], rng.standard_normal(width)
    )
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "large"], ["a"]),
            helper.make_node("Add", ["a", "typed"], ["b"]),
            helper.make_node("Mul", ["b", "half"], ["y"]),
        ],
        "network",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["T", width])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["T", width])],
        [
            numpy_helper.from_array(large, "large"),
            typed,
            numpy_helper.from_array(np.float32(0.5), "half"),
            numpy_helper.from_array(large.T.copy(), "unused"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    model.metadata_props.add(key="made by", value="a test")
    onnx.save(model, path)
    return model


@pytest.fixture
def moved(tmp_path: Path) -> tuple[Path, Path]:
    source, target = tmp_path / "network.onnx", tmp_path / "pack"
    target.mkdir()
    write(source)
    move_weights(source, target)
    return source, target / "network.onnx"


def test_all_but_the_place_of_the_weights_stays(moved: tuple[Path, Path]) -> None:
    source, target = moved
    assert external_files(target) == {"network.weights"}
    weights = target.with_suffix(".weights").stat().st_size
    assert weights == 2 * WIDTH * WIDTH * 4
    assert target.stat().st_size < 3000
    onnx.checker.check_model(str(target), full_check=True)
    assert onnx.load(target) != onnx.load(source)
    loaded = onnx.load(target)
    for tensor in loaded.graph.initializer:  # as it was before it moved
        del tensor.external_data[:]
        tensor.ClearField("data_location")
    assert loaded == onnx.load(source)


def test_it_computes_the_same_bits(moved: tuple[Path, Path]) -> None:
    x = np.random.default_rng(1).standard_normal((7, WIDTH)).astype(np.float32)
    one, other = (Stage(path, threads=1).run({"x": x})["y"].tobytes() for path in moved)
    assert one == other


def test_weights_are_never_in_memory(tmp_path: Path) -> None:
    write(tmp_path / "network.onnx", width=1500)  # twice 9 MB
    (tmp_path / "pack").mkdir()
    tracemalloc.start()
    try:
        check_weights(tmp_path / "network.onnx")
        move_weights(tmp_path / "network.onnx", tmp_path / "pack")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("cut", [1, 100, 2000, WIDTH * WIDTH * 4])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "network.onnx"
    write(path)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(ValueError, match="it "):
        check_weights(path)


def test_weights_elsewhere_are_refused(moved: tuple[Path, Path]) -> None:
    with pytest.raises(ValueError, match="another file"):
        check_weights(moved[1])
