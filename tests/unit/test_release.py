"""Releases are read as data: weights are checked and tags never obeyed."""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from models import layout
from models.configuration import configuration
from models.make_checkpoint import SPEAKERS, write_release
from models.torch_file import Tensor, write_torch_file
from tests import torch_files as tf
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import MAX_BYTES, Section
from wyoming_cosyvoice.convert.release.release import Network, Release
from wyoming_cosyvoice.convert.release.sizes import read_sizes
from wyoming_cosyvoice.convert.release.speakers import read_speakers
from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnsafeCheckpoint,
)

DATA = Path(__file__).parents[1] / "data"
SPECTRUM = "    istft_params:\n        n_fft: 16\n        hop_len: 4\n"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    write_release(folder, layout.TINY)
    return folder


@pytest.fixture
def release_folder(tiny, tmp_path):
    """Return a copy of the tiny release that a test may damage."""
    return Path(shutil.copytree(tiny, tmp_path / "release"))


@pytest.fixture
def read_yaml(tmp_path):
    def read(text):
        path = tmp_path / "cosyvoice.yaml"
        path.write_text(text, encoding="utf-8")
        return Section.read(path)

    return read


def changed(old, new, text=None):
    text = configuration(layout.TINY) if text is None else text
    assert old in text
    return text.replace(old, new, 1)


