"""Settings of the networks, stored in the manifest of a pack.

The converter reads them from a release, the manifest stores them and the networks use
them, so none of the three has to import another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

ADDED_LATER = {"added_later": True}
"""Metadata of a field that older packs lack: if it is missing, its default is used; a
default is not written, so packs that do not use the field keep their bytes."""

SPEECH_PHONES = "speech_phones.json"
"""File with the phones of the speech tokens, in packs whose tokens are phones."""

SPEAKER_ENCODER = "campplus.onnx"
"""File of a pack that can clone: recording -> speaker embedding."""

SPEECH_TOKENIZERS = (
    "speech_tokenizer_v1.onnx",
    "speech_tokenizer_v2.onnx",
    "speech_tokenizer_v3.onnx",
)
"""File of a pack that can clone: recording -> speech tokens; one per family."""


class Precision(StrEnum):
    """How a pack stores its large matrices; a member is also what users write."""

    INT8 = "int8"
    INT4 = "int4"
    FP16 = "fp16"
    FP32 = "fp32"


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling of speech tokens; the manifest has the values tuned for its model."""

    top_p: float = 0.8
    """The nucleus ends when its probabilities reach this sum, 0 < top_p <= 1."""

    top_k: int = 25
    """Maximum number of tokens in the nucleus."""

    window: int = 10
    """Number of last tokens that count as recent."""

    repetition: float = 0.1
    """A token is redrawn if its share of the window reaches this; above 1: never."""


@dataclass(frozen=True, slots=True)
class FlowSettings:
    """Settings of the flow's ODE solver."""

    steps: int = 10
    """Euler steps, 1 to 100; fewer are faster and rougher."""

    guidance: float = 0.7
    """Weight of classifier-free guidance, 0 or more; 0 halves the work."""

    temperature: float = 1.0
    """Scale of the initial noise, 0 to 1; lower is smoother and less varied."""

    guided_until: float = field(default=1.0, metadata=ADDED_LATER)
    """Flow time, 0 to 1, from which steps are not guided; such steps take half the
    work."""

    def is_guided_at(self, time: float) -> bool:
        """Whether a step that starts at this flow time is guided."""
        return self.guidance > 0 and time < self.guided_until


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Settings of the vocoder's harmonic source, from the checkpoint."""

    sample_rate: int
    hop: int
    """Samples per mel frame."""

    harmonics: tuple[float, ...]
    """Weight of each harmonic; the first is the fundamental."""

    offset: float
    amplitude: float = 0.1
    noise: float = 0.003
    """Standard deviation of the noise in voiced frames."""

    voiced_above_hz: float = 10.0


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """Chunk sizes shared by the language model and the flow."""

    speech_tokens: int
    """Number of speech tokens; higher ids end a sentence."""

    chunk_tokens: int
    """Tokens per chunk; a frame attends to its own chunk and all chunks before."""

    look_ahead_tokens: int
    """Tokens after a chunk that are part of its input."""


@dataclass(frozen=True, slots=True)
class CausalSettings:
    """Settings of a vocoder with causal convolutions."""

    spectrum_hop: int
    """Samples per step of its short-time spectrum."""

    pitch_ahead: int
    """Look-ahead of the pitch predictor in frames."""

    filter_ahead: int
    """Look-ahead of the filter in frames."""

    limit: float
    """Samples are clipped at this amplitude."""


@dataclass(frozen=True, slots=True)
class MelSettings:
    """Mel spectrogram of a recording, as a prompt for the flow."""

    sample_rate: int = 22_050
    fft_size: int = 1024
    hop: int = 256
    high_hz: float = 8000.0
    """Upper edge of the highest band."""
