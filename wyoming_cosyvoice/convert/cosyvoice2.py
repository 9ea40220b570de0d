"""The flow of CosyVoice2 -> the networks of a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.graphs.causal_flow_estimator import (
    build_causal_flow_estimator,
)
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.positions import build_positions
from wyoming_cosyvoice.convert.graphs.upsampling_flow_encoder import (
    UP_BLOCKS,
    build_upsampling_flow_encoder,
)

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
    from wyoming_cosyvoice.convert.release.cosyvoice2 import UpsamplingFlowSizes


def write_upsampling_flow(
    source: TensorSource,
    sizes: UpsamplingFlowSizes,
    directory: Path,
    stored: WeightFormat,
) -> None:
    """Write the encoder, its tables of positions and the estimator."""
    encoder = sizes.encoder

    def layers(name: str) -> Layers:
        return Layers(Graph(directory, name), source, stored)

    for name, stack, blocks in (
        ("flow_encoder_positions", "encoders", encoder.blocks),
        ("flow_encoder_up_positions", "up_encoders", UP_BLOCKS),
    ):
        build_positions(
            layers(name).in_blocks(),
            "encoder",
            blocks,
            encoder.width,
            encoder.heads,
            stack,
        )
    build_upsampling_flow_encoder(layers("flow_encoder"), sizes)
    build_causal_flow_estimator(layers("flow_estimator"), sizes.estimator)
