"""Settings of the networks that a pack states and the networks follow.

The converter reads them from a release, the manifest keeps them, the networks are run
by them; none of the three needs another one for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ADDED_LATER = {"added_later": True}
"""Metadata of a field that earlier packs lack: its default is read for it, and is not
written, so that the packs of those who do not use it keep their bytes."""

SPEECH_PHONES = "speech_phones.json"
"""File of a pack whose speech tokens name phones: which phones those are."""

SPEAKER_ENCODER = "campplus.onnx"
"""File of a pack that can clone: recording -> speaker embedding."""

SPEECH_TOKENIZERS = (
    "speech_tokenizer_v1.onnx",
    "speech_tokenizer_v2.onnx",
    "speech_tokenizer_v3.onnx",
)
"""File of a pack that can clone: recording -> speech tokens; one per family."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn; a manifest has the values that its model was tuned for."""

    top_p: float = 0.8
    """The nucleus ends when its probabilities reach this sum, 0 < top_p <= 1."""

    top_k: int = 25
    """The nucleus has at most so many tokens."""

    window: int = 10
    """How many last tokens count as recent."""

    repetition: float = 0.1
    """A token is redrawn if it makes up this share of the window; above 1: never."""


@dataclass(frozen=True, slots=True)
class FlowSettings:
    """How the flow is solved."""

    steps: int = 10
    """Euler steps, 1 to 100; fewer are faster and rougher."""

    guidance: float = 0.7
    """Weight of classifier-free guidance, 0 or more; 0 halves the work."""

    temperature: float = 1.0
    """What the noise is multiplied by, 0 to 1; less is smoother and more alike."""

    guided_until: float = field(default=1.0, metadata=ADDED_LATER)
    """Time of the flow from which on its steps are not guided, 0 to 1; they take half
    the work."""

    def is_guided_at(self, time: float) -> bool:
        """Whether a step that begins at this time of the flow is guided."""
        return self.guidance > 0 and time < self.guided_until


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The source of one model, from its checkpoint."""

    sample_rate: int
    hop: int
    """Samples per mel frame."""

    harmonics: tuple[float, ...]
    """How much each harmonic adds; the first is the pitch itself."""

    offset: float
    amplitude: float = 0.1
    noise: float = 0.003
    """Standard deviation of the noise in voiced frames."""

    voiced_above_hz: float = 10.0


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How a language model and a flow that work in chunks go together."""

    speech_tokens: int
    """Tokens that are speech; all above end a sentence."""

    chunk_tokens: int
    """A frame sees its own chunk of so many tokens, and all chunks before."""

    look_ahead_tokens: int
    """Tokens after a chunk that it hears as well."""


@dataclass(frozen=True, slots=True)
class CausalSettings:
    """A vocoder whose convolutions hear only what came before."""

    spectrum_hop: int
    """Samples per step of its short-time spectrum."""

    pitch_ahead: int
    """Frames that the pitch predictor looks ahead."""

    filter_ahead: int
    """Frames that the filter looks ahead."""

    limit: float
    """Samples are clipped here."""


@dataclass(frozen=True, slots=True)
class MelSettings:
    """How the mel of a recording is computed, to be continued by the flow."""

    sample_rate: int = 22_050
    fft_size: int = 1024
    hop: int = 256
    high_hz: float = 8000.0
    """The highest band ends here."""
