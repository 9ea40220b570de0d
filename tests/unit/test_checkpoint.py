"""Checkpoints are read exactly as PyTorch wrote them, one tensor at a time.

The files ``tests/data/torch_*.pt`` were written by PyTorch 2.13.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from models.random.torch_file import Tensor, write_torch_file
from tests.support import torch_files as tf
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnsafeCheckpoint,
)

DATA = Path(__file__).parents[1] / "data"


def ramp(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


@pytest.fixture
def open_bytes(tmp_path):
    def write_and_open(content):
        path = tmp_path / "file.pt"
        path.write_bytes(content)
        return Checkpoint.open(path)

    return write_and_open


class TestFilesOfPyTorch:
    @pytest.mark.parametrize(
        ("name", "dtype", "expected"),
        [
            ("float32", "float32", ramp(3, 4)),
            ("float16", "float16", ramp(3, 4)),
            ("bfloat16", "bfloat16", ramp(3, 4)),
            ("int64", "int64", np.arange(5) - 2),
            ("int32", "int32", np.arange(5) - 2),
            ("transposed", "float32", ramp(3, 4).T),
            ("permuted", "float32", ramp(2, 3, 4).transpose(2, 0, 1)),
            ("one", "float32", ramp(1, 4).T),
            ("slice", "float32", ramp(10)[2:5]),
            ("rows", "float32", ramp(3, 4)[1:]),
            ("scalar", "float32", np.float32(2.5)),
            ("empty", "float32", np.zeros((0, 3), np.float32)),
            ("shared_a", "float32", ramp(6)),
            ("shared_b", "float32", ramp(2, 3)),
            ("parameter", "float32", ramp(3, 4)),
        ],
    )
    def test_tensor(self, name, dtype, expected):
        with Checkpoint.open(DATA / "torch_tensors.pt") as checkpoint:
            found = checkpoint.read(name)
            assert checkpoint.dtype(name) == dtype
            assert checkpoint.shape(name) == expected.shape
        np.testing.assert_array_equal(found, expected)
        assert found.shape == expected.shape
        assert found.dtype == expected.dtype
        assert found.flags.c_contiguous

    def test_plain_values(self):
        with Checkpoint.open(DATA / "torch_tensors.pt") as checkpoint:
            assert checkpoint.values == {
                "name": "text",
                "big": 2**40,
                "negative": -7,
                "float": 1.5,
                "none": None,
                "yes": True,
            }

    def test_state_of_a_module_with_metadata_and_training_keys(self):
        with Checkpoint.open(DATA / "torch_state.pt") as checkpoint:
            assert checkpoint.values == {"epoch": 3, "step": 400000}
            assert "new.parametrizations.weight.original0" in checkpoint.names
            assert "old.weight_g" in checkpoint
            assert checkpoint.shape("old.weight_v") == (2, 3, 2)

    def test_table_of_speakers(self):
        with Checkpoint.open(DATA / "torch_speakers.pt") as checkpoint:
            assert checkpoint.names == ()
            table = checkpoint.read_table()
        np.testing.assert_array_equal(table["中文女"]["embedding"], ramp(1, 192) + 1)
        # One tensor in two places of the table.
        for key in ("llm_prompt_speech_token", "flow_prompt_speech_token"):
            np.testing.assert_array_equal(table["saved"][key], [[0, 1, 2, 3]])

    @pytest.mark.parametrize(
        ("name", "error", "reason"),
        [
            ("torch_legacy.pt", MalformedCheckpoint, "before 2020"),
            ("torch_script.pt", MalformedCheckpoint, "TorchScript"),
            ("torch_protocol4.pt", MalformedCheckpoint, "does not start"),
            ("torch_gaps.pt", MalformedCheckpoint, "do not lie side by side"),
            ("torch_expanded.pt", MalformedCheckpoint, "do not lie side by side"),
            ("torch_module.pt", UnsafeCheckpoint, r"torch\.nn\.modules"),
        ],
    )
    def test_refused(self, name, error, reason):
        with pytest.raises(error, match=reason) as caught:
            Checkpoint.open(DATA / name)
        assert name in str(caught.value)


class TestReading:
    def test_memory_is_that_of_one_tensor(self, tmp_path):
        tensor = Tensor((1 << 20,), lambda: np.ones(1 << 20, np.float32))
        write_torch_file(tmp_path / "x.pt", {f"t{i}": tensor for i in range(8)})
        tracemalloc.start()
        with Checkpoint.open(tmp_path / "x.pt") as checkpoint:
            for name in checkpoint.names:
                assert checkpoint.read(name).sum() == 1 << 20
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10 << 20

    def test_names_keep_their_order(self, open_bytes):
        tensors = {n: tf.tensor(tf.storage("0", 4)) for n in ("b", "a", "c")}
        with open_bytes(tf.checkpoint(tf.dict_of(tensors))) as checkpoint:
            assert checkpoint.names == ("b", "a", "c")

    def test_missing_tensor(self, open_bytes):
        with open_bytes(tf.GOOD) as checkpoint:
            for ask in (checkpoint.read, checkpoint.shape, checkpoint.dtype):
                with pytest.raises(MalformedCheckpoint, match="'bias'"):
                    ask("bias")

    def test_damaged_numbers_are_found_on_reading(self, tmp_path):
        content = bytearray(tf.GOOD)
        at = content.index(tf.numbers(4))
        content[at + 5] ^= 1
        (tmp_path / "x.pt").write_bytes(content)
        with (
            Checkpoint.open(tmp_path / "x.pt") as checkpoint,
            pytest.raises(MalformedCheckpoint, match="wrong checksum"),
        ):
            checkpoint.read("weight")

    def test_file_cut_short_after_opening(self, tmp_path):
        path = tmp_path / "x.pt"
        write_torch_file(path, {"weight": Tensor((1 << 16,), lambda: ramp(1 << 16))})
        with Checkpoint.open(path) as checkpoint:
            path.write_bytes(path.read_bytes()[: 1 << 16])
            with pytest.raises(MalformedCheckpoint, match="ends inside"):
                checkpoint.read("weight")

    def test_a_large_file_is_not_a_table(self, tmp_path):
        tensor = Tensor((1 << 20,), lambda: np.ones(1 << 20, np.float32))
        write_torch_file(tmp_path / "x.pt", {f"t{i}": tensor for i in range(17)})
        with (
            Checkpoint.open(tmp_path / "x.pt") as checkpoint,
            pytest.raises(MalformedCheckpoint, match="too many for a table"),
        ):
            checkpoint.read_table()

    def test_lists_and_tuples_of_a_table(self, open_bytes):
        values = b"](" + tf.integer(1) + tf.text("b") + b"e"
        one = tf.EMPTY_LIST + tf.integer(2) + b"a"
        root = tf.dict_of({"l": values, "t": tf.tuple_of(one), "e": tf.EMPTY_TUPLE})
        with open_bytes(tf.checkpoint(root, {})) as checkpoint:
            assert checkpoint.read_table() == {"l": [1, "b"], "t": [[2]], "e": []}

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty"),
            (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
            (b"<!doctype html>", "web page"),
            (b"\x00" * 100, "not a PyTorch checkpoint"),
            (b"PK", "not a PyTorch checkpoint"),
            (tf.GOOD[:-1], "does not end as a zip file does"),
            (tf.GOOD[: len(tf.GOOD) // 2], "does not end as a zip file does"),
        ],
    )
    def test_other_files(self, open_bytes, content, reason):
        with pytest.raises(MalformedCheckpoint, match=reason) as caught:
            open_bytes(content)
        assert caught.value.remedy

    def test_no_file(self, tmp_path):
        with pytest.raises(CheckpointError, match=r"gone\.pt cannot be opened"):
            Checkpoint.open(tmp_path / "gone.pt")


class TestWriter:
    """``models/random/torch_file.py`` writes what PyTorch would write."""

    def test_read_back(self, tmp_path):
        write_torch_file(
            tmp_path / "llm.pt",
            {
                "a.weight": Tensor((2, 3), lambda: ramp(2, 3)),
                "a.scalar": Tensor((), lambda: np.array(2.5, np.float32)),
                "step": 70000,
                "nested": {"文": Tensor((300,), lambda: ramp(300)), "n": 7},
            },
            modules=["", "a"],
        )
        with Checkpoint.open(tmp_path / "llm.pt") as checkpoint:
            table = checkpoint.read_table()
            assert checkpoint.values == {"step": 70000}
        np.testing.assert_array_equal(table["a.weight"], ramp(2, 3))
        assert table["a.scalar"] == 2.5
        np.testing.assert_array_equal(table["nested"]["文"], ramp(300))

    def test_pytorch_reads_it(self, tmp_path):
        torch = pytest.importorskip("torch")
        tensor = Tensor((2, 3), lambda: ramp(2, 3))
        write_torch_file(tmp_path / "x.pt", {"a.weight": tensor}, modules=["", "a"])
        state = torch.load(tmp_path / "x.pt", weights_only=True)
        np.testing.assert_array_equal(state["a.weight"].numpy(), ramp(2, 3))
        assert state._metadata == {"": {"version": 1}, "a": {"version": 1}}
