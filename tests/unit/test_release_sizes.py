"""Sizes that a release states: read, checked against its weights, refused."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from models.random import layout
from models.random.configuration import configuration
from tests.unit.release_files import SPECTRUM, changed
from wyoming_cosyvoice.convert.release.read_sizes import read_sizes
from wyoming_cosyvoice.errors import (
    CheckpointError,
)


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
            ("hop_len: 4\n", "hop_len: 6\n", "twice the hop_len"),
        ],
    )
    def test_wrong_values_are_named(self, read_yaml, old, new, reason):
        with pytest.raises(CheckpointError, match=reason) as caught:
            read_sizes(read_yaml(changed(old, new)))
        assert "cosyvoice.yaml" in str(caught.value)