class TestSizes:
    def test_official_sizes(self, read_yaml):
        sizes = read_sizes(read_yaml(configuration(layout.FULL)))
        assert asdict(sizes) == {
            "sample_rate": 22050,
            "token_rate": 50,
            "text_encoder": {
                "encoder": {
                    "input_width": 512,
                    "width": 1024,
                    "heads": 16,
                    "hidden": 4096,
                    "blocks": 6,
                },
                "vocabulary": 51866,
                "speaker_width": 192,
            },
            "speech_lm": {
                "input_width": 1024,
                "width": 1024,
                "heads": 16,
                "hidden": 4096,
                "blocks": 14,
                "speech_vocabulary": 4096,
            },
            "sampling": {"top_p": 0.8, "top_k": 25, "window": 10, "repetition": 0.1},
            "flow": {
                "encoder": {
                    "input_width": 512,
                    "width": 512,
                    "heads": 8,
                    "hidden": 2048,
                    "blocks": 6,
                },
                "vocabulary": 4096,
                "speaker_width": 192,
                "mel_bins": 80,
                "regulator_layers": 4,
            },
            "guidance": 0.7,
            "steps": 10,
            "temperature": 1.0,
            "estimator": {
                "mel_bins": 80,
                "channels": (256, 256),
                "heads": 8,
                "head_width": 64,
                "transformer_blocks": 4,
                "middle_blocks": 12,
            },
            "vocoder": {
                "mel_bins": 80,
                "width": 512,
                "f0_width": 512,
                "n_fft": 16,
                "hop": 4,
                "upsample_rates": (8, 8),
                "upsample_taps": (16, 16),
                "block_taps": (3, 7, 11),
                "block_dilations": ((1, 3, 5), (1, 3, 5), (1, 3, 5)),
                "source_taps": (7, 11),
                "source_dilations": ((1, 3, 5), (1, 3, 5)),
                "slope": 0.1,
                "limit": 0.99,
            },
            "source": {
                "harmonics": 9,
                "amplitude": 0.1,
                "noise": 0.003,
                "voiced_above_hz": 10.0,
            },
        }
        assert sizes.vocoder.frame_samples == 256
        assert sizes.estimator.time_width == 1024

    def test_25_hz_tokens(self, read_yaml):
        text = changed("input_frame_rate: 50", "input_frame_rate: 25")
        assert read_sizes(read_yaml(text)).token_rate == 25

    def test_own_number_of_steps(self, read_yaml):
        text = configuration(layout.TINY) + "flow_steps: 6\n"
        assert read_sizes(read_yaml(text)).steps == 6

    def test_own_temperature(self, read_yaml):
        assert read_sizes(read_yaml(configuration(layout.TINY))).temperature == 1.0
        text = configuration(layout.TINY) + "flow_temperature: 0.6\n"
        assert read_sizes(read_yaml(text)).temperature == 0.6
        with pytest.raises(CheckpointError, match="flow_temperature"):
            read_sizes(read_yaml(text.replace("0.6", "1.5")))

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("llm.TransformerLM", "llm.Qwen2LM", "llm is 'Qwen2LM', not Transf"),
            ("ConditionalCFM", "CausalConditionalCFM", "decoder is 'Causal"),
            ("ConditionalDecoder", "CausalConditionalDecoder", "estimator is"),
            ("ConvRNNF0Predictor", "CausalConvRNNF0Predictor", "f0_predictor is"),
            ("'rel_pos_espnet'", "'rope'", "pos_enc_layer_type is 'rope'"),
            ("use_cnn_module: False", "use_cnn_module: True", "use_cnn_module"),
            ("static_chunk_size: 1", "static_chunk_size: 4", "static_chunk_size"),
            ("solver: 'euler'", "solver: 'heun'", "solver is 'heun'"),
            ("act_fn: 'gelu'", "act_fn: 'snakebeta'", "act_fn"),
            ("sample_rate: 22050", "sample_rate: 24000", "24000, not 22050"),
            ("input_frame_rate: 50", "input_frame_rate: 75", "input_frame_rate"),
            ("ras_sampling", "nucleus_sampling", "sampling is 'nucleus_sampling'"),
        ],
    )
    def test_networks_without_graphs_are_named(self, read_yaml, old, new, reason):
        with pytest.raises(CheckpointError, match=reason) as caught:
            read_sizes(read_yaml(changed(old, new)))
        assert "CosyVoice-300M" in caught.value.remedy

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("    num_mid_blocks: 2\n", "\n", "num_mid_blocks is missing"),
            ("num_mid_blocks: 2", "num_mid_blocks: two", "'two', not a size"),
            ("num_mid_blocks: 2", "num_mid_blocks: 0", "0', not a size"),
            ("num_mid_blocks: 2", "num_mid_blocks: -1", "-1', not a size"),
            ("num_mid_blocks: 2", "num_mid_blocks: true", "True', not a size"),
            ("num_mid_blocks: 2", "num_mid_blocks: 99999999", "not a size"),
            ("num_mid_blocks: 2", "num_mid_blocks: !ref <gone>", "refers to <gone>"),
            ("num_mid_blocks: 2", "num_mid_blocks: !ref <hift>", "not a size"),
            ("channels: [16, 16]", "channels: []", "not a list of sizes"),
            ("channels: [16, 16]", "channels: 16", "not a list of sizes"),
            ("[[1, 3, 5], [1, 3, 5], [1, 3, 5]]", "[1, 3]", "not a list of sizes"),
            ("upsample_rates: [8, 8]", "upsample_rates: [8]", "differ in length"),
            ("top_p: 0.8", "top_p: 1.5", "0.01 to 1.0 is allowed"),
            ("top_p: 0.8", "top_p: .nan", "is allowed"),
            ("top_p: 0.8", "top_p: [0.8]", "top_p is not a number"),
            ("inference_cfg_rate: 0.7", "inference_cfg_rate: .inf", "is allowed"),
            ("attention_heads: 2", "attention_heads: 3", "cannot be divided"),
            ("vocab_size: 4096", "vocab_size: 4097", "vocab_size differs"),
            ("llm: !new:", "lm: !new:", "llm is missing"),
            ("<llm_input_size>", "<sample_rate>", "llm_input_size differs"),
            ("<llm_output_size>", "<sample_rate>", "llm_output_size differs"),
            ("input_layer: 'linear'", "input_layer: 3", "input_layer is '3'"),
            ("output_type: 'mel'", "output_size: 40", "key twice"),
            ("in_channels: 80\n    base", "in_channels: 40\n    base", "in_channels"),
            ("base_channels: 32", "base_channels: 30", "cannot be halved"),
            (
                "resblock_kernel_sizes: [3, 7, 11]",
                "resblock_kernel_sizes: [3, 7]",
                "resblock_dilation_sizes differ in length",
            ),
            (
                "        input_size: !ref <text_encoder_input_size>\n",
                "        input_size: 8\n",
                "text_encoder_input_size differs",
            ),
            ("    vocab_size: 4096\n", "    vocab_size: many\n", "not a size"),
            ("    input_size: 16\n    output", "    input_size: 8\n    output", "diff"),
            (SPECTRUM, "    istft_params: 1\n", "istft_params is not a section"),
        ],
    )
    def test_wrong_values_are_named(self, read_yaml, old, new, reason):
        with pytest.raises(CheckpointError, match=reason) as caught:
            read_sizes(read_yaml(changed(old, new)))
        assert "cosyvoice.yaml" in str(caught.value)


