"""Archives that no checkpoint may be, and all hostile files by name."""

from __future__ import annotations

import struct

from tests.hostile.pickles import (
    ALLOWED_CODES,
    CALL,
    DANGEROUS_NAMES,
    MALFORMED,
    PROGRAMS,
    TENSORS,
    UNSAFE,
)
from tests.support import ROOT
from tests.support import torch_files as tf


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
    "unused-storage": (
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
