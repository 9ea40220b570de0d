"""A release of CosyVoice2 -> the files of a pack."""

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
from wyoming_cosyvoice.convert.graphs.vocoder import build_f0_predictor, build_vocoder
from wyoming_cosyvoice.convert.later_families import (
    PITCH,
    write_language,
    write_manifest,
)
from wyoming_cosyvoice.convert.release.cosyvoice2 import Sizes2
from wyoming_cosyvoice.text import BASIC
from wyoming_cosyvoice.tokenizer.qwen_marks import COSYVOICE2

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.conversion import Conversion
    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
    from wyoming_cosyvoice.convert.release.cosyvoice2 import UpsamplingFlowSizes
    from wyoming_cosyvoice.pack.manifest import Manifest


def write_cosyvoice2(job: Conversion) -> Manifest:
    """Write all files except the manifest, and return the manifest."""
    sizes = job.release.sizes
    if not isinstance(sizes, Sizes2):
        raise TypeError("the release is of another family")
    formats, hift = job.formats, job.hift
    write_language(job, sizes.language)
    write_upsampling_flow(job.flow, sizes.flow, job.directory, formats.sound)
    build_f0_predictor(job.layers("f0_predictor", hift, PITCH), sizes.vocoder)
    build_vocoder(job.layers("vocoder", hift, formats.sound), sizes.vocoder)
    return write_manifest(
        job,
        sizes,
        markup=COSYVOICE2,
        languages=BASIC,
        vocoder=job.source_settings(
            sizes.source, sizes.sample_rate, sizes.vocoder.frame_samples
        ),
        widths={
            "flow_encoder_width": sizes.flow.encoder.width,
            "flow_estimator_channels": sizes.flow.estimator.channels[0],
            "vocoder_width": sizes.vocoder.width,
        },
    )


def write_upsampling_flow(
    source: TensorSource,
    sizes: UpsamplingFlowSizes,
    directory: Path,
    stored: WeightFormat,
) -> None:
    """Write the encoder, its position tables and the estimator."""
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