class TestConfiguration:
    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("<a>", 6),
            ("<a> * 2", 12),
            ("<a>*<b>", 24),
            ("<a> // <b>", 1),
            ("<a> / 2", 3),
            ("<a> + 1", 7),
            ("<a> - <b>", 2),
            ("<inner[c]>", 5),
            ("<inner[chain]>", 6),
        ],
    )
    def test_references(self, read_yaml, expression, value):
        section = read_yaml(
            f"a: 6\nb: 4\ninner:\n  c: 5\n  chain: !ref <a>\nx: !ref {expression}\n"
        )
        assert section.size("x") == value

    @pytest.mark.parametrize(
        "expression",
        [
            "<x>",
            "<y>",
            "<a> / 0",
            "<a> ** 9",
            "<a> * <text>",
            "__import__('os')",
            "<a>.__class__",
            "<a> * 1e99",
            "<a> * 1.2.3",
            "<a> * " + "9" * 400,
            "<a> / 0." + "0" * 320 + "1",
            "<a> // 0." + "0" * 320 + "1",
            "",
            "<inner[gone]>",
            "<a[b]>",
        ],
    )
    def test_bad_references(self, read_yaml, expression):
        section = read_yaml(
            f"a: 6\ntext: words\ninner: {{}}\ny: !ref <x>\nx: !ref {expression}\n"
        )
        with pytest.raises(MalformedCheckpoint):
            section.size("x")

    def test_tags_of_training_are_neither_obeyed_nor_refused(self, read_yaml):
        section = read_yaml(
            "seed: !apply:os.system ['exit 1']\n"
            "open: !name:builtins.open\n  file: x\n"
            "copy: !copy <seed>\n"
            "tuple: !tuple (1, 2)\n"
            "module: !new:no.such.module.Class\n"
            "width: 4\n"
        )
        assert section.size("width") == 4

    @pytest.mark.parametrize(
        "text",
        [
            "x: !!python/object/apply:os.system ['exit 1']",
            "x: !!python/name:os.system",
            "x: !!python/module:os",
        ],
    )
    def test_tags_of_python_are_refused(self, read_yaml, text):
        with pytest.raises(MalformedCheckpoint, match="not valid YAML"):
            read_yaml(text)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("a: &a [x]\nb: [*a, *a]\n", "aliases"),
            ("a: &a\n  <<: *a\n", "aliases"),
            ("a: " + "[" * 5000 + "]" * 5000, "deeper"),
            ("a: " + "{b: " * 5000 + "}" * 5000, "deeper"),
            ("a: 1\na: 2\n", "key twice"),
            ("a: " + "9" * 10_000, "not valid YAML"),
            ("a: 2020-99-99", "not valid YAML"),
            ("a: [1", "in line"),
            ("\ta: 1", "in line"),
            ("", "not a mapping"),
            ("- 1", "not a mapping"),
            ("? [1]\n: 2", "not valid YAML"),
        ],
    )
    def test_malformed(self, read_yaml, text, reason):
        with pytest.raises(MalformedCheckpoint, match=reason):
            read_yaml(text)

    @pytest.mark.parametrize(
        "value",
        [
            *('!!int ""', "!!int x", "!!int 1.2.3", "!!int [1]", "!!int 0b", "!!int +"),
            *('!!float ""', "!!float 1.2.3", "!!float {}", "!!float 1:x"),
            *("!!bool maybe", '!!bool ""', "!!bool [1]", "!!null [1]"),
            *(
                "!!timestamp x",
                '!!timestamp ""',
                "!!timestamp 2020-13-40",
                "2020-02-30",
            ),
            *("!!binary é", "!!binary [1]", "!!set x", "!!omap x", "!!pairs [1]"),
            *("!!seq x", "!!map x", "!!str [1]", "!!merge x", "!!value x"),
            *(
                "{[a]: 1}",
                "{{a: 1}: 1}",
                "{!x [a]: 1}",
                "{!x {a: b}: 1}",
                "{? [a] : 1}",
            ),
            *("9" * 5_000, "-" + "9" * 5_000, "1e" + "9" * 5_000, "0x" + "f" * 50_000),
            *("9_" * 5_000 + "9", "1:" * 3_000 + "1", "1:" * 3_000 + "1.5", ".inf"),
            *(
                ".nan",
                "-.inf",
                "1.2.3",
                "!!python/none",
                "!!x y",
                "!x",
                "!x y",
                "!<> y",
            ),
            *("{<<: x}", "{<<: [x]}", "{<<: [[x]]}", "0b2", "08", "0o9", "1__0", "\\x"),
            *('"\\ud800"', '"\\U00110000"', "'\\0'", "%YAML", "--- x", "@", "`", "*a"),
        ],
        ids=lambda value: value[:20],
    )
    @pytest.mark.parametrize("name", ["sample_rate", "seed", "llm", "text_tokenizer"])
    def test_odd_values_are_read_or_refused_with_a_reason(self, tmp_path, name, value):
        text = configuration(layout.TINY)
        text = re.sub(rf"^{name}: .*$", "", text, flags=re.MULTILINE)
        path = tmp_path / "cosyvoice.yaml"
        path.write_text(f"{name}: {value}\n{text}", encoding="utf-8")
        with contextlib.suppress(CheckpointError):
            configured = Section.read(path)
            read_sizes(configured)
            configured.text(name)

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ('!!int ""', r"in line 1: '' is not a value of the kind int\."),
            ("!!timestamp x", r"in line 1: 'x' is not a value of the kind timestamp\."),
            (
                "[1, !!float 1.2.3]",
                r"in line 1: '1.2.3' is not a value of the kind float",
            ),
            ("9" * 5_000, r"in line 1: '9{39} is not a value of the kind int"),
        ],
    )
    def test_an_odd_value_is_named_with_its_line(self, read_yaml, value, reason):
        with pytest.raises(MalformedCheckpoint, match=reason):
            read_yaml(f"x: {value}")

    def test_too_large(self, read_yaml):
        with pytest.raises(UnsafeCheckpoint, match="larger"):
            read_yaml("#" * (MAX_BYTES + 1))

    def test_not_utf8(self, tmp_path):
        (tmp_path / "x.yaml").write_bytes(b"a: \xff\xfe")
        with pytest.raises(MalformedCheckpoint):
            Section.read(tmp_path / "x.yaml")


