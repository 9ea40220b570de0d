"""``manifest.json``: the contents of a model pack and its settings.

The manifest is a tree of frozen dataclasses; ``to_json`` and ``from_json`` follow their
fields strictly: unknown, missing and repeated keys, wrong types and numbers out of
range are errors. Nothing depends on time or place, so the same model gives the same
bytes.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from wyoming_cosyvoice.errors import ModelCorrupt, ModelUnsupported
from wyoming_cosyvoice.pack.settings import (
    ADDED_LATER,
    CausalSettings,
    ChunkSettings,
    FlowSettings,
    MelSettings,
    Sampling,
    SourceSettings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT_VERSION = 1
"""Incremented when an older version of the program could misread the pack."""

MAX_MANIFEST_BYTES = 4 << 20
PRECISIONS = ("fp32", "int8", "int4")
FAMILIES = ("cosyvoice", "cosyvoice2", "cosyvoice3")
"""The model architectures: which networks a pack has and how they are run."""

KINDS = ("sft", "zero-shot", "instruct")
TOKENIZERS = ("whisper-bpe", "phonemes", "qwen-bpe-2", "qwen-bpe-3", "none")


_FAMILY_NEEDS: dict[str, set[str]] = {
    "cosyvoice": set(),
    "cosyvoice2": {"chunks", "prompt_mel"},
    "cosyvoice3": {"chunks", "prompt_mel", "causal"},
}
_MAX_FILE_BYTES = 1 << 40
_MAX_FILES = 4096
_MAX_VOICES = 1000
_MAX_RATE = 192_000
_MAX_STEPS = 100
_MAX_GUIDANCE = 10.0
_MAX_HARMONICS = 64
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_FILE_NAME = re.compile(rf"{_PART}(/{_PART}){{0,2}}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REMEDY = "Convert or download the model again."


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
    """One of TOKENIZERS."""
    tokens: int
    file: str | None = None
    """The vocabulary, a file of the pack; optional for whisper-bpe."""


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
    precision: str
    """fp32, int8 or int4."""
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
    """One of FAMILIES."""
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
    files: tuple[PackFile, ...] = ()
    format_version: int = FORMAT_VERSION

    def to_json(self) -> bytes:
        """Return the bytes of ``manifest.json``."""
        plain = _plain(self)
        text = json.dumps(plain, indent=2, sort_keys=True, ensure_ascii=False)
        return text.encode() + b"\n"

    @classmethod
    def from_json(cls, content: bytes, where: str) -> Manifest:
        """Read the bytes of a manifest; ``where`` names it in errors.

        Raises: ModelCorrupt if it is damaged, ModelUnsupported if it was written for a
        later version or needs networks that this version does not know.
        """
        plain = _parse(content, where)
        version = plain.get("format_version")
        if type(version) is int and version > FORMAT_VERSION:
            raise ModelUnsupported(
                f"{where} has format version {version}; {FORMAT_VERSION} can be read.",
                remedy="Update this program, or convert the model again.",
            )
        manifest: Manifest = _Decoder(where).decode(Manifest, plain, "manifest")
        _check(manifest, where)
        return manifest


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


def is_file_name(name: str) -> bool:
    """Whether a name is allowed in a pack: a plain relative path inside it."""
    return _FILE_NAME.fullmatch(name) is not None and name != "manifest.json"


def _parse(content: bytes, where: str) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key is repeated")
        return dict(pairs)

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number")

    if len(content) > MAX_MANIFEST_BYTES:
        _fail(where, f"is larger than {MAX_MANIFEST_BYTES} bytes")
    try:
        plain = json.loads(content, object_pairs_hook=unique, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        _fail(where, f"is not valid JSON: {str(error)[:100]}")
    if not isinstance(plain, dict):
        _fail(where, "is not a JSON object")
    return plain


def _fail(where: str, reason: str) -> NoReturn:
    raise ModelCorrupt(f"{where} {reason}.", remedy=_REMEDY)


@dataclass(frozen=True, slots=True)
class _Decoder:
    """Decodes JSON values into the types of annotations."""

    where: str

    def decode(self, kind: Any, value: Any, at: str) -> Any:
        if dataclasses.is_dataclass(kind):
            return self._dataclass(kind, value, at)
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is types.UnionType:
            return None if value is None else self.decode(arguments[0], value, at)
        if origin is tuple:
            if not isinstance(value, list):
                _fail(self.where, f"must have a list at {at}")
            items = enumerate(value)
            return tuple(self.decode(arguments[0], v, f"{at}[{i}]") for i, v in items)
        if origin is dict:
            if not isinstance(value, dict):
                _fail(self.where, f"must have an object at {at}")
            return {k: self.decode(arguments[1], v, at) for k, v in value.items()}
        if kind is float and type(value) is int:
            # Some writers drop the decimal point of a whole float.
            value = float(value) if abs(value) < _MAX_FILE_BYTES else math.inf
        if type(value) is not kind:
            _fail(self.where, f"must have a value of type {kind.__name__} at {at}")
        if kind is float and not math.isfinite(value):
            _fail(self.where, f"has a number that is not finite at {at}")
        return value

    def _dataclass(self, kind: Any, value: Any, at: str) -> Any:
        if not isinstance(value, dict):
            _fail(self.where, f"must have an object at {at}")
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)
        names = {field.name for field in fields}
        absent = {field.name for field in fields if field.metadata == ADDED_LATER}
        absent -= value.keys()
        for name in sorted(names ^ value.keys() ^ absent):
            is_missing = name in names
            reason = "lacks" if is_missing else "has the unknown key"
            _fail(self.where, f"{reason} {name[:40]!r} at {at}")
        return kind(
            **{
                name: self.decode(hints[name], value[name], f"{at}.{name}")
                for name in names - absent
            }
        )


def _check(manifest: Manifest, where: str) -> None:
    """Check values that have the right type but may be out of range."""
    for known, word in (
        (PRECISIONS, manifest.precision),
        (KINDS, manifest.kind),
        (FAMILIES, manifest.family),
        (TOKENIZERS, manifest.tokenizer.kind),
    ):
        if word not in known:
            raise ModelUnsupported(
                f"{where} needs {word[:40]!r}; known are {', '.join(known)}.",
                remedy="Update this program, or convert the model again.",
            )
    sampling, flow, source = manifest.sampling, manifest.flow, manifest.vocoder
    ranges: tuple[tuple[str, float, float, float], ...] = (
        ("format_version", manifest.format_version, 1, FORMAT_VERSION),
        ("sample_rate", manifest.sample_rate, 8000, _MAX_RATE),
        ("token_rate", manifest.token_rate, 1, 1000),
        ("tokenizer.tokens", manifest.tokenizer.tokens, 1, 1 << 20),
        ("sampling.top_p", sampling.top_p, 1e-3, 1.0),
        ("sampling.top_k", sampling.top_k, 1, 1 << 20),
        ("sampling.window", sampling.window, 0, 1 << 20),
        ("sampling.repetition", sampling.repetition, 0.0, 1000.0),
        ("flow.steps", flow.steps, 1, _MAX_STEPS),
        ("flow.guidance", flow.guidance, 0.0, _MAX_GUIDANCE),
        ("flow.temperature", flow.temperature, 0.0, 1.0),
        ("flow.guided_until", flow.guided_until, 0.0, 1.0),
        ("vocoder.sample_rate", source.sample_rate, 8000, _MAX_RATE),
        ("vocoder.hop", source.hop, 1, 1 << 16),
        ("vocoder.harmonics", len(source.harmonics), 1, _MAX_HARMONICS),
        ("files", len(manifest.files), 1, _MAX_FILES),
        ("voices", len(manifest.voices), 0, _MAX_VOICES),
        *(
            (f"sentence_level_db of {voice.id[:40]}", level_db, -70.0, 0.0)
            for voice in manifest.voices
            for level_db in [voice.sentence_level_db]
            if level_db is not None
        ),
        *((f"size of {f.name}", f.size, 0, _MAX_FILE_BYTES) for f in manifest.files),
    )
    _check_ranges(ranges, where)
    _check_family(manifest, where)
    _check_files(manifest, where)
    _check_voices(manifest, where)


def _check_family(manifest: Manifest, where: str) -> None:
    """Check that the settings of the family are complete and in range."""
    needed = _FAMILY_NEEDS[manifest.family]
    for name in ("chunks", "causal", "prompt_mel"):
        if (getattr(manifest, name) is not None) != (name in needed):
            reason = "lacks" if name in needed else "has"
            _fail(where, f"{reason} {name!r} in the family {manifest.family}")
    numbers: list[tuple[str, float, float, float]] = []
    if manifest.chunks is not None:
        chunks = manifest.chunks
        numbers += [
            ("chunks.speech_tokens", chunks.speech_tokens, 1, 1 << 20),
            ("chunks.chunk_tokens", chunks.chunk_tokens, 1, 1 << 12),
            ("chunks.look_ahead_tokens", chunks.look_ahead_tokens, 0, 1 << 8),
        ]
    if manifest.causal is not None:
        causal = manifest.causal
        numbers += [
            ("causal.spectrum_hop", causal.spectrum_hop, 1, 1 << 10),
            ("causal.pitch_ahead", causal.pitch_ahead, 0, 1 << 8),
            ("causal.filter_ahead", causal.filter_ahead, 0, 1 << 8),
            ("causal.limit", causal.limit, 0.01, 1.0),
        ]
    if manifest.prompt_mel is not None:
        mel = manifest.prompt_mel
        numbers += [
            ("prompt_mel.sample_rate", mel.sample_rate, 8000, _MAX_RATE),
            ("prompt_mel.fft_size", mel.fft_size, 64, 1 << 14),
            ("prompt_mel.hop", mel.hop, 1, mel.fft_size),
            ("prompt_mel.high_hz", mel.high_hz, 1000.0, mel.sample_rate / 2),
        ]
    _check_ranges(numbers, where)


def _check_ranges(
    ranges: Iterable[tuple[str, float, float, float]], where: str
) -> None:
    for name, value, low, high in ranges:
        if not low <= value <= high:
            _fail(where, f"has {name} = {value}; the range is {low} to {high}")


def _check_files(manifest: Manifest, where: str) -> None:
    names = [file.name for file in manifest.files]
    for file in manifest.files:
        if not is_file_name(file.name):
            _fail(
                where, f"names the file {file.name[:80]!r}, which is not a valid name"
            )
        if not _SHA256.fullmatch(file.sha256):
            _fail(where, f"has an invalid SHA-256 of {file.name}")
    # Some file systems ignore case.
    if len({name.casefold() for name in names}) != len(names):
        _fail(where, "lists a file twice")
    wanted = [voice.file for voice in manifest.voices]
    if manifest.tokenizer.file is not None:
        wanted.append(manifest.tokenizer.file)
    for name in wanted:
        if name not in names:
            _fail(where, f"refers to the file {name[:80]!r}, which it does not list")


def _check_voices(manifest: Manifest, where: str) -> None:
    ids = [voice.id for voice in manifest.voices]
    if len(set(ids)) != len(ids):
        _fail(where, "lists a voice twice")
    for voice in manifest.voices:
        shown = (voice.id, voice.speaker, voice.name, voice.description)
        if not voice.id or not all(text.isprintable() for text in shown):
            _fail(where, f"has a voice with the invalid name {voice.id[:40]!r}")
