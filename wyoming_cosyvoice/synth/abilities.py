"""What a model can do, known without opening its networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.cloning import cloning_key
from wyoming_cosyvoice.text import BASIC, LANGUAGES
from wyoming_cosyvoice.tokenizer.qwen_marks import MARKUP

if TYPE_CHECKING:
    from wyoming_cosyvoice.pack.manifest import Manifest

ABILITIES = {
    "clone": "clones voices and converts recordings",
    "instruct": "follows instructions",
    "sounds": "makes sounds such as [laughter]",
    "phones": "says words of the lexicon by phones",
}
"""Ability -> what the model does, as a user reads it."""

# What models were trained on, by their tokenizers. Byte pairs have numbers for every
# script, but a model makes noise of those that it was not trained on. A vocabulary of
# phonemes shows its languages itself.
_READABLE = {
    "whisper-bpe": BASIC,
    "qwen-bpe-2": BASIC,
    "qwen-bpe-3": LANGUAGES,
}
_TOKENIZERS = {
    "cosyvoice": "whisper-bpe",
    "cosyvoice2": "qwen-bpe-2",
    "cosyvoice3": "qwen-bpe-3",
}


def readable_languages(tokenizer: str) -> tuple[str, ...]:
    """Return the languages that a model with these byte pairs reads."""
    return _READABLE[tokenizer]


def abilities_of(manifest: Manifest) -> tuple[str, ...]:
    """Return the ``ABILITIES`` of a pack."""
    tokenizer = manifest.tokenizer
    clones = cloning_key(manifest) is not None
    return _abilities(
        tokenizer.kind, manifest.kind, clones=clones, sounds=bool(tokenizer.sounds)
    )


def abilities_of_release(family: str, kind: str) -> tuple[str, ...]:
    """Return the ``ABILITIES`` that the pack of an official release will have."""
    tokenizer = _TOKENIZERS[family]
    clones = kind == "zero-shot" or tokenizer in MARKUP
    return _abilities(tokenizer, kind, clones=clones, sounds=False)


def languages_of_release(family: str) -> tuple[str, ...]:
    """Return the languages that an official release speaks."""
    return _READABLE[_TOKENIZERS[family]]


def _abilities(
    tokenizer: str, kind: str, *, clones: bool, sounds: bool
) -> tuple[str, ...]:
    markup = MARKUP.get(tokenizer)
    has = {
        "clone": clones,
        "instruct": kind == "instruct",
        "sounds": sounds or markup is not None,
        "phones": markup is not None and markup.reads_phones,
    }
    return tuple(name for name in ABILITIES if has[name])
