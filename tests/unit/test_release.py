"""Releases are read as data: weights are checked and tags never obeyed."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.random import layout
from models.random.make_checkpoint import SPEAKERS, write_release
from models.random.torch_file import Tensor, write_torch_file
from tests.support import torch_files as tf
from tests.unit.release_files import DATA, changed
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.release import Release
from wyoming_cosyvoice.convert.release.speakers import read_speakers
from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnsafeCheckpoint,
)


class TestRelease:
    def test_holds_exactly_the_tensors_of_the_layout(self, tiny):
        with Release.open(tiny) as release:
            for network in ("llm", "flow", "hift"):
                source = getattr(release, network)
                for weight in getattr(layout, network)(layout.TINY):
                    name = weight.name.removeprefix("generator.")
                    tensor = source.take(name, weight.shape)
                    assert tensor.dtype == np.float32
                assert source.unused() == ()

    def test_speakers(self, tiny):
        with Release.open(tiny) as release:
            assert tuple(s.name for s in release.speakers) == SPEAKERS
            assert all(s.embedding.shape == (192,) for s in release.speakers)
            assert all(s.prompt is None for s in release.speakers)

    def test_without_speakers(self, release_folder):
        (release_folder / "spk2info.pt").unlink()
        with Release.open(release_folder) as release:
            assert release.speakers == ()

    def test_networks_for_cloning_may_be_missing(self, release_folder):
        with Release.open(release_folder) as release:
            assert release.speaker_encoder == release_folder / "campplus.onnx"
            name = "speech_tokenizer_v1.onnx"
            assert release.speech_tokenizer == release_folder / name
        for name in ("campplus.onnx", "speech_tokenizer_v1.onnx"):
            (release_folder / name).unlink()
        with Release.open(release_folder) as release:
            assert release.speaker_encoder is None
            assert release.speech_tokenizer is None

    @pytest.mark.parametrize("name", ["llm.pt", "flow.pt", "hift.pt"])
    def test_a_missing_file_is_named(self, release_folder, name):
        (release_folder / name).unlink()
        with pytest.raises(CheckpointError, match=name):
            Release.open(release_folder)

    def test_no_folder(self, tmp_path):
        with pytest.raises(CheckpointError, match="no folder"):
            Release.open(tmp_path / "gone")

    def test_no_release(self, tmp_path):
        with pytest.raises(CheckpointError, match=r"no cosyvoice\.yaml"):
            Release.open(tmp_path)

    def test_seed_decides_the_numbers(self, tmp_path):
        sizes = replace(layout.TINY, text_tokens=8, speech_tokens=8)
        for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
            write_release(tmp_path / folder, sizes, seed=seed)
        for path in (tmp_path / "a").iterdir():
            content = path.read_bytes()
            assert content == (tmp_path / "b" / path.name).read_bytes()
            is_same = content == (tmp_path / "c" / path.name).read_bytes()
            assert is_same == (path.suffix == ".yaml")


class TestTokenizer:
    def open(self, folder, extra="", tokens=None):
        path = folder / "cosyvoice.yaml"
        text = path.read_text(encoding="utf-8")
        if tokens is not None:
            text = changed("text_token_size: 51866", f"text_token_size: {tokens}", text)
        path.write_text(text + extra, encoding="utf-8")
        with Release.open(folder) as release:
            return release.tokenizer

    def test_official(self, release_folder):
        tokenizer = self.open(release_folder)
        assert (tokenizer.kind, tokenizer.tokens) == ("whisper-bpe", 51866)

    def test_none(self, release_folder):
        assert self.open(release_folder, tokens=256).kind == "none"

    def test_phonemes(self, release_folder):
        (release_folder / "phonemes.txt").write_text("a\n")
        extra = "text_tokenizer: phonemes\ntext_vocabulary: phonemes.txt\n"
        tokenizer = self.open(release_folder, extra, tokens=256)
        assert tokenizer.kind == "phonemes"
        assert tokenizer.vocabulary == release_folder / "phonemes.txt"

    @pytest.mark.parametrize(
        "extra",
        [
            "text_tokenizer: phonemes\n",
            "text_tokenizer: phonemes\ntext_vocabulary: gone.txt\n",
            "text_tokenizer: phonemes\ntext_vocabulary: ../phonemes.txt\n",
            "text_tokenizer: phonemes\ntext_vocabulary: /etc/passwd\n",
            "text_tokenizer: sentencepiece\n",
            "text_tokenizer: 3\n",
        ],
    )
    def test_refused(self, release_folder, extra):
        with pytest.raises(CheckpointError):
            self.open(release_folder, extra)


class TestSpeakers:
    def read(self, path, table):
        write_torch_file(path / "spk2info.pt", table)
        return read_speakers(path / "spk2info.pt", 4, 80)

    def embedding(self, *numbers):
        array = np.array([numbers], np.float32)
        return {"embedding": Tensor(array.shape, lambda: array)}

    def test_saved_recording(self):
        first, saved = read_speakers(DATA / "torch_speakers.pt", 192, 80)
        assert first.prompt is None
        assert saved.embedding[:2].tolist() == [2, 3]
        assert saved.prompt.text_tokens.tolist() == [5, 6]
        assert saved.prompt.speech_tokens.tolist() == [0, 1, 2, 3]
        assert saved.prompt.mel.shape == (7, 80)

    def test_order_is_kept(self, tmp_path):
        table = {name: self.embedding(1, 2, 3, 4) for name in ("b", "a", "ü 中")}
        assert [s.name for s in self.read(tmp_path, table)] == ["b", "a", "ü 中"]

    @pytest.mark.parametrize(
        "numbers",
        [(1, 2, 3), (1, 2, 3, np.nan), (1, 2, 3, np.inf), (0, 0, 0, 0), ()],
    )
    def test_bad_embedding(self, tmp_path, numbers):
        with pytest.raises(MalformedCheckpoint):
            self.read(tmp_path, {"a": self.embedding(*numbers)})

    @pytest.mark.parametrize(
        "name", ["", " ", "\ta", "a\n", "a\0b", "a\u202eb", "a\u2028b", "x" * 65]
    )
    def test_bad_name(self, tmp_path, name):
        with pytest.raises(MalformedCheckpoint, match="speaker whose name"):
            self.read(tmp_path, {name: self.embedding(1, 2, 3, 4)})

    @pytest.mark.parametrize(
        "entry", [{}, {"embedding": 1}, {"embedding": {}}, 7, "text"]
    )
    def test_no_embedding(self, tmp_path, entry):
        with pytest.raises(MalformedCheckpoint):
            self.read(tmp_path, {"a": entry})

    def pickled(self, tmp_path, table):
        """Write a table as Python pickles it, with arrays and lists in it."""
        program = pickle.dumps(table, protocol=2)
        entries = [tf.Entry("x/data.pkl", program), tf.Entry("x/version", b"3\n")]
        (tmp_path / "spk2info.pt").write_bytes(tf.archive(entries))
        return read_speakers(tmp_path / "spk2info.pt", 4, 80)

    @pytest.mark.parametrize(
        "embedding",
        [
            np.array([1, 2, 3, 4], np.float32),
            np.array([[1, 2, 3, 4]], np.float64),
            np.array([[1], [2], [3], [4]], np.float16),
            np.asfortranarray(np.array([[1, 2], [3, 4]], np.float32)),
            [1.0, 2.0, 3.0, 4.0],
            [[1.0, 2, 3, 4.0]],
        ],
        ids=["float32", "float64", "float16", "fortran", "list", "nested list"],
    )
    def test_embeddings_of_numpy_and_lists(self, tmp_path, embedding):
        (speaker,) = self.pickled(tmp_path, {"a": {"embedding": embedding}})
        assert speaker.embedding.tolist() == [1, 2, 3, 4]
        assert speaker.embedding.dtype == np.float32

    @pytest.mark.parametrize(
        "embedding",
        [
            np.array([1, 2, 3, 4], ">f4"),
            np.array([1, 2, 3, 4], np.complex64),
            np.array(["a", "b"]),
            np.array([None, {}, [], 1], object),
            np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]),
            np.float32(1),
            b"1234",
            {1: 2},
            {"a"},
            1 + 2j,
            Path("x"),
            os.system,
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_values_that_are_not_an_embedding_are_refused(self, tmp_path, embedding):
        table = {"a": {"embedding": embedding}}
        with pytest.raises(CheckpointError, match=r"spk2info\.pt"):
            self.pickled(tmp_path, table)

    def test_an_array_is_as_long_as_its_shape(self, tmp_path):
        array = np.arange(1, 5, dtype=np.float32)
        program = pickle.dumps({"a": {"embedding": array}}, protocol=2)
        assert program.count(b"K\x04\x85") == 1
        for size in (b"K\x05\x85", b"J\xff\xff\xff\x7f\x85", b"J\xff\xff\xff\xff\x85"):
            changed = program.replace(b"K\x04\x85", size)
            path = tmp_path / "spk2info.pt"
            path.write_bytes(tf.archive([tf.Entry("x/data.pkl", changed)]))
            with pytest.raises(CheckpointError):
                read_speakers(path, 4, 80)

    def test_an_alias_is_another_speaker(self):
        speakers = read_speakers(DATA / "speakers_alias.pt", 192, 80)
        assert [speaker.name for speaker in speakers[-2:]] == ["a", "b"]
        np.testing.assert_array_equal(speakers[-1].embedding, speakers[-2].embedding)

    def test_aliases_do_not_grow(self, tmp_path):
        """Each dict holds the one before twice: 2 to the power of 40 in all."""
        inner = tf.EMPTY_DICT + b"q\x00" + tf.text("x") + tf.integer(1) + b"s"
        root = tf.EMPTY_DICT + tf.text("a") + inner + b"s"
        for index in range(1, 40):
            again = b"h" + bytes([index - 1])
            each = tf.EMPTY_DICT + b"q" + bytes([index])
            each += b"(" + tf.text("l") + again + tf.text("r") + again + b"u"
            root += tf.text(str(index)) + each + b"s"
        (tmp_path / "x.pt").write_bytes(tf.checkpoint(root, {}))
        with pytest.raises(UnsafeCheckpoint, match="two places"):
            Checkpoint.open(tmp_path / "x.pt", is_table=True)

    def test_blanks_around_a_name_are_left_out(self):
        speakers = read_speakers(DATA / "speakers_blank.pt", 192, 80)
        assert [speaker.name for speaker in speakers[-2:]] == ["韩语女", "my voice"]

    def test_a_slice_of_a_mel_is_read(self):
        speakers = read_speakers(DATA / "speakers_sliced.pt", 192, 80)
        assert speakers[-1].prompt.mel.shape == (190, 80)

    def test_tokens_of_another_family_are_refused_by_name(self, caplog):
        name = "speakers_cosyvoice2.pt"
        found = read_speakers(
            DATA / name, 192, 80, speech_tokens=4096, text_tokens=51866
        )
        assert len(found) == 7
        assert "'from_cosyvoice2'; this model has 4096" in caplog.text
        same = read_speakers(
            DATA / name, 192, 80, speech_tokens=6561, text_tokens=151936
        )
        assert len(same) == 8

    def test_what_is_wrong_is_named_and_the_rest_taken(self, tmp_path, caplog):
        good = self.embedding(1, 2, 3, 4)
        table = {"a": good, "short": self.embedding(1, 2), "b ": good, "b": good}
        table |= {"x" * 70: good, "none": {}, "c\n": good, "d": good}
        assert [s.name for s in self.read(tmp_path, table)] == ["a", "b", "d"]
        for name in ("'short'", "'b'", "70 characters", "'none'", r"'c\n'"):
            assert name in caplog.text
        assert len(caplog.records) == 5

    def test_too_many(self, tmp_path):
        entry = self.embedding(1, 2, 3, 4)
        with pytest.raises(MalformedCheckpoint, match="1001 speakers"):
            self.read(tmp_path, {str(i): entry for i in range(1001)})

    def test_none_at_all(self, tmp_path):
        assert self.read(tmp_path, {}) == ()


@pytest.mark.skipif(
    "REFERENCE_DIR" not in os.environ, reason="needs outputs of the original"
)
class TestReference:
    """The layout agrees with a checkpoint that the original code wrote."""

    @pytest.mark.parametrize("network", ["llm", "flow", "hift"])
    def test_names_and_shapes(self, network):
        folder = Path(os.environ["REFERENCE_DIR"]) / "checkpoint"
        with Release.open(folder) as release:
            sizes = release.sizes
        text, lm, flow = sizes.text_encoder.encoder, sizes.speech_lm, sizes.flow.encoder
        same = layout.Sizes(
            text_tokens=sizes.text_encoder.vocabulary,
            text_embedding=text.input_width,
            text_width=text.width,
            text_heads=text.heads,
            text_ff=text.hidden,
            text_blocks=text.blocks,
            lm_width=lm.width,
            lm_heads=lm.heads,
            lm_ff=lm.hidden,
            lm_blocks=lm.blocks,
            speech_tokens=lm.speech_vocabulary,
            flow_width=flow.width,
            flow_heads=flow.heads,
            flow_ff=flow.hidden,
            flow_blocks=flow.blocks,
            unet_channels=sizes.estimator.channels[0],
            unet_heads=sizes.estimator.heads,
            unet_head_dim=sizes.estimator.head_width,
            unet_blocks=sizes.estimator.transformer_blocks,
            unet_mid_blocks=sizes.estimator.middle_blocks,
            hift_channels=sizes.vocoder.width,
            f0_channels=sizes.vocoder.f0_width,
        )
        expected = {w.name: w.shape for w in getattr(layout, network)(same)}
        with Checkpoint.open(folder / f"{network}.pt") as checkpoint:
            found = {name: checkpoint.shape(name) for name in checkpoint.names}
        assert found == expected
