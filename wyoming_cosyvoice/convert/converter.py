"""A release -> a model pack, on the user's own machine.

Each network is written by a module of its own; here stand their order and which of them
is stored how. One tensor at a time is in memory, so a Raspberry Pi converts the full
model as well.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.extractors import copy_extractor, copy_in_half
from wyoming_cosyvoice.convert.graphs.flow_encoder import build_flow_encoder
from wyoming_cosyvoice.convert.graphs.flow_estimator import build_flow_estimator
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.positions import build_positions
from wyoming_cosyvoice.convert.graphs.quantize import Precision, WeightFormat
from wyoming_cosyvoice.convert.graphs.speech_lm import build_speech_lm
from wyoming_cosyvoice.convert.graphs.text_encoder import build_text_encoder
from wyoming_cosyvoice.convert.graphs.vocoder import build_f0_predictor, build_vocoder
from wyoming_cosyvoice.convert.release.release import Release
from wyoming_cosyvoice.convert.voices import write_voices
from wyoming_cosyvoice.errors import MalformedCheckpoint
from wyoming_cosyvoice.pack.manifest import Manifest, PackTokenizer
from wyoming_cosyvoice.pack.settings import (
    SPEECH_PHONES,
    FlowSettings,
    Sampling,
    SourceSettings,
)
from wyoming_cosyvoice.pack.writer import PackWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.release.release import (
        EncoderSizes,
        Network,
        SpeechLmSizes,
    )
    from wyoming_cosyvoice.pack.pack import Pack

    Progress = Callable[[int, int], None]

_SOURCE = "converted from a CosyVoice-300M release"
_LICENCE = "Apache-2.0"
# Bytes of a pack by bytes of its checkpoints, with a margin: for the check of space.
_SHARE = {Precision.FP32: 1.1, Precision.INT8: 0.35, Precision.INT4: 0.3}


@dataclass(frozen=True, slots=True)
class _Formats:
    """How each part of a pack stores its matrices."""

    language: WeightFormat
    """Text encoder and language model: few rows at a time."""

    sound: WeightFormat
    """Flow and vocoder: many rows at a time."""

    pitch: WeightFormat
    """A hundredth of a tone is heard, and the network is small."""


_FORMATS = {
    Precision.FP32: _Formats(*[WeightFormat.FLOAT] * 3),
    Precision.INT8: _Formats(
        WeightFormat.BLOCKS8, WeightFormat.COLUMNS, WeightFormat.HALF
    ),
    Precision.INT4: _Formats(
        WeightFormat.BLOCKS4, WeightFormat.COLUMNS, WeightFormat.HALF
    ),
}


def convert(
    checkpoint: Path,
    target: Path,
    *,
    precision: Precision = Precision.INT8,
    name: str | None = None,
    kind: str | None = None,
    source: str = _SOURCE,
    licence: str = _LICENCE,
    progress: Progress | None = None,
) -> Pack:
    """Convert the release in a folder and put the pack in its place when it is whole.

    ``progress`` is called with tensors done and in all. ``name`` and ``kind`` default
    to what the folder's name says.
    Raises: CheckpointError for the release, ModelError or ConfigError for the target.
    """
    with Release.open(checkpoint) as release:
        inputs = (release.llm.path, release.flow.path, release.hift.path)
        size = sum(path.stat().st_size for path in inputs) * _SHARE[precision]
        copied = [release.speaker_encoder, release.speech_tokenizer]
        size += sum(path.stat().st_size for path in copied if path is not None)
        with PackWriter(target, expected_bytes=int(size)) as writer:
            counter = _Counter(release, progress)
            _write_networks(release, writer.directory, _FORMATS[precision], counter)
            manifest = _write_rest(
                release,
                writer.directory,
                name=name or checkpoint.resolve().name,
                kind=kind or guess_kind(checkpoint.resolve().name),
                precision=precision,
                origin=(source, licence),
            )
            _refuse_leftovers(release)
            return writer.finish(manifest)


def guess_kind(name: str) -> str:
    """Return the kind of a release by its name."""
    lowered = name.lower()
    if "instruct" in lowered:
        return "instruct"
    return "zero-shot" if lowered.endswith("300m") else "sft"


def _write_networks(
    release: Release, directory: Path, formats: _Formats, counter: _Counter
) -> None:
    sizes = release.sizes
    llm, flow, hift = map(counter.watch, (release.llm, release.flow, release.hift))

    def network(name: str, source: TensorSource, stored: WeightFormat) -> Layers:
        return Layers(Graph(directory, name), source, stored)

    def positions(
        name: str,
        source: TensorSource,
        prefix: str,
        sizes: EncoderSizes | SpeechLmSizes,
    ) -> None:
        # A rounded position shifts every score that it is part of: 8 bits at least.
        layers = network(f"{name}_positions", source, formats.language).in_blocks()
        build_positions(layers, prefix, sizes.blocks, sizes.width, sizes.heads)

    text, lm = sizes.text_encoder, sizes.speech_lm
    build_text_encoder(network("text_encoder", llm, formats.language), text, lm)
    positions("text_encoder", llm, "text_encoder", text.encoder)
    build_speech_lm(network("speech_lm", llm, formats.language), lm)
    positions("speech_lm", llm, "llm", lm)
    build_flow_encoder(network("flow_encoder", flow, formats.sound), sizes.flow)
    positions("flow_encoder", flow, "encoder", sizes.flow.encoder)
    build_flow_estimator(
        network("flow_estimator", flow, formats.sound), sizes.estimator
    )
    build_f0_predictor(network("f0_predictor", hift, formats.pitch), sizes.vocoder)
    build_vocoder(network("vocoder", hift, formats.sound), sizes.vocoder)


def _write_rest(
    release: Release,
    directory: Path,
    *,
    name: str,
    kind: str,
    precision: Precision,
    origin: tuple[str, str],
) -> Manifest:
    """Write voices, vocabulary and extractors; return what the manifest says."""
    sizes = release.sizes
    if release.speaker_encoder is not None:
        is_exact = precision is Precision.FP32
        copy = copy_extractor if is_exact else copy_in_half
        copy(release.speaker_encoder, directory)
    if release.speech_tokenizer is not None:
        copy_extractor(release.speech_tokenizer, directory)
    vocabulary = release.tokenizer.vocabulary
    if vocabulary is not None:
        shutil.copyfile(vocabulary, directory / vocabulary.name)
    if release.tokenizer.speech_phones is not None:
        shutil.copyfile(release.tokenizer.speech_phones, directory / SPEECH_PHONES)
    weights = release.hift.take("m_source.l_linear.weight", (1, sizes.source.harmonics))
    offset = release.hift.take("m_source.l_linear.bias", (1,))
    lm, encoder = sizes.speech_lm, sizes.text_encoder.encoder
    return Manifest(
        name=name,
        source=origin[0],
        licence=origin[1],
        precision=precision.value,
        kind=kind,
        sample_rate=sizes.sample_rate,
        token_rate=sizes.token_rate,
        tokenizer=PackTokenizer(
            kind=release.tokenizer.kind,
            tokens=release.tokenizer.tokens,
            file=None if vocabulary is None else vocabulary.name,
        ),
        sampling=Sampling(**asdict(sizes.sampling)),
        flow=FlowSettings(sizes.steps, sizes.guidance, sizes.temperature),
        vocoder=SourceSettings(
            sample_rate=sizes.sample_rate,
            hop=sizes.vocoder.frame_samples,
            harmonics=tuple(float(weight) for weight in weights[0]),
            offset=float(offset[0]),
            amplitude=sizes.source.amplitude,
            noise=sizes.source.noise,
            voiced_above_hz=sizes.source.voiced_above_hz,
        ),
        voices=tuple(write_voices(release.speakers, directory)),
        sizes={
            "text_encoder_width": encoder.width,
            "text_encoder_blocks": encoder.blocks,
            "speech_lm_width": lm.width,
            "speech_lm_blocks": lm.blocks,
            "flow_encoder_width": sizes.flow.encoder.width,
            "flow_estimator_channels": sizes.estimator.channels[0],
            "vocoder_width": sizes.vocoder.width,
        },
    )


def _refuse_leftovers(release: Release) -> None:
    """Refuse tensors that no network has: the release is not what it seems to be."""
    for network in (release.llm, release.flow, release.hift):
        unused = network.unused()
        if unused:
            raise MalformedCheckpoint(
                f"{network.path} holds {len(unused)} tensors that no network takes, "
                f"the first of them {unused[0]!r}."
            )


class _Counter:
    """Counts tensors as they are taken."""

    def __init__(self, release: Release, progress: Progress | None) -> None:
        networks = (release.llm, release.flow, release.hift)
        self._total = sum(len(network.unused()) for network in networks)
        self._networks = networks
        self._progress = progress

    def watch(self, network: Network) -> TensorSource:
        """Return a source that reports what is taken from a network."""
        return _Watched(network, self.report)

    def report(self) -> None:
        """Tell how far the conversion is."""
        if self._progress is not None:
            left = sum(len(network.unused()) for network in self._networks)
            self._progress(self._total - left, self._total)


@dataclass(frozen=True, slots=True)
class _Watched:
    network: Network
    report: Callable[[], None]

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        tensor = self.network.take(name, shape)
        self.report()
        return tensor

    def take_double(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
        tensor = self.network.take_double(name, shape)
        self.report()
        return tensor
