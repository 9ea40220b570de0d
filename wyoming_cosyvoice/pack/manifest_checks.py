"""The bytes of ``manifest.json`` -> a checked ``Manifest``.

Unknown, missing and repeated keys, wrong types and numbers out of range are errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.pack.decoding import Decoder, check_known, fail, parse_object
from wyoming_cosyvoice.pack.manifest import FORMAT_VERSION, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SOUND = re.compile(r"\[[^\s\[\]]{1,30}\]|</?[^\s<>]{1,30}>")


def is_file_name(name: str) -> bool:
    """Whether a name is allowed in a pack: a plain relative path inside it."""
    return _FILE_NAME.fullmatch(name) is not None and name != "manifest.json"


def parse_manifest(content: bytes, where: str) -> Manifest:
    """Read the bytes of a manifest; ``where`` names it in errors.

    Raises: ModelCorrupt if it is damaged, ModelUnsupported if it was written for a
    later version or needs networks that this version does not know.
    """
    plain = parse_object(content, where)
    version = plain.get("format_version")
    if type(version) is int and version > FORMAT_VERSION:
        raise ModelUnsupported(
            f"{where} has format version {version}; {FORMAT_VERSION} can be read.",
            remedy="Update this program, or convert the model again.",
        )
    manifest: Manifest = Decoder(where).decode(Manifest, plain, "manifest")
    check(manifest, where)
    return manifest


def check(manifest: Manifest, where: str) -> None:
    """Check all values; ``where`` names the manifest in errors.

    Raises: ModelCorrupt, ModelUnsupported.
    """
    for known, word in (
        (KINDS, manifest.kind),
        (FAMILIES, manifest.family),
        (TOKENIZERS, manifest.tokenizer.kind),
    ):
        check_known(word, known, where)
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
    for language in manifest.companions:
        if not _LANGUAGE.fullmatch(language):
            fail(where, f"has {language[:40]!r} as the language of a companion")
    for sound in manifest.tokenizer.sounds:
        # A word as markup would take it out of every text.
        if not _SOUND.fullmatch(sound):
            fail(
                where,
                f"has {sound[:40]!r} as markup of a sound; write [name] or <name>",
            )


def _check_family(manifest: Manifest, where: str) -> None:
    """Check that the settings of the family are complete and in range."""
    needed = _FAMILY_NEEDS[manifest.family]
    for name in ("chunks", "causal", "prompt_mel"):
        if (getattr(manifest, name) is not None) != (name in needed):
            reason = "lacks" if name in needed else "has"
            fail(where, f"{reason} {name!r} in the family {manifest.family}")
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
            fail(where, f"has {name} = {value}; the range is {low} to {high}")


def _check_files(manifest: Manifest, where: str) -> None:
    names = [file.name for file in manifest.files]
    for file in manifest.files:
        if not is_file_name(file.name):
            fail(where, f"names the file {file.name[:80]!r}, which is not a valid name")
        if not _SHA256.fullmatch(file.sha256):
            fail(where, f"has an invalid SHA-256 of {file.name}")
    # Some file systems ignore case.
    if len({name.casefold() for name in names}) != len(names):
        fail(where, "lists a file twice")
    wanted = [voice.file for voice in manifest.voices]
    if manifest.tokenizer.file is not None:
        wanted.append(manifest.tokenizer.file)
    for name in wanted:
        if name not in names:
            fail(where, f"refers to the file {name[:80]!r}, which it does not list")


def _check_voices(manifest: Manifest, where: str) -> None:
    ids = [voice.id for voice in manifest.voices]
    if len(set(ids)) != len(ids):
        fail(where, "lists a voice twice")
    for voice in manifest.voices:
        shown = (voice.id, voice.speaker, voice.name, voice.description)
        if not voice.id or not all(text.isprintable() for text in shown):
            fail(where, f"has a voice with the invalid name {voice.id[:40]!r}")
