"""State and helpers shared by the converters of all families."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.extractors import copy_extractor, copy_in_half
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.voices import write_voices
from wyoming_cosyvoice.pack.settings import Precision, Sampling, SourceSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.release.network import Network
    from wyoming_cosyvoice.convert.release.release import Release
    from wyoming_cosyvoice.convert.release.sizes import (
        SamplingConstants,
        SourceConstants,
    )
    from wyoming_cosyvoice.convert.release.speakers import Speaker
    from wyoming_cosyvoice.pack.manifest import PackVoice

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Formats:
    """Weight formats of the parts of a pack."""

    language: WeightFormat
    """Text encoder and language model: few rows at a time."""

    sound: WeightFormat
    """Flow and vocoder: many rows at a time."""

    pitch: WeightFormat
    """Pitch errors of a hundredth of a tone are audible, and the network is small."""

    def for_drafts(self) -> Formats:
        """Return the formats of a language model that processes drafted tokens.

        It has several rows at a time, which are faster with a scale per column.
        """
        if self.language is not WeightFormat.BLOCKS8:
            return self
        return replace(self, language=WeightFormat.COLUMNS)


_FORMATS = {
    Precision.FP32: Formats(*[WeightFormat.FLOAT] * 3),
    Precision.FP16: Formats(*[WeightFormat.FLOAT16] * 3),
    Precision.INT8: Formats(
        WeightFormat.BLOCKS8, WeightFormat.COLUMNS, WeightFormat.HALF
    ),
    Precision.INT4: Formats(
        WeightFormat.BLOCKS4, WeightFormat.COLUMNS, WeightFormat.HALF
    ),
}


@dataclass(frozen=True, slots=True)
class Description:
    """Fields of the manifest that are not about the networks."""

    name: str
    source: str
    licence: str
    kind: str | None
    """None: chosen by the family."""
    precision: Precision


class Conversion:
    """One running conversion: the release, the folder of the pack and the formats."""

    def __init__(
        self,
        release: Release,
        directory: Path,
        description: Description,
        progress: Progress | None,
    ) -> None:
        self.release = release
        self.directory = directory
        self.description = description
        self.formats = _FORMATS[description.precision]
        counter = _Counter(release, progress)
        self.llm, self.flow, self.hift = map(
            counter.watch, (release.llm, release.flow, release.hift)
        )

    def layers(self, name: str, source: TensorSource, stored: WeightFormat) -> Layers:
        """Return the layers of the network ``<name>.onnx``."""
        return Layers(Graph(self.directory, name), source, stored)

    def write_extractors(self) -> None:
        """Write the cloning networks, if the release has them."""
        release = self.release
        if release.speaker_encoder is not None:
            is_exact = self.description.precision is Precision.FP32
            copy = copy_extractor if is_exact else copy_in_half
            copy(release.speaker_encoder, self.directory)
        if release.speech_tokenizer is not None:
            copy_extractor(release.speech_tokenizer, self.directory)

    def write_voices(
        self, speakers: tuple[Speaker, ...], languages: tuple[str, ...]
    ) -> tuple[PackVoice, ...]:
        """Write the speakers of the release as voices of these languages."""
        return tuple(write_voices(speakers, self.directory, languages))

    def copy_file(self, source: Path, name: str) -> None:
        """Copy a file of the release into the pack."""
        shutil.copyfile(source, self.directory / name)

    def source_settings(
        self, constants: SourceConstants, sample_rate: int, hop: int
    ) -> SourceSettings:
        """Read the weights of the source's harmonics, which are settings of a pack."""
        weights = self.hift.take("m_source.l_linear.weight", (1, constants.harmonics))
        offset = self.hift.take("m_source.l_linear.bias", (1,))
        return SourceSettings(
            sample_rate=sample_rate,
            hop=hop,
            harmonics=tuple(float(weight) for weight in weights[0]),
            offset=float(offset[0]),
            amplitude=constants.amplitude,
            noise=constants.noise,
            voiced_above_hz=constants.voiced_above_hz,
        )


def sampling_settings(constants: SamplingConstants) -> Sampling:
    """Return the sampling settings."""
    return Sampling(**asdict(constants))


class _Counter:
    """Counts the tensors read, for the progress bar."""

    def __init__(self, release: Release, progress: Progress | None) -> None:
        networks = (release.llm, release.flow, release.hift)
        self._total = sum(len(network.unused()) for network in networks)
        self._networks = networks
        self._progress = progress

    def watch(self, network: Network) -> TensorSource:
        """Return a tensor source that reports each tensor it reads."""
        return _Watched(network, self.report)

    def report(self) -> None:
        """Report the progress."""
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
