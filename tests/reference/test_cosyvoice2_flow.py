"""The encoder of CosyVoice2's flow against what the original computed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reference.directories import find_directory
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.positions import build_positions
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.upsampling_flow_encoder import (
    UP_BLOCKS,
    UpsamplingFlowSizes,
    build_upsampling_flow_encoder,
)
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.release import Network
from wyoming_cosyvoice.convert.release.sizes import EncoderSizes
from wyoming_cosyvoice.model.session import Stage

BOUND = 1e-3
WHOLE = 1 << 20


@pytest.fixture(scope="module")
def directory():
    return find_directory("cosyvoice2")


@pytest.fixture(scope="module")
def arrays(directory):
    return np.load(directory / "reference.npz", allow_pickle=False)


@pytest.fixture(scope="module")
def sizes(directory):
    flow = Section.read(directory / "checkpoint" / "cosyvoice2.yaml").section("flow")
    encoder = flow.section("encoder", "UpsampleConformerEncoder")
    return UpsamplingFlowSizes(
        vocabulary=flow.size("vocab_size"),
        speaker_width=flow.size("spk_embed_dim"),
        mel_bins=flow.size("output_size"),
        look_ahead_tokens=flow.size("pre_lookahead_len"),
        encoder=EncoderSizes(
            input_width=encoder.size("input_size"),
            width=encoder.size("output_size"),
            heads=encoder.size("attention_heads"),
            hidden=encoder.size("linear_units"),
            blocks=encoder.size("num_blocks"),
        ),
    )


@pytest.fixture(scope="module")
def pack(directory, sizes, tmp_path_factory):
    target = tmp_path_factory.mktemp("flow2")
    encoder = sizes.encoder
    stacks = (
        ("positions", "encoders", encoder.blocks),
        ("up_positions", "up_encoders", UP_BLOCKS),
    )
    with Checkpoint.open(directory / "checkpoint" / "flow.pt") as opened:
        network = Network(opened)

        def layers(name):
            return Layers(Graph(target, name), network, WeightFormat.FLOAT)

        for name, stack, blocks in stacks:
            build_positions(
                layers(name), "encoder", blocks, encoder.width, encoder.heads, stack
            )
        build_upsampling_flow_encoder(layers("flow_encoder"), sizes)
        assert all(name.startswith("decoder.") for name in network.unused())
    return target


@pytest.mark.parametrize("name", ["alone", "short", "zero_shot", "chunk", "chunk_last"])
def test_encoder(pack, arrays, sizes, directory, name):
    def case(key):
        return arrays[f"flow.{name}.{key}"]

    tokens = np.concatenate([case("prompt_token"), case("token")], axis=1)
    root = Section.read(directory / "checkpoint" / "cosyvoice2.yaml")
    chunk = root.size("chunk_size") if case("is_chunked") else WHOLE
    context = 0 if case("is_last") else sizes.look_ahead_tokens
    feeds = {
        "speech_tokens": tokens.astype(np.int64),
        "context": np.array([context]),
        "chunk": np.array([chunk]),
        "speaker_embedding": case("embedding"),
    }
    for stack, rows in (("positions", 1), ("up_positions", 2)):
        farthest = rows * tokens.shape[1]
        distances = np.arange(-farthest, farthest + 1, dtype=np.float32)
        tables = Stage(pack / f"{stack}.onnx", threads=1).run({"distances": distances})
        feeds |= {
            key.replace("positions", stack): table for key, table in tables.items()
        }
    found = Stage(pack / "flow_encoder.onnx", threads=1).run(feeds)
    expected = {"mu": case("mu").transpose(0, 2, 1), "speaker": case("spks")}
    for output, values in expected.items():
        assert found[output].shape == values.shape
        assert np.abs(found[output] - values).max() <= BOUND * np.abs(values).max()
