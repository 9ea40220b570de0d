"""Damaged and hostile packs are refused by name and never half-used."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
from pathlib import Path

import onnx
import pytest
from onnx import helper

from tests.support import packs
from wyoming_cosyvoice.errors import ModelCorrupt, ModelNotFound, ModelUnsupported
from wyoming_cosyvoice.pack.decoding import MAX_MANIFEST_BYTES
from wyoming_cosyvoice.pack.external_data import _locations
from wyoming_cosyvoice.pack.pack import MANIFEST, Pack
from wyoming_cosyvoice.pack.writer import PackWriter

NAMES = [*packs.FILES, MANIFEST]
SEED = 20


@pytest.fixture
def pack(tmp_path):
    return packs.write(tmp_path / "pack").directory


def refused(directory, *, names: str | None = None):
    """Open a pack that must be refused and return what was said."""
    with pytest.raises((ModelCorrupt, ModelNotFound, ModelUnsupported)) as caught:
        Pack.open(directory)
    assert caught.value.remedy
    if names is not None:
        assert names in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", NAMES)
class TestDamagedFile:
    """Row F1 of the test matrix."""

    def test_empty(self, pack, name):
        (pack / name).write_bytes(b"")
        refused(pack, names=name)

    def test_cut_short(self, pack, name):
        content = (pack / name).read_bytes()
        rng = random.Random(SEED)
        for _ in range(20):
            size = rng.randrange(len(content))
            (pack / name).write_bytes(content[:size])
            refused(pack, names=name)

    def test_a_web_page(self, pack, name):
        (pack / name).write_text("<!doctype html><title>Not found</title>")
        refused(pack, names=name)

    def test_missing(self, pack, name):
        (pack / name).unlink()
        refused(pack, names=name if name != MANIFEST else "no model pack")

    def test_a_folder(self, pack, name):
        (pack / name).unlink()
        (pack / name).mkdir()
        refused(pack, names=name)

    def test_a_link_to_outside(self, pack, name, tmp_path):
        outside = tmp_path / "outside"
        (pack / name).rename(outside)
        (pack / name).symlink_to(outside)
        refused(pack, names=name)

    def test_a_pipe(self, pack, name):
        (pack / name).unlink()
        os.mkfifo(pack / name)
        refused(pack, names=name)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
    def test_unreadable(self, pack, name):
        (pack / name).chmod(0)
        (pack / ".verified.json").unlink()
        refused(pack, names=name)


def opened_for_reading(open_file, refuse):
    def opened(path, mode="r", *args, **kwargs):
        if mode.startswith("r"):
            return open_file(path, mode, *args, **kwargs)
        return refuse()

    return opened


@pytest.mark.parametrize("verify", [False, True])
def test_a_pack_on_a_disk_that_is_read_only_is_used(pack, monkeypatch, verify):
    """As the starter voice in a container: there even removing nothing fails."""

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    (pack / ".verified.json").unlink()
    monkeypatch.setattr(Path, "open", opened_for_reading(Path.open, refuse))
    monkeypatch.setattr(Path, "unlink", refuse)
    assert Pack.open(pack, verify=verify).manifest.name


@pytest.mark.parametrize("name", list(packs.FILES))
def test_each_flipped_bit_is_found(pack, name):
    content = (pack / name).read_bytes()
    rng = random.Random(SEED)
    for _ in range(50):
        damaged = bytearray(content)
        damaged[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        (pack / name).write_bytes(damaged)
        refused(pack, names=name)


def test_flipped_bits_in_the_manifest_change_nothing_unseen(pack):
    """A flip in a name that people read may pass; one in anything used may not."""
    content = (pack / MANIFEST).read_bytes()
    rng = random.Random(SEED)
    good = Pack.open(pack).manifest
    for _ in range(200):
        damaged = bytearray(content)
        damaged[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        (pack / MANIFEST).write_bytes(damaged)
        try:
            manifest = Pack.open(pack).manifest
        except (ModelCorrupt, ModelUnsupported):
            continue
        assert manifest.files == good.files


def test_a_folder_that_leads_outside(pack, tmp_path):
    (pack / "voices").rename(tmp_path / "elsewhere")
    (pack / "voices").symlink_to(tmp_path / "elsewhere")
    refused(pack, names="voices/zh-female.npz")


def test_files_exchanged(pack):
    graph, weights = pack / "speech_lm.onnx", pack / "speech_lm.weights"
    graph.rename(pack / "third")
    weights.rename(graph)
    (pack / "third").rename(weights)
    refused(pack, names="speech_lm")


LOCATIONS = {
    "not-listed": "other.weights",
    "the-manifest": MANIFEST,
    "outside": "../speech_lm.weights",
    "outside-and-back": "../pack/speech_lm.weights",
    "absolute": "/etc/passwd",
    "empty": "",
    "not-listed-folder": "voices",
    "backslash": "..\\speech_lm.weights",
}


def write_graph(directory, content):
    """Write a pack whose graph is ``content``, its hash as promised."""
    with PackWriter(directory) as writer:
        packs.fill(writer.directory)
        (writer.directory / "speech_lm.onnx").write_bytes(content)
        writer.finish(packs.manifest())


@pytest.mark.parametrize("location", LOCATIONS.values(), ids=LOCATIONS.keys())
def test_weights_that_the_pack_does_not_list(tmp_path, location):
    """Row F3: the hash is right, and yet the graph reads another file."""
    with pytest.raises(ModelCorrupt, match=r"speech_lm\.onnx needs"):
        write_graph(tmp_path / "pack", packs.graph(location))


def test_weights_that_are_hidden_in_a_subgraph(tmp_path):
    inner = onnx.load_from_string(packs.graph("/etc/passwd")).graph
    branches = {"then_branch": inner, "else_branch": inner}
    node = helper.make_node("If", ["condition"], ["output"], **branches)
    body = helper.make_graph([node], "test", [], [])
    content = helper.make_model(body).SerializeToString()
    with pytest.raises(ModelCorrupt, match="needs '/etc/passwd'"):
        write_graph(tmp_path / "pack", content)


def test_weights_with_two_places(tmp_path):
    model = onnx.load_from_string(packs.graph())
    entries = model.graph.initializer[0].external_data
    entries.add(key="location", value="/etc/passwd")
    with pytest.raises(ModelCorrupt, match="needs '/etc/passwd'"):
        write_graph(tmp_path / "pack", model.SerializeToString())


@pytest.mark.parametrize(
    "content",
    [b"\xff" * 20, b"\x3a\xff\xff\xff\xff\x0f", b"\x3b", b"<html>", b""],
    ids=["endless", "too-long", "group", "page", "empty"],
)
def test_a_graph_that_is_not_protobuf(tmp_path, content):
    with pytest.raises(ModelCorrupt, match="is not an ONNX file"):
        write_graph(tmp_path / "pack", content)


def test_mutated_graphs_end_in_an_answer():
    """The walk over a damaged message ends, and with one kind of error only."""
    content = packs.graph()
    rng = random.Random(SEED)
    for _ in range(2000):
        damaged = bytearray(content)
        for _ in range(rng.choice((1, 2, 8))):
            damaged[rng.randrange(len(content))] = rng.randrange(256)
        with contextlib.suppress(ValueError):
            list(_locations(memoryview(damaged)))


def set_to(*path_and_value):
    *path, last, value = path_and_value

    def change(plain):
        at = plain
        for key in path:
            at = at[key]
        at[last] = value

    return change


def without(*path):
    *path, last = path

    def change(plain):
        at = plain
        for key in path:
            at = at[key]
        del at[last]

    return change


def repeat_file(plain):
    plain["files"].append(plain["files"][0])


def repeat_file_in_capitals(plain):
    plain["files"].append({**plain["files"][0], "name": "PHONEMES.TXT"})


def repeat_voice(plain):
    plain["voices"].append(plain["voices"][0])


CHANGES = {
    "no format version": without("format_version"),
    "version is text": set_to("format_version", "1"),
    "version is true": set_to("format_version", True),
    "version 0": set_to("format_version", 0),
    "version -1": set_to("format_version", -1),
    "future version": set_to("format_version", 2),
    "far future version": set_to("format_version", 10**18),
    "no files": set_to("files", []),
    "files are an object": set_to("files", {}),
    "files are null": set_to("files", None),
    "a file is a text": set_to("files", ["speech_lm.onnx"]),
    "path with dots": set_to("files", 0, "name", "../phonemes.txt"),
    "path with dots inside": set_to("files", 0, "name", "voices/../phonemes.txt"),
    "absolute path": set_to("files", 0, "name", "/etc/passwd"),
    "drive path": set_to("files", 0, "name", "C:\\phonemes.txt"),
    "backslash path": set_to("files", 0, "name", "voices\\x.npz"),
    "empty path": set_to("files", 0, "name", ""),
    "path with NUL": set_to("files", 0, "name", "phonemes.txt\0"),
    "path with newline": set_to("files", 0, "name", "phonemes.txt\n"),
    "hidden path": set_to("files", 0, "name", ".verified.json"),
    "the manifest itself": set_to("files", 0, "name", MANIFEST),
    "very long path": set_to("files", 0, "name", "a" * 5000),
    "very deep path": set_to("files", 0, "name", "a/" * 500 + "a"),
    "path is a number": set_to("files", 0, "name", 7),
    "duplicate file": repeat_file,
    "duplicate but for case": repeat_file_in_capitals,
    "size -1": set_to("files", 0, "size", -1),
    "size 10^18": set_to("files", 0, "size", 10**18),
    "size is a float": set_to("files", 0, "size", 6.0),
    "size is a text": set_to("files", 0, "size", "6"),
    "no size": without("files", 0, "size"),
    "hash too short": set_to("files", 0, "sha256", "00"),
    "hash in capitals": set_to("files", 0, "sha256", "A" * 64),
    "hash of another file": set_to("files", 0, "sha256", "0" * 64),
    "no hash": without("files", 0, "sha256"),
    "unknown key": set_to("hook", "run me"),
    "unknown key deep inside": set_to("flow", "solver", "heun"),
    "no sampling": without("sampling"),
    "top_p 0": set_to("sampling", "top_p", 0.0),
    "top_k is true": set_to("sampling", "top_k", True),
    "steps 0": set_to("flow", "steps", 0),
    "steps 10^9": set_to("flow", "steps", 10**9),
    "guidance is huge": set_to("flow", "guidance", 1e300),
    "a voice is louder than full scale": set_to("voices", 0, "sentence_level_db", 3.0),
    "sample rate 0": set_to("sample_rate", 0),
    "unknown precision": set_to("precision", "fp8"),
    "unknown tokenizer": set_to("tokenizer", "kind", "sentencepiece"),
    "a word as markup": set_to("tokenizer", "sounds", ["the"]),
    "tokenizer file not listed": set_to("tokenizer", "file", "other.txt"),
    "voice file not listed": set_to("voices", 0, "file", "../x.npz"),
    "voice without name": set_to("voices", 0, "id", ""),
    "voice with a line break": set_to("voices", 0, "id", "a\nb"),
    "voice languages are a text": set_to("voices", 0, "languages", "zh"),
    "duplicate voice": repeat_voice,
    "1001 voices": set_to("voices", [{}] * 1001),
    "harmonics are missing": set_to("vocoder", "harmonics", []),
    "sizes are a list": set_to("sizes", [1]),
    "a size is a text": set_to("sizes", {"a": "1"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_malformed_manifest(pack, change):
    """Row F2 of the test matrix: right syntax, wrong content."""
    plain = json.loads((pack / MANIFEST).read_bytes())
    change(plain)
    (pack / MANIFEST).write_text(json.dumps(plain))
    refused(pack)


TEXTS = {
    "empty": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "not UTF-8": b"\xff\xfe\x00",
    "lone surrogate": b'{"name": "\\ud800"}',
    "open": b'{"format_version": 1',
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "NaN": b'{"format_version": NaN}',
    "Infinity": b'{"format_version": Infinity}',
    "endless number": b'{"format_version": ' + b"9" * 100_000 + b"}",
    "two versions": b'{"format_version": 1, "format_version": 1}',
    "too large": b" " * (MAX_MANIFEST_BYTES + 1),
}


@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS.keys())
def test_manifest_that_is_not_a_json_object(pack, content):
    (pack / MANIFEST).write_bytes(content)
    refused(pack)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_invalid_number(pack, value):
    content = (pack / MANIFEST).read_text()
    changed = content.replace('"guidance": 0.5', f'"guidance": {value}')
    assert changed != content
    (pack / MANIFEST).write_text(changed)
    refused(pack)
