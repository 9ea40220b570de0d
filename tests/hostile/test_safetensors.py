"""Networks in the safetensors form: read like ``.pt`` files, refused where damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.safetensors import SafeTensors
from wyoming_cosyvoice.errors import CheckpointError, MalformedCheckpoint

RELEASES = Path(__file__).parents[1] / "reference"
FAMILIES = ("cosyvoice", "cosyvoice2", "cosyvoice3")


def encoded(tensors: dict[str, np.ndarray], names: dict[str, str] | None = None):
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        content = np.ascontiguousarray(tensor).tobytes()
        kind = {"<f4": "F32", "<f2": "F16", "<i8": "I64", "<u2": "BF16"}[
            tensor.dtype.str
        ]
        header[name] = {
            "dtype": (names or {}).get(name, kind),
            "shape": list(tensor.shape),
            "data_offsets": [len(body), len(body) + len(content)],
        }
        body += content
    return with_header(json.dumps(header).encode(), body)


def with_header(header: bytes, body: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + body


@pytest.mark.ci
@pytest.mark.parametrize("family", FAMILIES)
def test_it_converts_to_the_same_bytes(family, tmp_path):
    source = RELEASES / f"{family}-tiny" / "checkpoint"
    release = Path(shutil.copytree(source, tmp_path / "release"))
    for name in ("llm", "flow", "hift"):
        with Checkpoint.open(release / f"{name}.pt") as checkpoint:
            tensors = {each: checkpoint.read(each) for each in checkpoint.names}
        (release / f"{name}.safetensors").write_bytes(encoded(tensors))
        (release / f"{name}.pt").unlink()
    made = convert(release, tmp_path / "made", name="it").manifest
    expected = convert(source, tmp_path / "expected", name="it").manifest
    assert made == expected


def test_all_kinds_of_floats_are_read(tmp_path):
    values = np.array([[1.5, -2.0, 0.25]], np.float32)
    path = tmp_path / "x.safetensors"
    tensors = {
        "a": values,
        "b": values.astype(np.float16),
        "c": (values.view(np.uint32) >> 16).astype(np.uint16),
        "d": np.zeros((0, 3), np.float32),
    }
    path.write_bytes(encoded(tensors))
    with SafeTensors(path) as file:
        assert file.names == ("a", "b", "c", "d")
        for name in "abc":
            assert np.array_equal(file.read(name), values), name
        assert file.read("d").shape == (0, 3)


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def entry(**changes) -> bytes:
    return json.dumps({"x": {**TENSOR, **changes}}).encode()


DAMAGED = {
    "empty": b"",
    "cut": encoded({"x": np.ones(2, np.float32)})[:-1],
    "more": encoded({"x": np.ones(2, np.float32)}) + b"\0",
    "no header": (0).to_bytes(8, "little"),
    "huge header": (1 << 62).to_bytes(8, "little") + b"{}",
    "not JSON": with_header(b"{]"),
    "not UTF-8": with_header(b'{"\xff": 1}'),
    "deep": with_header(b"[" * 100_000),
    "a list": with_header(b"[]"),
    "twice": with_header(b'{"x": %b, "x": %b}' % ((entry()[6:-1],) * 2), bytes(8)),
    "no entry": with_header(b'{"x": 5}'),
    "text offsets": with_header(entry(data_offsets=["0", "8"]), bytes(8)),
    "float shape": with_header(entry(shape=[2.0]), bytes(8)),
    "true": with_header(entry(shape=[True, 2]), bytes(8)),
    "negative": with_header(entry(shape=[-2]), bytes(8)),
    "giant": with_header(entry(shape=[1 << 60]), bytes(8)),
    "product": with_header(entry(shape=[1 << 40, 1 << 40]), bytes(8)),
    "backwards": with_header(entry(data_offsets=[8, 0]), bytes(8)),
    "outside": with_header(entry(data_offsets=[1 << 40, (1 << 40) + 8]), bytes(8)),
    "gap": with_header(entry(data_offsets=[4, 12]), bytes(12)),
    "kind": with_header(entry(dtype="F8_E4M3"), bytes(8)),
    "listed kind": with_header(entry(dtype=["F32"]), bytes(8)),
}


@pytest.mark.parametrize("key", DAMAGED)
def test_what_is_damaged_is_refused(key, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(DAMAGED[key])
    with pytest.raises(MalformedCheckpoint, match=r"x\.safetensors"):
        SafeTensors(path)


def test_it_has_to_be_a_file(tmp_path):
    (tmp_path / "x.safetensors").mkdir()
    with pytest.raises(CheckpointError, match="regular file"):
        SafeTensors(tmp_path / "x.safetensors")
