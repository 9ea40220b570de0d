"""``manifest.json``: the contents of a model pack and its settings.

The manifest is a tree of frozen dataclasses, which ``to_json`` writes and
``manifest_checks.parse_manifest`` reads. Nothing depends on time or place, so the same
model gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from wyoming_cosyvoice.pack.settings import (
    ADDED_LATER,
    CausalSettings,
    ChunkSettings,
    FlowSettings,
    MelSettings,
    Precision,
    Sampling,
    SourceSettings,
)

FORMAT_VERSION = 1
"""Incremented when an older version of the program could misread the pack."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of the pack."""

    name: str
    """Path inside the pack, with forward slashes."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackTokenizer:
    """The tokenizer that the model was trained with."""

    kind: str
    """One of ``manifest_checks.TOKENIZERS``."""
    tokens: int
    file: str | None = None
    """The vocabulary, a file of the pack; optional for whisper-bpe."""
    sounds: tuple[str, ...] = dataclasses.field(default=(), metadata=ADDED_LATER)
    """Markup of sounds that the model was trained on, such as ``[laughter]``: it
    reaches the model as written, and is silent with all others."""


@dataclass(frozen=True, slots=True)
class PackVoice:
    """One voice; the fields before ``file`` are those of ``voices.Voice``."""

    id: str
    speaker: str
    name: str
    description: str
    languages: tuple[str, ...]
    file: str
    """The speaker embedding and, of a saved recording, its prompt."""
    sentence_level_db: float | None = dataclasses.field(
        default=None, metadata=ADDED_LATER
    )
    """Level of its sentences after ``synth.delivery.speech_level``, -70 to 0 dB; short
    replies are adjusted to it. None if it was not measured."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything about a pack that can be known without opening its networks."""

    name: str
    source: str
    """Origin of the weights, for people."""
    licence: str
    precision: Precision
    sample_rate: int
    token_rate: int
    """Speech tokens per second."""
    tokenizer: PackTokenizer
    sampling: Sampling
    flow: FlowSettings
    vocoder: SourceSettings
    voices: tuple[PackVoice, ...]
    sizes: dict[str, int]
    """Widths and counts of the networks, for people and for ``bench``."""
    kind: str = "sft"
    """What the model was trained for: sft, zero-shot or instruct."""
    family: str = dataclasses.field(default="cosyvoice", metadata=ADDED_LATER)
    """One of ``manifest_checks.FAMILIES``."""
    chunks: ChunkSettings | None = dataclasses.field(default=None, metadata=ADDED_LATER)
    """For families whose flow works in chunks."""
    causal: CausalSettings | None = dataclasses.field(
        default=None, metadata=ADDED_LATER
    )
    """For the family whose vocoder is causal."""
    prompt_mel: MelSettings | None = dataclasses.field(
        default=None, metadata=ADDED_LATER
    )
    """Mel settings for recordings; None for those of the 300M family."""
    companions: tuple[str, ...] = dataclasses.field(default=(), metadata=ADDED_LATER)
    """Languages whose networks are in a pack of their own, a folder of that name in
    this one. It has the same voices and the same vocabulary."""
    files: tuple[PackFile, ...] = ()
    format_version: int = FORMAT_VERSION

    @property
    def own_bytes(self) -> int:
        """Size of the listed files, without those of companions."""
        return sum(file.size for file in self.files)

    def to_json(self) -> bytes:
        """Return the bytes of ``manifest.json``."""
        plain = _plain(self)
        text = json.dumps(plain, indent=2, sort_keys=True, ensure_ascii=False)
        return text.encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return dataclasses as dictionaries, without later fields at their defaults."""
    if not dataclasses.is_dataclass(value):
        return [_plain(item) for item in value] if isinstance(value, tuple) else value
    return {
        field.name: _plain(item)
        for field in dataclasses.fields(value)
        for item in [getattr(value, field.name)]
        if not (field.metadata == ADDED_LATER and item == field.default)
    }