class TestNetwork:
    def open(self, path, **tensors):
        tree = {
            name.replace("__", "."): Tensor(array.shape, lambda array=array: array)
            for name, array in tensors.items()
        }
        write_torch_file(path, tree)
        return Checkpoint.open(path)

    def test_take_checks_the_shape(self, tmp_path):
        with self.open(tmp_path / "x.pt", a=np.ones((2, 3), np.float32)) as checkpoint:
            network = Network(checkpoint)
            with pytest.raises(MalformedCheckpoint, match=r"\(2, 3\) where \(3, 2\)"):
                network.take("a", (3, 2))
            assert network.take("a", (2, 3)).shape == (2, 3)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_take_refuses_what_is_not_finite(self, tmp_path, value):
        array = np.array([1, value], np.float32)
        with self.open(tmp_path / "x.pt", a=array) as checkpoint:
            network = Network(checkpoint)
            with pytest.raises(MalformedCheckpoint, match="not finite"):
                network.take("a", (2,))

    def test_unused_names_what_was_never_taken(self, tmp_path):
        one = np.ones(1, np.float32)
        with self.open(tmp_path / "x.pt", a=one, b=one, c=one) as checkpoint:
            network = Network(checkpoint)
            network.take("b", (1,))
            assert network.unused() == ("a", "c")

    def test_missing(self, tmp_path):
        one = np.ones(1, np.float32)
        with self.open(tmp_path / "x.pt", a=one) as checkpoint:
            with pytest.raises(MalformedCheckpoint, match="lacks the tensor 'b'"):
                Network(checkpoint).take("b", (1,))
            with pytest.raises(MalformedCheckpoint, match=r"lacks .* 'b\.weight'"):
                Network(checkpoint).take("b.weight", (1,))

    def test_integers_are_no_weights(self):
        with (
            Checkpoint.open(DATA / "torch_tensors.pt") as checkpoint,
            pytest.raises(MalformedCheckpoint, match="integers"),
        ):
            Network(checkpoint).take("int64", (5,))

    @pytest.mark.parametrize(
        ("kind", "shape"), [("new", (3, 2, 2)), ("old", (2, 3, 2))]
    )
    def test_weight_norm_is_resolved_as_pytorch_does(self, kind, shape):
        with Checkpoint.open(DATA / "torch_state.pt") as checkpoint:
            network = Network(checkpoint)
            weight = network.take(f"{kind}.weight", shape)
            expected = checkpoint.read(f"effective.{kind}")
            assert not any(name.startswith(f"{kind}.w") for name in network.unused())
        np.testing.assert_allclose(weight, expected, rtol=1e-6)

    def test_weight_norm_of_zeros_is_refused(self, tmp_path):
        parts = {
            "a__weight_g": np.ones((2, 1, 1), np.float32),
            "a__weight_v": np.zeros((2, 3, 1), np.float32),
        }
        with (
            self.open(tmp_path / "x.pt", **parts) as checkpoint,
            pytest.raises(MalformedCheckpoint, match="without direction"),
        ):
            Network(checkpoint).take("a.weight", (2, 3, 1))

    def test_prefix_is_removed(self, tmp_path):
        one = np.ones(1, np.float32)
        with self.open(tmp_path / "x.pt", generator__a=one, b=one) as checkpoint:
            network = Network(checkpoint, prefix="generator.")
            assert network.take("a", (1,)) == 1
            assert network.take("b", (1,)) == 1

    @pytest.mark.parametrize("prefix", ["", "generator."])
    def test_names_of_training_on_several_devices_are_read(self, tmp_path, prefix):
        weight = Tensor((2,), lambda: np.ones(2, np.float32))
        tree = {f"module.{prefix}a": weight, f"module.{prefix}b": weight}
        write_torch_file(tmp_path / "x.pt", tree)
        with Checkpoint.open(tmp_path / "x.pt") as checkpoint:
            network = Network(checkpoint, prefix="generator.")
            assert network.take("a", (2,)).tolist() == [1, 1]
            assert network.unused() == (f"module.{prefix}b",)

    @pytest.mark.parametrize(
        "tree",
        [
            lambda state: {"state_dict": state, "epoch": 1},
            lambda state: {"model": state, "optimizer": {"momentum": state}},
            lambda state: {"generator": state, "step": 3},
            lambda state: {"ema": {"state_dict": {"module": state}}},
        ],
    )
    def test_a_network_in_a_dict_of_training_is_read(self, tmp_path, tree):
        state = {"a": Tensor((2,), lambda: np.ones(2, np.float32))}
        write_torch_file(tmp_path / "x.pt", tree(state))
        with Checkpoint.open(tmp_path / "x.pt") as checkpoint:
            assert Network(checkpoint).take("a", (2,)).tolist() == [1, 1]

    def test_several_networks_get_a_hint(self, tmp_path):
        state = {"a": Tensor((2,), lambda: np.ones(2, np.float32))}
        write_torch_file(tmp_path / "x.pt", {"g": state, "d": state})
        with (
            Checkpoint.open(tmp_path / "x.pt") as checkpoint,
            pytest.raises(MalformedCheckpoint, match=r"torch\.save\(model\.state_dict"),
        ):
            Network(checkpoint).take("a", (2,))

    def test_a_name_with_and_without_prefix_is_refused(self, tmp_path):
        one = np.ones(1, np.float32)
        with (
            self.open(tmp_path / "x.pt", generator__a=one, a=one) as checkpoint,
            pytest.raises(MalformedCheckpoint, match="with and without"),
        ):
            Network(checkpoint, prefix="generator.")


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
    def test_values_that_are_no_embedding_are_refused(self, tmp_path, embedding):
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
