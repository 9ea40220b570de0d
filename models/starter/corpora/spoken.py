"""Spoken corpora: a teacher reads sentences, and what the networks need is kept.

A corpus is a folder of flat files that only grow, so a stopped run resumes
where it was: ``audio.i16``, ``mel.f16`` (80 a frame), ``pitch.f16`` (1 a frame) and
``index.jsonl``, a line for each sentence with its place in them, in frames.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from models.starter.corpora import readings
from models.starter.corpora.corpus import SPOKEN
from models.starter.corpora.files import CorpusFiles
from models.starter.texts.sources import sentences
from models.starter.voices import VOICES

if TYPE_CHECKING:
    from pathlib import Path

    from models.starter.corpora.teachers import Teachers
    from models.starter.progress import Progress
    from models.starter.settings import CorpusSettings

# One in forty sentences is kept aside for validation.
VALIDATION = 40
SHORTEST, LONGEST = 12, 700  # tokens of a sentence
SEED = 11


def speak_corpus(
    wanted: CorpusSettings, teachers: Teachers, state: Path, progress: Progress
) -> None:
    """Let the teacher of a voice read sentences until there are as many hours."""
    voice, language = VOICES[wanted.voice], wanted.language
    files = CorpusFiles(state / SPOKEN / wanted.name, voice.pitch_hz)
    progress.begin(files.hours, wanted.hours)
    if files.hours >= wanted.hours:
        return
    teacher = teachers.of(voice, language)
    # Each voice reads other sentences, but for what is drawn from the same templates.
    rng = random.Random(SEED + voice.place)
    texts = sentences(language, state, rng, english=wanted.english)
    for number, text in files.new_texts(texts, wanted.hours):
        units = teachers.units(text, language)
        spoken = teacher.say(readings.pieces(units), number)
        if spoken is None or not SHORTEST <= spoken.tokens <= LONGEST:
            continue
        files.append(
            spoken.samples,
            text,
            tokens=spoken.tokens,
            validation=number % VALIDATION == 0,
            units=units,
            segments=[(p, u, round(float(e), 4)) for p, u, e in spoken.segments],
        )
        progress.show(files.hours)
