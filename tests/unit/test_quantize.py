"""Integers in place of floats: how near they are, and that the kernels read them."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers, product_of_blocks
from wyoming_cosyvoice.convert.graphs.quantize import (
    WeightFormat,
    quantize_blocks,
    quantize_columns,
)
from wyoming_cosyvoice.model.session import Stage

RNG = np.random.default_rng(7)


def weights(rows, columns):
    """Draw a matrix whose rows are of very different sizes, one of them zero."""
    matrix = RNG.standard_normal((rows, columns)).astype(np.float32)
    matrix *= np.geomspace(1e-3, 10, rows, dtype=np.float32)[:, None]
    matrix[rows // 2] = 0
    return matrix


def unpack(packed, scale, bits, columns):
    """Return the floats that MatMulNBits means."""
    rows, blocks, _ = packed.shape
    if bits == 4:
        halves = np.stack([packed & 15, packed >> 4], axis=-1)
        packed = halves.reshape(rows, blocks, -1)
    integers = packed.astype(np.float32) - 2 ** (bits - 1)
    floats = integers * scale.reshape(rows, blocks, 1)
    return floats.reshape(rows, -1)[:, :columns]


def run_product(tmp_path, build, x):
    with Graph(tmp_path, "product") as graph:
        rows = graph.input("x", TensorProto.FLOAT, ["A", x.shape[1]])
        graph.output("y", build(graph, rows), ["A", "B"])
        graph.save()
    return Stage(graph.path, threads=1).run({"x": x})["y"]


class TestColumns:
    def test_every_weight_is_within_half_a_step(self):
        matrix = weights(64, 48).T
        integers, scale = quantize_columns(matrix)
        assert integers.dtype == np.int8
        assert integers.min() >= -127
        error = np.abs(integers * scale - matrix)
        assert (error <= scale / 2 * (1 + 1e-5)).all()

    def test_the_largest_of_a_column_is_kept(self):
        matrix = weights(64, 48).T
        integers, scale = quantize_columns(matrix)
        largest = np.abs(matrix).max(axis=0)
        assert np.abs(integers).max(axis=0)[largest > 0].tolist() == [127] * 63
        assert np.abs(integers * scale).max(axis=0) == pytest.approx(largest)

    def test_zeros_stay_zeros(self):
        integers, scale = quantize_columns(np.zeros((4, 3), np.float32))
        assert not integers.any()
        assert scale.tolist() == [1, 1, 1]


class TestBlocks:
    @pytest.mark.parametrize("columns", [256, 300, 31])
    def test_eight_bits_are_within_half_a_step(self, columns):
        matrix = weights(10, columns)
        packed, scale = quantize_blocks(matrix, bits=8, block=32)
        assert packed.shape == (10, -(-columns // 32), 32)
        steps = np.repeat(scale.reshape(10, -1), 32, axis=1)[:, :columns]
        error = np.abs(unpack(packed, scale, 8, columns) - matrix)
        assert (error <= steps / 2 * (1 + 1e-5)).all()

    def test_four_bits_are_at_least_as_good_as_plain_rounding(self):
        matrix = weights(20, 320)
        packed, scale = quantize_blocks(matrix, bits=4, block=32)
        assert packed.shape == (20, 10, 16)
        blocks = matrix.reshape(20, 10, 32)
        step = np.abs(blocks).max(axis=2, keepdims=True) / 7
        step[step == 0] = 1
        plain = np.clip(np.round(blocks / step), -8, 7) * step

        def error(found):
            return np.square(found.reshape(blocks.shape) - blocks).sum(axis=2)

        found = error(unpack(packed, scale, 4, 320))
        assert found.sum() < 0.9 * error(plain).sum()
        assert not found[10].any()  # the row of zeros

    @pytest.mark.parametrize("bits", [8, 4])
    @pytest.mark.parametrize("columns", [512, 80])
    def test_the_kernel_reads_what_was_written(self, tmp_path, bits, columns):
        block = {8: 256, 4: 32}[bits]
        matrix = weights(24, columns)
        bias = RNG.standard_normal(24).astype(np.float32)
        # Rows of a unit matrix are rounded to 8 bits without a loss.
        actual = run_product(
            tmp_path,
            lambda g, x: product_of_blocks(g, x, "layer", matrix, bias, bits=bits),
            np.eye(columns, dtype=np.float32),
        )
        packed, scale = quantize_blocks(matrix, bits=bits, block=block)
        expected = unpack(packed, scale, bits, columns).T + bias
        assert np.abs(actual - expected).max() <= 1e-5 * np.abs(expected).max()


# The largest error, root mean square, of a linear layer of Gaussian numbers.
BOUNDS = {
    WeightFormat.FLOAT: 1e-6,
    WeightFormat.HALF: 5e-4,
    # Rounded on the way in, in the matrix and on the way out, each by 2**-11 at most.
    WeightFormat.FLOAT16: 3**0.5 * 2**-11,
    WeightFormat.COLUMNS: 0.02,
    WeightFormat.BLOCKS8: 0.02,
    WeightFormat.BLOCKS4: 0.12,
}


class TestProducts:
    """A linear layer in each format against the floats."""

    @pytest.mark.parametrize("stored", WeightFormat)
    def test_error_is_that_of_the_format(self, tmp_path, stored):
        matrix = RNG.standard_normal((48, 256)).astype(np.float32)
        bias = RNG.standard_normal(48).astype(np.float32)
        x = RNG.standard_normal((9, 256)).astype(np.float32)
        actual = run_product(
            tmp_path,
            lambda g, rows: Layers(g, {}, stored).matmul(rows, "layer", matrix, bias),
            x,
        )
        expected = x @ matrix.T + bias
        error = np.sqrt(
            np.square(actual - expected).mean() / np.square(expected).mean()
        )
        assert error <= BOUNDS[stored]
        if stored is not WeightFormat.FLOAT:
            assert error > 0.01 * BOUNDS[stored]

    @pytest.mark.parametrize("stored", [WeightFormat.FLOAT, WeightFormat.COLUMNS])
    def test_products_that_share_rounding_equal_single_ones(self, tmp_path, stored):
        matrices = [RNG.standard_normal((n, 64)).astype(np.float32) for n in (32, 48)]
        x = RNG.standard_normal((9, 64)).astype(np.float32)

        def shared(g, rows):
            layers = Layers(g, {}, stored)
            return g.concat(*layers.matmuls(rows, ["a", "b"], matrices), axis=1)

        def single(g, rows):
            layers = Layers(g, {}, stored)
            products = [
                layers.matmul(rows, name, matrix, None)
                for name, matrix in zip("ab", matrices, strict=True)
            ]
            return g.concat(*products, axis=1)

        assert run_product(tmp_path, shared, x) == pytest.approx(
            run_product(tmp_path, single, x), abs=1e-5
        )
