"""A release of CosyVoice3 -> the files of a pack.

Parts that 8 bits would degrade stay in float: the paths that a trained flow copies its
input through (first and last product, position layers), mu, and the pitch.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.convert.graphs.causal_vocoder import (
    F0_LOOK_AHEAD,
    build_causal_f0_predictor,
    build_causal_vocoder,
)
from wyoming_cosyvoice.convert.graphs.dit import build_dit, moments, take_rotation
from wyoming_cosyvoice.convert.graphs.dit_flow_encoder import build_dit_flow_encoder
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.later_families import (
    PITCH,
    write_language,
    write_manifest,
)
from wyoming_cosyvoice.convert.release.cosyvoice3 import Sizes3
from wyoming_cosyvoice.model.flow import schedule
from wyoming_cosyvoice.model.time_conditioning import MOMENTS
from wyoming_cosyvoice.pack.settings import CausalSettings
from wyoming_cosyvoice.text import LANGUAGES
from wyoming_cosyvoice.tokenizer.qwen_marks import COSYVOICE3

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.conversion import Conversion
    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
    from wyoming_cosyvoice.convert.release.cosyvoice3 import (
        CausalVocoderSizes,
        DitFlowSizes,
    )
    from wyoming_cosyvoice.pack.manifest import Manifest

MOST_STEPS = 10
"""A pack has the time parameters for all numbers of steps up to the original's."""


def write_cosyvoice3(job: Conversion) -> Manifest:
    """Write all files except the manifest, and return the manifest."""
    sizes = job.release.sizes
    if not isinstance(sizes, Sizes3):
        raise TypeError("the release is of another family")
    formats, vocoder = job.formats, sizes.vocoder
    write_language(job, sizes.language)
    write_dit_flow(job.flow, sizes.flow, job.directory, formats.sound)
    write_causal_vocoder(job.hift, vocoder, job.directory, formats.sound, PITCH)
    manifest = write_manifest(
        job,
        sizes,
        markup=COSYVOICE3,
        languages=LANGUAGES,
        vocoder=job.source_settings(
            sizes.source, sizes.sample_rate, vocoder.hift.frame_samples
        ),
        widths={
            "flow_estimator_width": sizes.flow.estimator.width,
            "flow_estimator_blocks": sizes.flow.estimator.blocks,
            "vocoder_width": vocoder.hift.width,
        },
    )
    causal = CausalSettings(
        spectrum_hop=vocoder.hift.hop,
        pitch_ahead=F0_LOOK_AHEAD,
        filter_ahead=vocoder.look_ahead_frames,
        limit=vocoder.hift.limit,
    )
    return replace(manifest, causal=causal)


def write_dit_flow(
    source: TensorSource, sizes: DitFlowSizes, directory: Path, stored: WeightFormat
) -> None:
    """Write the encoder, the estimator and the time parameters."""
    build_dit_flow_encoder(
        Layers(Graph(directory, "flow_encoder"), source, stored), sizes
    )
    build_dit(
        Layers(Graph(directory, "flow_estimator"), source, stored), sizes.estimator
    )
    take_rotation(source, sizes.estimator)
    counts = range(1, MOST_STEPS + 1)
    times = np.concatenate([schedule(steps)[:-1] for steps in counts])
    rows = moments(source, sizes.estimator, times)
    ends = np.cumsum(counts)
    tables = np.split(rows, ends[:-1])
    with zipfile.ZipFile(directory / MOMENTS, "w") as archive:
        for steps, table in zip(counts, tables, strict=True):
            # A fixed date: the same checkpoint gives the same bytes.
            member = zipfile.ZipInfo(f"{steps}.npy")
            with archive.open(member, "w") as file:
                np.lib.format.write_array(file, table, allow_pickle=False)


def write_causal_vocoder(
    source: TensorSource,
    sizes: CausalVocoderSizes,
    directory: Path,
    stored: WeightFormat,
    pitch: WeightFormat,
) -> None:
    """Write the pitch predictor and the vocoder."""
    build_causal_f0_predictor(
        Layers(Graph(directory, "f0_predictor"), source, pitch), sizes
    )
    build_causal_vocoder(Layers(Graph(directory, "vocoder"), source, stored), sizes)
