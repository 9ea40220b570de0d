"""Model packs: complete or not at all, and never with other contents than promised."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace

import pytest

from tests.support import packs
from wyoming_cosyvoice.errors import (
    ConfigError,
    ModelCorrupt,
    ModelError,
    ModelNotFound,
    ModelUnsupported,
)
from wyoming_cosyvoice.pack import pack as pack_module
from wyoming_cosyvoice.pack.manifest import PackFile
from wyoming_cosyvoice.pack.manifest_checks import parse_manifest
from wyoming_cosyvoice.pack.pack import CACHE, MANIFEST, Pack, list_files
from wyoming_cosyvoice.pack.writer import PackWriter


@pytest.fixture
def target(tmp_path):
    return tmp_path / "models" / "test"


@pytest.fixture
def hashed(monkeypatch):
    """Return the list of the files that are hashed from now on."""
    names = []
    original = pack_module.sha256

    def record(path):
        names.append(path.name)
        return original(path)

    monkeypatch.setattr(pack_module, "sha256", record)
    return names


def listed():
    return tuple(
        PackFile(name, len(content), "0" * 64) for name, content in packs.FILES.items()
    )


def names(directory):
    return [path.name for path in directory.iterdir()]


def contents(directory):
    return {
        name: (directory / name).read_bytes()
        for name in list_files(directory)
        if name != CACHE
    }


class TestManifest:
    def test_survives_json(self):
        manifest = replace(packs.manifest(), files=listed())
        assert parse_manifest(manifest.to_json(), "here") == manifest

    def test_the_level_of_a_voice_survives_and_is_not_written_where_there_is_none(self):
        plain = packs.manifest()
        assert b"sentence_level_db" not in plain.to_json()
        voices = (replace(plain.voices[0], sentence_level_db=-24.5),)
        manifest = replace(plain, voices=voices, files=listed())
        assert parse_manifest(manifest.to_json(), "here") == manifest

    def test_json_does_not_depend_on_the_order_of_fields(self):
        manifest = replace(packs.manifest(), files=listed())
        shuffled = dict(reversed(json.loads(manifest.to_json()).items()))
        again = parse_manifest(json.dumps(shuffled).encode(), "here")
        assert again.to_json() == manifest.to_json()

    def test_whole_numbers_are_accepted_as_floats(self):
        plain = json.loads(replace(packs.manifest(), files=listed()).to_json())
        plain["flow"]["guidance"] = 1
        manifest = parse_manifest(json.dumps(plain).encode(), "here")
        assert manifest.flow.guidance == 1.0
        assert isinstance(manifest.flow.guidance, float)

    def test_a_later_version_is_named_as_such(self):
        plain = {"format_version": 2, "something": "new"}
        with pytest.raises(ModelUnsupported, match="format version 2"):
            parse_manifest(json.dumps(plain).encode(), "here")


class TestWriter:
    def test_writes_a_pack_that_opens(self, target):
        pack = packs.write(target)
        assert pack.directory == target
        assert {f.name for f in pack.manifest.files} == set(packs.FILES)
        assert pack.file("speech_lm.onnx").read_bytes() == packs.FILES["speech_lm.onnx"]
        assert Pack.open(target, verify=True) == pack

    def test_leaves_nothing_beside_the_pack(self, target):
        packs.write(target)
        packs.write(target)
        assert names(target.parent) == ["test"]

    def test_the_same_files_make_the_same_bytes(self, target):
        packs.write(target)
        first = contents(target)
        packs.write(target)
        assert contents(target) == first

    def test_replaces_an_earlier_pack(self, target):
        packs.write(target)
        with PackWriter(target) as writer:
            packs.fill(writer.directory)
            (writer.directory / "phonemes.txt").write_bytes(b"b")
            writer.finish(packs.manifest())
        assert Pack.open(target).file("phonemes.txt").read_bytes() == b"b"

    @pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, OSError])
    def test_a_failure_leaves_the_earlier_pack(self, target, failure):
        packs.write(target)
        before = contents(target)

        def fail():
            with PackWriter(target) as writer:
                (writer.directory / "speech_lm.onnx").write_bytes(b"half a gr")
                raise failure("the disk is full")

        with pytest.raises((ModelError, RuntimeError, KeyboardInterrupt)):
            fail()
        assert contents(target) == before
        assert names(target.parent) == ["test"]

    def test_a_failing_disk_is_a_model_error(self, target):
        with (
            pytest.raises(ModelError, match="No space left on device"),
            PackWriter(target) as writer,
        ):
            raise OSError(28, "No space left on device", str(writer.directory))
        assert names(target.parent) == []

    def test_without_finish_no_pack_appears(self, target):
        with PackWriter(target) as writer:
            packs.fill(writer.directory)
        assert not target.exists()

    def test_an_empty_folder_becomes_the_pack(self, target):
        target.mkdir(parents=True)
        packs.write(target)
        assert Pack.open(target).manifest.name == "test"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("thesis.txt", b"all my work"),
            (MANIFEST, b'{"name": "a web app"}'),
            (MANIFEST, b"\xff"),
        ],
    )
    def test_refuses_a_folder_that_is_not_a_pack(self, target, name, content):
        target.mkdir(parents=True)
        (target / name).write_bytes(content)
        with pytest.raises(ConfigError, match="is not a model pack"):
            packs.write(target)
        assert contents(target) == {name: content}

    def test_refuses_a_pack_with_a_foreign_file(self, target):
        packs.write(target)
        (target / "notes.txt").write_text("mine")
        with pytest.raises(ConfigError, match=r"notes\.txt"):
            packs.write(target)
        assert (target / "notes.txt").read_text() == "mine"

    def test_refuses_a_file(self, target):
        target.parent.mkdir()
        target.write_text("a file")
        with pytest.raises(ConfigError):
            packs.write(target)
        assert target.read_text() == "a file"

    def test_refuses_to_fill_the_disk(self, target):
        writer = PackWriter(target, expected_bytes=1 << 60)
        with pytest.raises(ModelError, match="MB are needed"), writer:
            pytest.fail("the writer began")
        assert names(target.parent) == []

    def test_only_one_process_writes(self, target):
        with PackWriter(target) as writer:
            with pytest.raises(ModelError, match="Another process"), PackWriter(target):
                pytest.fail("the second writer began")
            packs.fill(writer.directory)
            writer.finish(packs.manifest())
        packs.write(target)

    def test_a_lock_of_a_killed_process_is_free(self, target):
        target.parent.mkdir()
        (target.parent / ".test.lock").touch()
        packs.write(target)

    def test_removes_what_a_killed_process_left(self, target):
        left = target.parent / ".test.new"
        left.mkdir(parents=True)
        (left / "half.onnx").write_bytes(b"half")
        packs.write(target)
        assert set(contents(target)) == {*packs.FILES, MANIFEST}

    def test_brings_back_a_pack_whose_replacing_was_cut_short(self, target):
        packs.write(target)
        before = contents(target)
        target.rename(target.parent / ".test.old")
        with pytest.raises(ModelNotFound, match=r"rename .*\.test\.old"):
            Pack.open(target)
        with PackWriter(target):
            pass
        assert contents(target) == before

    @pytest.mark.parametrize("name", [".hidden", "a b.onnx", "ü.onnx"])
    def test_refuses_a_name_that_no_pack_may_hold(self, target, name):
        with PackWriter(target) as writer:
            packs.fill(writer.directory)
            (writer.directory / name).touch()
            with pytest.raises(ModelCorrupt, match="not a valid file"):
                writer.finish(packs.manifest())
        assert not target.exists()

    def test_refuses_a_link(self, target):
        with PackWriter(target) as writer:
            packs.fill(writer.directory)
            (writer.directory / "link.onnx").symlink_to("/etc/hostname")
            with pytest.raises(ModelCorrupt, match="not a valid file"):
                writer.finish(packs.manifest())
        assert not target.exists()


class TestOpen:
    def test_hashes_at_first_and_then_only_what_changed(self, target, hashed):
        packs.write(target)
        hashed.clear()
        Pack.open(target)
        assert hashed == []
        (target / "speech_lm.onnx").touch()
        Pack.open(target)
        assert hashed == ["speech_lm.onnx"]

    def test_verify_hashes_always(self, target, hashed):
        packs.write(target)
        hashed.clear()
        Pack.open(target, verify=True)
        assert len(hashed) == len(packs.FILES)

    def test_a_copied_pack_is_hashed_again(self, target, hashed, tmp_path):
        packs.write(target)
        shutil.copytree(target, tmp_path / "copy")
        hashed.clear()
        Pack.open(tmp_path / "copy")
        assert len(hashed) == len(packs.FILES)

    def test_a_change_that_keeps_size_and_time_is_found(self, target):
        packs.write(target)
        path = target / "speech_lm.weights"
        times = path.stat()
        path.write_bytes(path.read_bytes()[::-1])
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        with pytest.raises(ModelCorrupt, match=r"speech_lm\.weights .*SHA-256"):
            Pack.open(target)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"x": [1]}'])
    def test_a_damaged_memory_costs_only_time(self, target, hashed, content):
        packs.write(target)
        (target / CACHE).write_bytes(content)
        hashed.clear()
        Pack.open(target)
        assert len(hashed) == len(packs.FILES)
        hashed.clear()
        Pack.open(target)
        assert hashed == []

    def test_a_memory_that_cannot_be_written_costs_only_time(self, target, hashed):
        packs.write(target)
        (target / CACHE).unlink()
        (target / CACHE).mkdir()
        hashed.clear()
        Pack.open(target)
        assert len(hashed) == len(packs.FILES)

    def test_gives_no_file_that_is_not_listed(self, target):
        pack = packs.write(target)
        (target / "other.onnx").touch()
        for name in ("other.onnx", MANIFEST, "../test/speech_lm.onnx", "/etc/passwd"):
            with pytest.raises(ModelCorrupt, match="not listed"):
                pack.file(name)

    def test_no_folder(self, target):
        with pytest.raises(ModelNotFound, match="no model pack at"):
            Pack.open(target)

    @pytest.mark.parametrize("family", ["cosyvoice", "cosyvoice2", "cosyvoice3"])
    def test_a_checkpoint_is_recognised(self, target, family):
        target.mkdir(parents=True)
        (target / f"{family}.yaml").touch()
        with pytest.raises(ModelNotFound, match="Convert it first"):
            Pack.open(target)
