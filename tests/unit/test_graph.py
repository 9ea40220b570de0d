"""The language that networks are written in."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.model.session import Stage
from wyoming_cosyvoice.pack.external_data import external_files

FLOAT = TensorProto.FLOAT
LARGE = np.arange(600, dtype=np.float32).reshape(20, 30)


@pytest.fixture
def graph(tmp_path):
    with Graph(tmp_path, "network") as graph:
        yield graph


def run(graph, **feeds):
    graph.save()
    return Stage(graph.path, threads=1).run(feeds)


class TestOperators:
    X = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]], np.float32)
    Y = np.array([0.5, 2.0, -1.0], np.float32)

    @pytest.mark.parametrize(
        "formula",
        [
            lambda x, y: x + y,
            lambda x, y: y + x,
            lambda x, y: x - y,
            lambda x, y: y - x,
            lambda x, y: x * y,
            lambda x, y: y * x,
            lambda x, y: x / y,
            lambda x, y: y / x,
            lambda x, y: x @ y[:, None],
            lambda x, y: x + 2.0,
            lambda x, y: 2.0 + x,
            lambda x, y: 2.0 - x,
            lambda x, y: x - 2.0,
            lambda x, y: 2.0 * x,
            lambda x, y: 2.0 / x,
            lambda x, y: x * np.float32(3),
            lambda x, y: np.float32(3) * x,
        ],
    )
    def test_they_mean_what_they_mean_in_numpy(self, graph, formula):
        x = graph.input("x", FLOAT, ["A", "B"])
        graph.output("y", formula(x, self.Y), ["A", "B"])
        assert run(graph, x=self.X)["y"] == pytest.approx(formula(self.X, self.Y))

    @pytest.mark.parametrize(
        ("ours", "numpys"),
        [
            (lambda t: t.reshape(3, -1), lambda a: a.reshape(3, -1)),
            (lambda t: t.reshape(0, 1, 3), lambda a: a.reshape(2, 1, 3)),
            (lambda t: t.transpose(1, 0), lambda a: a.T),
            (lambda t: t.unsqueeze(0, 2), lambda a: a[None, :, None]),
            (lambda t: t.slice(1, 1), lambda a: a[:, 1:]),
            (lambda t: t.slice(1, 0, -1), lambda a: a[:, :-1]),
            (lambda t: t.slice(1, -2, step=2), lambda a: a[:, -2::2]),
            (lambda t: t.slice(1, 0, t.size(0)), lambda a: a[:, : len(a)]),
            (lambda t: t.size(1).astype(FLOAT), lambda a: np.array([a.shape[1]])),
        ],
    )
    def test_shapes_change_as_in_numpy(self, graph, ours, numpys):
        x = graph.input("x", FLOAT, ["A", "B"])
        graph.output("y", ours(x), ["C"])
        actual = run(graph, x=self.X)["y"]
        assert actual.tolist() == numpys(self.X).tolist()

    def test_split_and_concat_undo_each_other(self, graph):
        x = graph.input("x", FLOAT, ["A", 3])
        left, right = graph.split(x, [1, 2], axis=1)
        graph.output("y", graph.concat(left, right, axis=1), ["A", 3])
        graph.output("right", right, ["A", 2])
        found = run(graph, x=self.X)
        assert found["y"].tolist() == self.X.tolist()
        assert found["right"].tolist() == self.X[:, 1:].tolist()


class TestWeights:
    def test_they_lie_beside_the_graph_and_come_back(self, graph, tmp_path):
        x = graph.input("x", FLOAT, ["A", 20])
        weights = [graph.weight("first", LARGE), graph.weight("second", LARGE + 1)]
        graph.output("y", x @ weights[0], ["A", 30])
        graph.output("z", x @ weights[1], ["A", 30])
        x = np.eye(20, dtype=np.float32)
        found = run(graph, x=x)
        assert found["y"].tolist() == LARGE.tolist()
        assert found["z"].tolist() == (LARGE + 1).tolist()
        assert external_files(graph.path) == {"network.weights"}
        assert (tmp_path / "network.weights").stat().st_size >= 2 * LARGE.nbytes
        assert graph.path.stat().st_size < LARGE.nbytes

    def test_they_begin_at_cache_lines(self, graph):
        odd = np.arange(1101, dtype=np.int8)
        for name in ("a", "b", "c"):
            graph.output(name, graph.weight(f"w{name}", odd).astype(FLOAT), [1101])
        found = run(graph)
        assert all(found[name].tolist() == odd.tolist() for name in "abc")
        model = onnx.load(graph.path, load_external_data=False)
        entries = [
            {entry.key: entry.value for entry in tensor.external_data}
            for tensor in model.graph.initializer
        ]
        offsets = [int(entry["offset"]) for entry in entries]
        assert len(offsets) == 3
        assert all(offset % 64 == 0 for offset in offsets)

    def test_slices_of_arrays_are_stored_as_they_look(self, graph):
        view = LARGE.T[::2]
        graph.output("y", graph.weight("view", view) + 0.0, [15, 20])
        assert run(graph)["y"].tolist() == view.tolist()

    def test_small_ones_stay_inside(self, graph, tmp_path):
        graph.output("y", graph.weight("small", LARGE[0]) + 1.0, [30])
        assert run(graph)["y"].tolist() == (LARGE[0] + 1).tolist()
        assert not (tmp_path / "network.weights").exists()

    def test_two_of_a_name_are_refused(self, graph):
        graph.weight("twice", LARGE)
        with pytest.raises(ValueError, match="twice"):
            graph.weight("twice", LARGE)


class TestConstants:
    def test_equal_ones_are_stored_once(self, graph):
        first, again = graph.ints(1, 2), graph.ints(1, 2)
        assert first is again

    def test_equal_bytes_of_another_type_or_shape_are_others(self, graph):
        array = np.zeros(4, np.int32)
        constants = [
            graph.constant(array),
            graph.constant(array.view(np.float32)),
            graph.constant(array.reshape(2, 2)),
        ]
        assert len({constant.name for constant in constants}) == 3


def test_ports_keep_names_shapes_and_types(graph):
    x = graph.input("x", FLOAT, [1, "T", 80])
    graph.output("y", x.astype(TensorProto.INT64), [1, "T", 80], TensorProto.INT64)
    graph.save()
    stage = Stage(graph.path, threads=1)
    assert stage.inputs == ("x",)
    assert stage.outputs == ("y",)
    assert stage.shape("x") == (1, "T", 80)
    # No copy between the last node and the output: writing in place relies on it.
    assert [node.op_type for node in onnx.load(graph.path).graph.node] == ["Cast"]


def test_the_same_graph_is_the_same_bytes(tmp_path):
    contents = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        with Graph(folder, "network") as graph:
            x = graph.input("x", FLOAT, ["A", 20])
            graph.output("y", x @ graph.weight("w", LARGE) + 1.0, ["A", 30])
            graph.save()
        contents.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert contents[0] == contents[1]
