"""Tables of projected distances, and the lookup in them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from onnx import TensorProto

from models.random import layout
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import wave_frequencies
from wyoming_cosyvoice.convert.graphs.positions import look_up
from wyoming_cosyvoice.convert.release.release import Release
from wyoming_cosyvoice.model.positions import PositionTables
from wyoming_cosyvoice.model.session import Stage
from wyoming_cosyvoice.pack.settings import Precision

WIDTH, HEADS = layout.TINY.lm_width, layout.TINY.lm_heads


@pytest.fixture
def tables(tiny_packs):
    """Return new tables of the language model (causal) or the flow's encoder."""
    directory = tiny_packs.pack(Precision.FP32).directory

    def make(*, is_causal):
        name = "speech_lm" if is_causal else "flow_encoder"
        path = directory / f"{name}_positions.onnx"
        return PositionTables(path, threads=1, is_causal=is_causal)

    return make


def by_definition(checkpoint, distances, *, is_causal):
    """Project sinusoids of distances (W,) with block 0's weights: (H, d_k, W)."""
    with Release.open(checkpoint) as release:
        network, prefix = (
            (release.llm, "llm") if is_causal else (release.flow, "encoder")
        )
        name = f"{prefix}.encoders.0.self_attn.linear_pos.weight"
        weight = network.take(name, (WIDTH, WIDTH)).astype(np.float64)
    rates = 10000.0 ** (-np.arange(0, WIDTH, 2) / WIDTH)
    angles = np.outer(distances, rates)
    r = np.zeros((len(distances), WIDTH))
    r[:, 0::2], r[:, 1::2] = np.sin(angles), np.cos(angles)
    p = (r @ weight.T).reshape(len(distances), HEADS, WIDTH // HEADS)
    return p.transpose(1, 2, 0) / math.sqrt(WIDTH // HEADS)


@pytest.mark.parametrize("length", [1, 100, 128, 129, 300])
@pytest.mark.parametrize("is_causal", [True, False])
def test_tables_hold_projected_distances(tables, tiny_checkpoint, length, is_causal):
    table = tables(is_causal=is_causal).tables(length)["positions_0"]
    size = PositionTables.size_for(length)
    distances = np.arange(0 if is_causal else 1 - size, size)
    expected = by_definition(tiny_checkpoint, distances, is_causal=is_causal)
    assert table.shape == expected.shape
    assert table == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("is_causal", [True, False])
def test_order_of_lengths_changes_nothing(tables, is_causal):
    shared = tables(is_causal=is_causal)
    for length in (10, 700, 10, 200, 1500, 130):
        found = shared.tables(length)
        fresh = tables(is_causal=is_causal).tables(length)
        for name, table in fresh.items():
            assert np.array_equal(found[name], table)
            assert found[name].flags.c_contiguous


def test_tables_are_made_once_per_size(tables):
    shared = tables(is_causal=True)
    first = shared.tables(100)["positions_0"]
    assert shared.tables(128)["positions_0"] is first
    assert shared.tables(129)["positions_0"] is not first


def test_lookup_takes_the_column_of_each_distance(tmp_path):
    with Graph(tmp_path, "lookup") as graph:
        scores = graph.input("scores", TensorProto.FLOAT, [1, 2, "S", "W"])
        indices = graph.input("indices", TensorProto.INT64, [1, 2, "S", "T"])
        graph.output("y", look_up(graph, scores, indices), [1, 2, "S", "T"])
        graph.save()
    scores = np.random.default_rng(0).standard_normal((1, 2, 3, 5)).astype(np.float32)
    queries, keys = np.arange(3)[:, None], np.arange(3)[None, :]
    columns = np.broadcast_to(queries - keys + 2, (1, 2, 3, 3))
    feeds = {"scores": scores, "indices": np.ascontiguousarray(columns)}
    found = Stage(graph.path, threads=1).run(feeds)["y"]
    for i in range(3):
        for j in range(3):
            assert found[0, :, i, j].tolist() == scores[0, :, i, i - j + 2].tolist()


def test_frequencies_are_rounded_once():
    exact = np.exp(-np.arange(160) * (math.log(10000) / 159))
    found = wave_frequencies(160, math.log(10000) / 159)
    assert found.dtype == np.float32
    # Half a digit of its own, and a digit of the rounded exponent (9.2 at most).
    assert found == pytest.approx(exact, rel=2**-24 * (1 + 2 * 9.3))
