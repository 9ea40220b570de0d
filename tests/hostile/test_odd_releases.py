"""Pipes, holes and odd weights in the folder of a release: named, never waited for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import onnx
import pytest

from models.random import layout
from tests.support import torch_files as tf
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.errors import CheckpointError
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = (
    *("cosyvoice.yaml", "llm.pt", "flow.pt", "hift.pt", "spk2info.pt"),
    *("campplus.onnx", "speech_tokenizer_v1.onnx"),
)
CONVERT = """
from pathlib import Path
from wyoming_cosyvoice.cli import main
code = main()
# What getrusage says of a child begins with the memory of who started it.
status = Path("/proc/self/status").read_text()
print("peak", next(l for l in status.splitlines() if l.startswith("VmHWM")).split()[1])
raise SystemExit(code)
"""
MOST_MEMORY_BYTES = 600 << 20


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 5 << 30)


def outside_link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def reference(family: str) -> Path:
    """Return a release of a later family, to be copied."""
    return Path(__file__).parents[1] / "reference" / f"{family}-tiny" / "checkpoint"


@pytest.fixture
def release(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "release"))


LATER = ("cosyvoice2", "cosyvoice3")
TEXT_MODEL = tuple(
    f"CosyVoice-BlankEN/{name}" for name in ("config.json", "vocab.json", "merges.txt")
)
CASES = [
    *((family, name) for family in ("cosyvoice",) for name in FILES),
    *(
        (family, name)
        for family, version in zip(LATER, "23", strict=True)
        for name in (
            f"{family}.yaml",
            f"speech_tokenizer_v{version}.onnx",
            *(name for name in FILES if "yaml" not in name and "v1" not in name),
            *TEXT_MODEL,
        )
    ),
]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, sparse, outside_link])
@pytest.mark.parametrize(("family", "name"), CASES)
@pytest.mark.parametrize("precision", [Precision.INT8, Precision.FP32])
def test_invalid_files_of_a_release_are_refused_by_name(
    tiny_checkpoint: Path,
    tmp_path: Path,
    precision: Precision,
    family: str,
    name: str,
    make: Callable[[Path], object],
) -> None:
    if family in LATER and precision is Precision.FP32 and name in FILES:
        pytest.skip("the same reader as in INT8")
    source = tiny_checkpoint if family == "cosyvoice" else reference(family)
    release = Path(shutil.copytree(source, tmp_path / "release"))
    (release / name).unlink()
    make(release / name)
    with pytest.raises(CheckpointError, match=Path(name).name):
        convert(release, tmp_path / "pack", precision=precision)
    assert not (tmp_path / "pack").exists()


@pytest.mark.ci
@pytest.mark.parametrize("family", LATER)
@pytest.mark.parametrize("name", TEXT_MODEL)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b"{}",
        b'{"hidden_size": 1e999}',
        b'{"hidden_size": -1, "num_attention_heads": 0}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"a b c\n",
    ],
    ids=range(9),
)
def test_damaged_parts_of_the_text_model_are_refused(
    tmp_path: Path, family: str, name: str, content: bytes
) -> None:
    release = Path(shutil.copytree(reference(family), tmp_path / "release"))
    (release / name).write_bytes(content)
    with pytest.raises(CheckpointError):
        convert(release, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_a_sparse_network_takes_no_memory(release: Path, tmp_path: Path) -> None:
    sparse(release / "speech_tokenizer_v1.onnx")
    done = subprocess.run(
        [sys.executable, "-c", CONVERT, "convert", release, tmp_path / "pack"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "speech_tokenizer_v1.onnx" in done.stderr
    peak_kb = int(done.stdout.split("peak ")[1])
    assert peak_kb << 10 < MOST_MEMORY_BYTES


def test_memory_is_that_of_the_tensor_and_not_of_its_storage(tmp_path: Path) -> None:
    count = 16 << 20
    path = tmp_path / "llm.pt"
    root = tf.dict_of({"x": tf.tensor(tf.storage("0", count), offset=count - 4)})
    path.write_bytes(tf.checkpoint(root, {"0": tf.numbers(count)}))
    with Checkpoint.open(path) as checkpoint:
        tracemalloc.start()
        try:
            read = checkpoint.read("x")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert read.tolist() == [float(n) for n in range(count - 4, count)]
    assert peak < 4 << 20


def change(path: Path, *dims: int) -> None:
    model = onnx.load(path)
    weight = next(w for w in model.graph.initializer if w.name == "weight")
    del weight.dims[:]
    weight.dims.extend(dims)
    path.write_bytes(model.SerializeToString())


@pytest.mark.ci
@pytest.mark.parametrize("precision", [Precision.INT8, Precision.FP32])
@pytest.mark.parametrize("name", ["campplus.onnx", "speech_tokenizer_v1.onnx"])
@pytest.mark.parametrize(
    "dims", [(1 << 40,), (1 << 40, 1 << 40), (-1, 80), (80, layout.TINY.speaker + 1)]
)
def test_weights_of_another_size_are_refused(
    release: Path,
    tmp_path: Path,
    name: str,
    dims: tuple[int, ...],
    precision: Precision,
) -> None:
    change(release / name, *dims)
    with pytest.raises(CheckpointError, match=f"{name} has weights 'weight'"):
        convert(release, tmp_path / "pack", precision=precision)
