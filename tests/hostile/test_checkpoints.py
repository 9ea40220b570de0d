"""Hostile checkpoints are refused before they can do anything (rows G1 to G3)."""

from __future__ import annotations

import ast
import json
import os
import random
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.torch_file import Tensor, write_torch_file
from tests import torch_files as tf
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.pickle_data import MAX_INSTRUCTIONS
from wyoming_cosyvoice.errors import CheckpointError

ROOT = Path(__file__).parents[2]
ADDRESS_LIMIT = 512 << 20
PEAK_LIMIT = 256 << 20
DEADLINE_S = 120
UNSAFE, MALFORMED = "UnsafeCheckpoint", "MalformedCheckpoint"

CALL = tf.tuple_of(tf.text("touch /tmp/owned")) + tf.REDUCE


def with_root(root: bytes) -> bytes:
    """Return a file whose tree is ``root``, beside a good storage."""
    return tf.checkpoint(root)


def raw(code: bytes) -> bytes:
    """Return a file whose whole ``data.pkl`` is ``code``."""
    entries = [tf.Entry("x/data.pkl", code), tf.Entry("x/data/0", tf.numbers(4))]
    return tf.archive(entries)


def with_tensor(code: bytes, storages: dict[str, bytes] | None = None) -> bytes:
    return tf.checkpoint(tf.dict_of({"weight": code}), storages)


def with_entries(*entries: tf.Entry, comment: bytes = b"", tail: bytes = b"") -> bytes:
    """Return a good file with more entries."""
    good = [
        tf.Entry("x/data.pkl", tf.program(tf.GOOD_ROOT)),
        tf.Entry("x/data/0", tf.numbers(4)),
    ]
    return tf.archive([*good, *entries], comment=comment, tail=tail)


def with_storage(**changes) -> bytes:
    """Return a good file whose storage entry is described wrongly."""
    return tf.archive(
        [
            tf.Entry("x/data.pkl", tf.program(tf.GOOD_ROOT)),
            tf.Entry(**{"name": "x/data/0", "content": tf.numbers(4), **changes}),
        ]
    )


def patched(at: int, new: bytes) -> bytes:
    """Return a file of PyTorch with bytes replaced, counted from its end.

    The end holds 56 bytes of 64-bit record, 20 of locator and 22 of end record.
    """
    content = (ROOT / "tests/data/torch_state.pt").read_bytes()
    return content[:at] + new + content[len(content) + at + len(new) :]


