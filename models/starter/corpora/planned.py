"""Planned corpora: a teacher plans sentences without saying them.

The language model needs no sound: only which phone lasts how long, and the pitch. A
plan takes a thirtieth of the time of a reading, so that the model sees ten times as
many sentences: long ones, several at a time, and words in any order. The folder has
only ``pitch.f16`` (1 a frame) and ``index.jsonl``, as files.py writes them.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from models.starter.corpora import readings
from models.starter.corpora.corpus import PLANNED
from models.starter.corpora.files import CorpusFiles
from models.starter.corpora.spoken import SHORTEST, VALIDATION
from models.starter.texts.sources import varied_sentences
from models.starter.voices import VOICES

if TYPE_CHECKING:
    from pathlib import Path

    from models.starter.corpora.teachers import Teachers
    from models.starter.progress import Progress
    from models.starter.settings import CorpusSettings

MOST_UNITS = 130  # the product gives its language model at most 120 units at once
SEED = 12


def plan_corpus(
    wanted: CorpusSettings, teachers: Teachers, state: Path, progress: Progress
) -> None:
    """Let the teacher of a voice plan sentences until there are as many hours."""
    voice, language = VOICES[wanted.voice], wanted.language
    files = CorpusFiles(state / PLANNED / wanted.name)
    progress.begin(files.hours, wanted.hours)
    if files.hours >= wanted.hours:
        return
    teacher = teachers.of(voice, language)
    rng = random.Random(SEED + voice.place)
    texts = varied_sentences(language, state, rng, english=wanted.english)
    for number, text in files.new_texts(texts, wanted.hours):
        units = teachers.units(text, language)
        if not units or len(units) > MOST_UNITS:
            continue
        plan = teacher.plan(readings.pieces(units))
        if plan is None or plan.tokens < SHORTEST:
            continue
        files.append_planned(
            plan.hertz,
            text,
            tokens=plan.tokens,
            validation=number % VALIDATION == 0,
            units=units,
            segments=[(p, u, round(float(e), 4)) for p, u, e in plan.segments],
        )
        progress.show(files.hours)
