"""Hostile checkpoints are refused before they can do anything (rows G1 to G3)."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.random.torch_file import Tensor, write_torch_file
from tests.hostile.archives import FILES
from tests.support import ROOT
from tests.support import torch_files as tf
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.errors import CheckpointError

ADDRESS_LIMIT = 512 << 20
PEAK_LIMIT = 256 << 20
DEADLINE_S = 120


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Open all files in a child that has little memory and an audit hook."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "good.pt").write_bytes(tf.GOOD)
    for key, (content, _) in FILES.items():
        (folder / f"{key.replace('/', '-')}.pt").write_bytes(content)
    child = Path(__file__).with_name("checkpoint_child.py")
    done = subprocess.run(
        [sys.executable, child, folder, str(ADDRESS_LIMIT)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        check=False,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout)


def test_there_are_enough_files():
    assert len(FILES) >= 60


@pytest.mark.parametrize("key", FILES)
def test_file_is_refused(outcome, key):
    _, expected = FILES[key]
    error, message = outcome["results"][key.replace("/", "-")]
    assert error == expected, message
    if expected != "read":
        assert ".pt" in message


def test_nothing_was_imported_executed_or_written(outcome):
    assert outcome["seen"] == []


def test_memory_stays_small(outcome):
    assert outcome["peak"] < PEAK_LIMIT


def test_the_audit_hook_sees_an_import(tmp_path):
    """The watcher itself works: Python's own reader would have been seen."""
    code = (
        "import sys\nseen = []\n"
        "sys.addaudithook(lambda event, _: seen.append(event))\n"
        "import colorsys\nprint('import' in seen)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == b"True"


def test_mutations_are_refused_or_change_nothing(tmp_path):
    """Row G2: no changed byte leads to other numbers or to another kind of error."""
    rng = random.Random(7)
    tensors = {
        name: np.arange(size, dtype=np.float32) + size
        for name, size in (("a", 5), ("b.weight", 12), ("b.bias", 3))
    }
    path = tmp_path / "x.pt"
    tree = {
        name: Tensor(numbers.shape, lambda numbers=numbers: numbers)
        for name, numbers in tensors.items()
    }
    write_torch_file(path, tree | {"epoch": 3}, modules=["", "b"])
    good = path.read_bytes()
    refused = 0
    for _ in range(1000):
        damaged = bytearray(good)
        for _ in range(rng.choice((1, 1, 1, 2, 8))):
            damaged[rng.randrange(len(good))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            with Checkpoint.open(path) as checkpoint:
                found = {name: checkpoint.read(name) for name in checkpoint.names}
        except CheckpointError:
            refused += 1
            continue
        assert found.keys() == tensors.keys()
        for name, numbers in tensors.items():
            np.testing.assert_array_equal(found[name], numbers)
    assert refused > 500


FORBIDDEN_MODULES = {
    "pickle",
    "_pickle",
    "cPickle",
    "dill",
    "torch",
    "marshal",
    "shelve",
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "wyoming_cosyvoice").rglob("*.py")),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_the_program_has_no_way_to_run_a_file(path):
    """Row G3."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = {alias.name.split(".")[0] for alias in node.names}
            assert not modules & FORBIDDEN_MODULES
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in FORBIDDEN_MODULES
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False
