"""The common parts of CosyVoice2 and 3 -> the files of a pack."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.convert.conversion import sampling_settings
from wyoming_cosyvoice.convert.first_voices import first_voices
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.qwen2 import build_qwen2, build_text_table
from wyoming_cosyvoice.pack.manifest import Manifest, PackTokenizer
from wyoming_cosyvoice.pack.settings import ChunkSettings, FlowSettings, MelSettings
from wyoming_cosyvoice.tokenizer.qwen_bpe import FILE_NAME, QwenBpe, write_table
from wyoming_cosyvoice.tokenizer.qwen_marks import END_OF_PROMPT, SOUNDS

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.conversion import Conversion
    from wyoming_cosyvoice.convert.release.cosyvoice2 import Sizes2
    from wyoming_cosyvoice.convert.release.cosyvoice3 import Sizes3
    from wyoming_cosyvoice.convert.release.qwen2 import Qwen2Sizes
    from wyoming_cosyvoice.convert.release.release import Release
    from wyoming_cosyvoice.convert.release.speakers import Speaker
    from wyoming_cosyvoice.pack.settings import SourceSettings
    from wyoming_cosyvoice.tokenizer.qwen_marks import Markup

PITCH = WeightFormat.FLOAT
"""Pitch predictors stay in float: their errors accumulate over a sentence, and storing
them with half the digits changes more than an 8-bit vocoder does."""

_STEPS = 10
# The output head of the text model, which shares its storage with the text table.
_TEXT_HEAD = "llm.model.lm_head.weight"


def write_language(job: Conversion, sizes: Qwen2Sizes) -> None:
    """Write the text table and the language model."""
    stored = job.formats.language
    build_text_table(job.layers("text_encoder", job.llm, stored), sizes)
    build_qwen2(job.layers("speech_lm", job.llm, stored), sizes)
    job.release.llm.skip(_TEXT_HEAD)


def write_tokenizer(job: Conversion, markup: Markup) -> tuple[PackTokenizer, QwenBpe]:
    """Write the vocabulary; return its manifest entry, and the tokenizer.

    Raises: MalformedCheckpoint.
    """
    tokenizer = job.release.tokenizer
    if tokenizer.vocabulary is None:
        raise TypeError("the release has no folder of byte pairs")
    path = job.directory / FILE_NAME
    count = write_table(tokenizer.vocabulary, path, markup)
    settings = PackTokenizer(tokenizer.kind, count, FILE_NAME, SOUNDS)
    return settings, QwenBpe(path, markup)


def without_openings(
    speakers: tuple[Speaker, ...], tokenizer: QwenBpe
) -> tuple[Speaker, ...]:
    """Return saved speakers without the prefix of their prompt text.

    The original saves the prefix with the prompt text; here it is added at synthesis.
    """
    (end,) = tokenizer.encode_special(END_OF_PROMPT)
    kept = []
    for speaker in speakers:
        prompt = speaker.prompt
        if prompt is not None and end in prompt.text_tokens:
            last = int(np.flatnonzero(prompt.text_tokens == end)[-1])
            tokens = prompt.text_tokens[last + 1 :]
            speaker = replace(speaker, prompt=replace(prompt, text_tokens=tokens))  # noqa: PLW2901
        kept.append(speaker)
    return tuple(kept)


def write_manifest(
    job: Conversion,
    sizes: Sizes2 | Sizes3,
    *,
    markup: Markup,
    languages: tuple[str, ...],
    vocoder: SourceSettings,
    widths: dict[str, int],
) -> Manifest:
    """Write tokenizer, voices and extractors, and return the manifest.

    ``languages`` are what the family's voices speak.
    """
    tokenizer, opened = write_tokenizer(job, markup)
    job.write_extractors()
    about, flow = job.description, sizes.flow
    mel = MelSettings(**asdict(sizes.prompt_mel))
    speakers = _speakers(job.release, mel, opened, languages)
    return Manifest(
        name=about.name,
        source=about.source,
        licence=about.licence,
        precision=about.precision,
        # They support everything: cloning and instructions.
        kind=about.kind or "instruct",
        family=job.release.family,
        sample_rate=sizes.sample_rate,
        token_rate=sizes.token_rate,
        tokenizer=tokenizer,
        sampling=sampling_settings(sizes.sampling),
        flow=FlowSettings(_STEPS, flow.guidance),
        vocoder=vocoder,
        voices=job.write_voices(speakers, languages),
        sizes={
            "speech_lm_width": sizes.language.width,
            "speech_lm_blocks": sizes.language.blocks,
            **widths,
        },
        chunks=ChunkSettings(
            sizes.language.speech_vocabulary, flow.chunk_tokens, flow.look_ahead_tokens
        ),
        prompt_mel=mel,
    )


def _speakers(
    release: Release,
    mel: MelSettings,
    tokenizer: QwenBpe,
    languages: tuple[str, ...],
) -> tuple[Speaker, ...]:
    """Return the saved speakers of a release, or else the starter's voices."""
    if release.speakers:
        return without_openings(release.speakers, tokenizer)
    if release.speaker_encoder is None or release.speech_tokenizer is None:
        return ()
    return first_voices(
        release.speaker_encoder,
        release.speech_tokenizer,
        mel,
        tokenizer.encode,
        languages,
    )