DANGEROUS_NAMES = [
    ("os", "system"),
    ("posix", "system"),
    ("nt", "system"),
    ("subprocess", "Popen"),
    ("subprocess", "check_output"),
    ("builtins", "eval"),
    ("builtins", "exec"),
    ("builtins", "compile"),
    ("builtins", "getattr"),
    ("builtins", "__import__"),
    ("builtins", "open"),
    ("__builtin__", "eval"),
    ("runpy", "_run_code"),
    ("runpy", "run_path"),
    ("functools", "partial"),
    ("importlib", "import_module"),
    ("operator", "attrgetter"),
    ("operator", "methodcaller"),
    ("pip", "main"),
    ("pydoc", "locate"),
    ("timeit", "timeit"),
    ("code", "InteractiveInterpreter"),
    ("ctypes", "CDLL"),
    ("socket", "create_connection"),
    ("webbrowser", "open"),
    ("shutil", "rmtree"),
    ("copyreg", "_reconstructor"),
    ("_io", "open"),
    ("torch", "load"),
    ("torch.hub", "load"),
    ("torch.serialization", "load"),
    ("torch.jit", "load"),
    ("torch.storage", "_load_from_bytes"),
    ("torch._utils", "_rebuild_tensor"),
    ("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ("torch._utils", "_rebuild_device_tensor_from_numpy"),
    ("torch", "serialization.os.system"),
    ("torch", "FloatStorage.from_file"),
    ("torch", "DoubleStorage"),
    ("collections", "OrderedDict.fromkeys"),
    ("collections", "namedtuple"),
    ("collections", "defaultdict"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.f2py.crackfortran", "getlincoef"),
    ("cosyvoice.llm.llm", "TransformerLM"),
    ("", ""),
    ("collections.OrderedDict", ""),
    ("collections ", "OrderedDict"),
    (" collections", "OrderedDict"),
    ("COLLECTIONS", "OrderedDict"),
]
ALLOWED_CODES = set(b".(}])N\x88\x89XKMJG\x8aqrhjct\x85\x86\x87QRbsuae")
"""All that files of PyTorch hold; PROTO, 0x80, stands at their start only."""

ONE = tf.integer(1)
NOT_A_DICT = tf.name("collections", "OrderedDict")
STATE = tf.dict_of({"_metadata": tf.ORDERED_DICT})
GOOD_TENSOR = tf.tensor(tf.storage("0", 4))
HUGE = 2**62
DEEP_LISTS = tf.EMPTY_LIST * 200 + b"a" * 199
LONG_TEXT = b"X" + struct.pack("<L", 1 << 17) + b"a" * (1 << 17)
LINK = b"\x85"  # wraps the value below in a tuple of one

PROGRAMS = {
    # Calls, attributes and items on what is not data
    "call-a-dict": (tf.EMPTY_DICT + CALL, UNSAFE),
    "call-a-storage": (tf.storage("0", 4) + CALL, UNSAFE),
    "call-a-storage-type": (tf.name("torch", "FloatStorage") + CALL, UNSAFE),
    "call-ordered-dict-with-arguments": (NOT_A_DICT + CALL, UNSAFE),
    "call-without-tuple": (NOT_A_DICT + tf.EMPTY_LIST + tf.REDUCE, UNSAFE),
    "build-on-a-tag": (NOT_A_DICT + STATE + tf.BUILD, UNSAFE),
    "build-on-a-dict": (tf.EMPTY_DICT + STATE + tf.BUILD, UNSAFE),
    "build-on-a-tensor": (GOOD_TENSOR + STATE + tf.BUILD, UNSAFE),
    "build-other-attributes": (
        tf.ORDERED_DICT + tf.dict_of({"__class__": ONE}) + tf.BUILD,
        UNSAFE,
    ),
    "build-slots": (
        tf.ORDERED_DICT + tf.tuple_of(STATE, STATE) + tf.BUILD,
        UNSAFE,
    ),
    "build-metadata-no-dict": (
        tf.ORDERED_DICT + tf.dict_of({"_metadata": ONE}) + tf.BUILD,
        UNSAFE,
    ),
    "setitem-on-a-tag": (NOT_A_DICT + tf.text("a") + ONE + b"s", UNSAFE),
    "setitem-on-a-tensor": (GOOD_TENSOR + tf.text("a") + ONE + b"s", UNSAFE),
    "setitem-on-a-list": (tf.EMPTY_LIST + tf.text("a") + ONE + b"s", UNSAFE),
    "setitem-on-nothing": (tf.text("a") + ONE + b"s", UNSAFE),
    "setitems-on-a-tag": (NOT_A_DICT + b"(" + tf.text("a") + ONE + b"u", UNSAFE),
    "append-to-a-dict": (tf.EMPTY_DICT + ONE + b"a", UNSAFE),
    "append-to-a-tuple": (tf.EMPTY_TUPLE + ONE + b"a", UNSAFE),
    "appends-to-a-tensor": (GOOD_TENSOR + b"(" + ONE + b"e", UNSAFE),
    # References to what lies outside
    "persistent-text": (tf.text("storage") + b"Q", UNSAFE),
    "persistent-of-other-kind": (
        tf.tuple_of(tf.text("module"), ONE, ONE, ONE, ONE) + b"Q",
        UNSAFE,
    ),
    "persistent-of-no-type": (
        tf.tuple_of(tf.text("storage"), NOT_A_DICT, tf.text("0"), tf.text("cpu"), ONE)
        + b"Q",
        UNSAFE,
    ),
    "tensor-with-hooks": (
        tf.tensor(tf.storage("0", 4), hooks=tf.dict_of({"a": ONE}, tf.ORDERED_DICT)),
        UNSAFE,
    ),
    "tensor-hooks-are-a-tag": (
        tf.tensor(tf.storage("0", 4), hooks=NOT_A_DICT),
        UNSAFE,
    ),
    "tensor-with-metadata": (
        tf.name("torch._utils", "_rebuild_tensor_v2")
        + tf.tuple_of(tf.storage("0", 4), *[ONE] * 6)
        + tf.REDUCE,
        UNSAFE,
    ),
    "parameter-with-two-arguments": (
        tf.name("torch._utils", "_rebuild_parameter")
        + tf.tuple_of(GOOD_TENSOR, b"\x88")
        + tf.REDUCE,
        UNSAFE,
    ),
    "parameter-with-hooks": (
        tf.name("torch._utils", "_rebuild_parameter")
        + tf.tuple_of(GOOD_TENSOR, b"\x88", tf.dict_of({"a": ONE}, tf.ORDERED_DICT))
        + tf.REDUCE,
        UNSAFE,
    ),
    "parameter-of-no-tensor": (
        tf.name("torch._utils", "_rebuild_parameter")
        + tf.tuple_of(ONE, b"\x88", tf.ORDERED_DICT)
        + tf.REDUCE,
        MALFORMED,
    ),
    # Memory and time
    "memo-index-2^31": (tf.EMPTY_DICT + b"r" + struct.pack("<L", 1 << 31), UNSAFE),
    "memo-index-2^32-1": (tf.EMPTY_DICT + b"r\xff\xff\xff\xff", UNSAFE),
    "memo-of-nothing": (b"q\x00" + tf.EMPTY_DICT, MALFORMED),
    "recall-what-was-never-set": (b"h\x00", MALFORMED),
    "text-of-4-GiB": (b"X\xff\xff\xff\xff", UNSAFE),
    "text-of-128-KiB": (LONG_TEXT, UNSAFE),
    "number-of-255-bytes": (b"\x8a\xff" + b"\xff" * 255, UNSAFE),
    "marks": (b"(" * 490_000, UNSAFE),
    "lists-in-lists": (
        tf.dict_of({"a": tf.EMPTY_LIST * 240_000 + b"a" * 239_999}),
        UNSAFE,
    ),
    "tuples-in-tuples": (tf.dict_of({"a": tf.EMPTY_TUPLE + LINK * 490_000}), UNSAFE),
    "dicts-in-dicts": (
        (tf.EMPTY_DICT + tf.text("a")) * 100_000 + ONE + b"s" * 100_000,
        UNSAFE,
    ),
    "lists-200-deep": (tf.dict_of({"a": DEEP_LISTS}), UNSAFE),
    "too-many-instructions": (b"N" * (MAX_INSTRUCTIONS + 1), UNSAFE),
    "too-large": (b"N" * (9 << 20), UNSAFE),
    "nothing-500000-times-in-a-list": (
        tf.dict_of({"a": tf.EMPTY_LIST + b"(" + b"N" * 490_000 + b"e"}) + b"N",
        MALFORMED,
    ),
    "doubling": (
        # Each list holds the one before it twice.
        tf.EMPTY_LIST
        + b"q\x00"
        + b"".join(b"]q%c(h%ch%ce" % (i + 1, i, i) for i in range(60)),
        UNSAFE,
    ),
    "list-in-itself": (b"]q\x00h\x00a", UNSAFE),
    "dict-in-itself": (b"}q\x00" + tf.text("a") + b"h\x00s", UNSAFE),
    # Values in the wrong place
    "root-is-a-list": (tf.EMPTY_LIST, MALFORMED),
    "root-is-none": (b"N", MALFORMED),
    "root-is-a-tensor": (GOOD_TENSOR, MALFORMED),
    "root-is-a-tag": (NOT_A_DICT, MALFORMED),
    "two-roots": (tf.EMPTY_DICT + tf.EMPTY_DICT, MALFORMED),
    "no-root": (b"", MALFORMED),
    "mark-left-open": (b"(" + tf.EMPTY_DICT, MALFORMED),
    "group-never-begun": (b"t", MALFORMED),
    "pair-of-nothing": (b"\x86", MALFORMED),
    "value-is-a-tag": (tf.dict_of({"a": NOT_A_DICT}), MALFORMED),
    "value-is-a-storage": (tf.dict_of({"a": tf.storage("0", 4)}), MALFORMED),
    "key-is-a-number": (tf.EMPTY_DICT + ONE + ONE + b"s", MALFORMED),
    "key-is-a-deep-tuple": (
        tf.EMPTY_DICT + tf.EMPTY_TUPLE + LINK * 490_000 + ONE + b"s",
        MALFORMED,
    ),
    "key-without-value": (tf.EMPTY_DICT + b"(" + tf.text("a") + b"u", MALFORMED),
    "key-twice": (
        tf.EMPTY_DICT + (tf.text("a") + ONE + b"s") * 2,
        MALFORMED,
    ),
    "text-not-utf8": (b"X\x02\x00\x00\x00\xff\xfe", MALFORMED),
    "text-with-surrogate": (b"X\x03\x00\x00\x00\xed\xa0\x80", MALFORMED),
    "name-without-end": (b"c" + b"a" * 300, MALFORMED),
    "name-not-ascii": ("cоs\nsystem\n".encode(), UNSAFE),  # a Cyrillic o
}

TENSORS = {
    "stride-negative": tf.tensor(tf.storage("0", 4), strides=(-1,)),
    "shape-negative": tf.tensor(tf.storage("0", 4), shape=(-4,)),
    "offset-negative": tf.tensor(tf.storage("0", 4), offset=-1),
    "offset-overflow": tf.tensor(tf.storage("0", 4), offset=HUGE),
    "offset-and-length-overflow": tf.tensor(tf.storage("0", 4), offset=1),
    "shape-overflow": tf.tensor(
        tf.storage("0", 4), shape=(HUGE, HUGE), strides=(HUGE, 1)
    ),
    "shape-larger-than-storage": tf.tensor(tf.storage("0", 4), shape=(5,)),
    "stride-0-bomb": tf.tensor(tf.storage("0", 4), shape=(1 << 40,), strides=(0,)),
    "stride-past-the-end": tf.tensor(tf.storage("0", 4), shape=(2,), strides=(4,)),
    "empty-but-giant": tf.tensor(tf.storage("0", 4), shape=(0, HUGE), strides=(1, 1)),
    "shape-and-strides-differ": tf.tensor(tf.storage("0", 4), shape=(2, 2)),
    "shape-of-nine-axes": tf.tensor(
        tf.storage("0", 4), shape=(1,) * 9, strides=(1,) * 9
    ),
    "shape-is-true": tf.tensor(tf.storage("0", 4)).replace(
        tf.tuple_of(tf.integer(4)), tf.tuple_of(b"\x88"), 1
    ),
    "shape-is-a-float": tf.tensor(tf.storage("0", 4)).replace(
        tf.tuple_of(tf.integer(4)), tf.tuple_of(b"G" + struct.pack(">d", 4)), 1
    ),
    "shape-is-no-tuple": tf.tensor(tf.storage("0", 4)).replace(
        tf.tuple_of(tf.integer(4)), b"N", 1
    ),
    "storage-with-a-number-as-name": tf.tensor(
        tf.storage("0", 4).replace(tf.text("0"), ONE)
    ),
    "tensor-of-no-storage": tf.tensor(ONE),
    "storage-negative": tf.tensor(tf.storage("0", -4)),
    "storage-too-short": tf.tensor(tf.storage("0", 5), shape=(5,)),
    "storage-too-long": tf.tensor(tf.storage("0", 3), shape=(3,)),
    "storage-of-other-type": tf.tensor(tf.storage("0", 4, "LongStorage")),
    "storage-missing": tf.tensor(tf.storage("1", 4)),
    "storage-outside": tf.tensor(tf.storage("../../data/0", 4)),
    "storage-is-the-tree": tf.tensor(tf.storage("../data.pkl", 4)),
}

ARCHIVES = {
    "second-pickle": (with_entries(tf.Entry("x/extra.pkl", b"evil")), UNSAFE),
    "pickle-in-a-folder": (
        with_entries(tf.Entry("x/data/data.pkl", b"evil")),
        UNSAFE,
    ),
    "second-prefix": (
        with_entries(tf.Entry("y/data.pkl", tf.program(b"}"))),
        UNSAFE,
    ),
    "data-pkl-twice": (
        with_entries(tf.Entry("x/data.pkl", tf.program(b"}"))),
        UNSAFE,
    ),
    "storage-twice": (with_entries(tf.Entry("x/data/0", tf.numbers(4))), UNSAFE),
    "code-of-torchscript": (
        with_entries(tf.Entry("x/code/__torch__.py", b"import os")),
        MALFORMED,
    ),
    "constants-of-torchscript": (
        with_entries(tf.Entry("x/constants.pkl", b"evil")),
        MALFORMED,
    ),
    "path-outside": (with_entries(tf.Entry("x/../../etc/passwd", b"")), UNSAFE),
    "absolute-path": (with_entries(tf.Entry("/data/1", b"")), UNSAFE),
    "backslash-path": (with_entries(tf.Entry("x\\data\\1", b"")), UNSAFE),
    "name-with-nul": (with_entries(tf.Entry("x/data/1\0", b"")), UNSAFE),
    "storage-with-leading-zero": (with_entries(tf.Entry("x/data/00", b"")), UNSAFE),
    "storage-that-nobody-uses": (
        with_entries(tf.Entry("x/data/1", b"hidden")),
        MALFORMED,
    ),
    "no-tree": (tf.archive([tf.Entry("x/data/0", b"")]), MALFORMED),
    "big-endian": (with_entries(tf.Entry("x/byteorder", b"big")), MALFORMED),
    "no-entries": (tf.archive([]), MALFORMED),
    "comment": (with_entries(comment=b"PK\x05\x06"), MALFORMED),
    "bytes-after-the-end": (with_entries(tail=b"\x80\x02}."), MALFORMED),
    "bytes-before-the-start": (b"\x80\x02}." + tf.GOOD, MALFORMED),
    "hidden-bytes-between": (with_storage(gap=b"evil"), UNSAFE),
    "overlap": (with_storage(offset_shift=-60), UNSAFE),
    "offset-of-4-GiB": (
        with_storage(offset_shift=2**32 - 1000),
        UNSAFE,
    ),
    "same-bytes-twice": (
        tf.archive(
            [
                tf.Entry("x/data.pkl", tf.program(tf.GOOD_ROOT)),
                tf.Entry("x/data/0", b"", offset_shift=-100),
            ]
        ),
        UNSAFE,
    ),
    "flag-encrypted": (with_storage(flags=0x0801), UNSAFE),
    "flag-patched": (with_storage(flags=0x0820), UNSAFE),
    "flag-masked": (with_storage(flags=0x2800), UNSAFE),
    "local-flags-differ": (with_storage(local_flags=0), UNSAFE),
    "local-name-differs": (with_storage(local_name="x/data/1"), UNSAFE),
    "deflated": (with_storage(method=8), UNSAFE),
    "unknown-method": (with_storage(method=99), UNSAFE),
    "zip-bomb": (with_storage(method=8, size=16, central_size=2**32 - 1), UNSAFE),
    "size-differs": (with_storage(central_size=17), UNSAFE),
    "size-of-4-GiB": (with_storage(size=2**32 - 2), UNSAFE),
    "size-past-the-end": (with_storage(size=1000), UNSAFE),
    "extra-field-in-directory": (with_storage(central_extra=b"\x01\0\0\0"), UNSAFE),
    "other-disk": (with_storage(disk=1), UNSAFE),
    "descriptor-missing": (with_storage(flags=0x0808), UNSAFE),
    "wrong-crc-of-storage": (with_storage(crc=7), MALFORMED),
    "wrong-crc-of-tree": (
        tf.archive([tf.Entry("x/data.pkl", tf.program(tf.GOOD_ROOT), crc=7)]),
        MALFORMED,
    ),
    "directory-count-too-low": (
        tf.GOOD[:-14] + struct.pack("<2H", 1, 1) + tf.GOOD[-10:],
        UNSAFE,
    ),
    "directory-count-too-high": (
        tf.GOOD[:-14] + struct.pack("<2H", 9, 9) + tf.GOOD[-10:],
        MALFORMED,
    ),
    "directory-magic": (tf.GOOD.replace(b"PK\x01\x02", b"PK\x01\x03"), MALFORMED),
    "directory-ends-in-an-entry": (
        tf.archive([tf.Entry("x/data.pkl", tf.program(b"}"))]).replace(
            b"\x0a\x00\x00\x00\x00\x00\x00\x00", b"\x0a\x00\xff\x00\x00\x00\x00\x00"
        ),
        MALFORMED,
    ),
    "name-not-utf8": (tf.GOOD.replace(b"x/version", b"\xff/version"), UNSAFE),
    "local-size-differs": (
        tf.GOOD.replace(struct.pack("<2L", 16, 16), struct.pack("<2L", 16, 17), 1),
        UNSAFE,
    ),
    "several-disks": (patched(-18, b"\x01"), UNSAFE),
    "end-record-64-magic": (patched(-98, b"PK\x06\x05"), UNSAFE),
    "end-record-64-length": (patched(-94, b"\xff"), UNSAFE),
    "end-record-64-other-count": (patched(-66, b"\x01"), UNSAFE),
    "end-record-64-other-offset": (patched(-50, b"\x01"), UNSAFE),
    "locator-64-magic": (patched(-42, b"PK\x06\x08"), UNSAFE),
    "locator-64-elsewhere": (patched(-34, b"\x01"), UNSAFE),
    "bytes-before-the-end-record": (
        tf.GOOD[:-22] + b"hidden" + tf.GOOD[-22:],
        UNSAFE,
    ),
    "directory-offset-too-high": (tf.GOOD[:-6] + b"\xff\xff\xff\x7f\0\0", UNSAFE),
    "many-entries": (
        with_entries(*(tf.Entry(f"x/data/{i}") for i in range(1, 25_000))),
        UNSAFE,
    ),
    "two-types-of-one-storage": (
        tf.checkpoint(
            tf.dict_of(
                {
                    "a": tf.tensor(tf.storage("0", 4)),
                    "b": tf.tensor(tf.storage("0", 2, "LongStorage"), shape=(2,)),
                }
            )
        ),
        UNSAFE,
    ),
}


def hostile_files() -> dict[str, tuple[bytes, str]]:
    """Return all files by name, each with the error it must lead to."""
    files: dict[str, tuple[bytes, str]] = {}
    for number, (module, attribute) in enumerate(DANGEROUS_NAMES):
        code = tf.name(module, attribute) + CALL
        files[f"name-{number}-{module}.{attribute}"] = (with_root(code), UNSAFE)
    for code in sorted(set(range(256)) - ALLOWED_CODES):
        content = tf.EMPTY_DICT + bytes([code]) + b"\x00" * 16
        files[f"instruction-{code:#04x}"] = (with_root(content), UNSAFE)
    for key, (root, error) in PROGRAMS.items():
        files[key] = (with_root(root), error)
    for key, tensor in TENSORS.items():
        files[key] = (with_tensor(tensor), MALFORMED)
    files["the-good-file-itself"] = (tf.GOOD, "read")
    files |= ARCHIVES
    good = tf.program(tf.GOOD_ROOT)
    files["second-program-after-the-first"] = (raw(good + good), UNSAFE)
    files["protocol-4"] = (raw(b"\x80\x04" + good[2:]), MALFORMED)
    files["protocol-255"] = (raw(b"\x80\xff" + good[2:]), MALFORMED)
    files["no-protocol"] = (raw(good[2:]), MALFORMED)
    files["protocol-twice"] = (raw(good[:2] + good), UNSAFE)
    files["empty-tree"] = (raw(b""), MALFORMED)
    for size in range(3, len(good), 23):
        files[f"tree-cut-at-{size}"] = (raw(good[:size]), MALFORMED)
    return files


FILES = hostile_files()


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
