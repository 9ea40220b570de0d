"""Stage 1c: let a teacher plan sentences without saying them, for the language model.

    nice -n 19 python models/starter/train/plan.py zh --hours 12 --texts DIRECTORY...

The language model needs no sound: only which phone lasts how long, and the pitch. A
plan takes a thirtieth of the time of a reading, so that the model sees ten times as
many sentences: long ones, several at a time, and words in any order. The directory has
only ``pitch.f16`` (1 a frame) and ``index.jsonl``, as corpus_files.py writes them.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import readings
import sentences_en
import sentences_zh
import texts
from corpus import SPEAKER, VALIDATION, teacher_for
from corpus_files import CorpusFiles
from features import HOP, SAMPLE_RATE
from teachers import HibariTeacher

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_UNITS = 130  # the product gives its language model at most 120 units at once
SHARES = {"template": 0.35, "text": 0.5, "words": 0.15}
JOINED = 0.5  # of the sentences are said in one breath with the next
ENGLISH_WITHIN = 0.25  # of the Chinese sentences get English words


def single(
    language: str, rng: random.Random, directories: list[Path], dictionary: Path
) -> Iterator[str]:
    """Yield sentences without end, of all sources."""
    is_english = language == "en"
    cut = texts.english if is_english else texts.mandarin
    found = sorted({said for place in directories for said in cut(place)})
    rng.shuffle(found)
    print(f"{len(found)} sentences cut out of texts", flush=True)
    words = texts.english_words(rng, dictionary)
    if not is_english:
        words = texts.mandarin_words(rng)
    english = dictionary.read_text(encoding="utf-8").split()
    english = [word for word in english if word.isascii() and word.isalpha()]
    maker = sentences_en if is_english else sentences_zh
    while True:
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        if kind == "text" and found:
            said = found.pop()
        elif kind == "words":
            said = words()
        else:
            said = maker.from_template(rng)
        if not is_english and rng.random() < ENGLISH_WITHIN:
            said = texts.with_english(said, rng, english)
        yield said


def joined(
    sentences: Iterator[str], language: str, rng: random.Random
) -> Iterator[str]:
    """Say some sentences in one breath with the next, with a comma or a full stop."""
    for sentence in sentences:
        said = sentence
        while rng.random() < JOINED:
            more = next(sentences)
            if rng.random() < 0.5:
                said = said.rstrip(".。") + ("," if language == "en" else "，")
            said += " " + more if language == "en" else more
        yield said


def main() -> None:
    """Read the options and make the plans."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("language", choices=("en", "zh"))
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--words", type=Path, default=Path("/usr/share/dict/words"))
    options = parser.parse_args()
    files = CorpusFiles(options.state / "planned" / f"{options.language}_{SPEAKER}")
    teacher = teacher_for(options.language, options.state / "teachers/package/voices")
    english = teacher if isinstance(teacher, HibariTeacher) else HibariTeacher()
    rng = random.Random(options.seed)
    sentences = single(options.language, rng, options.texts, options.words)
    goal = options.hours * 3600 * SAMPLE_RATE / HOP
    for number, text in enumerate(joined(sentences, options.language, rng)):
        if files.frames >= goal:
            break
        if text in files.texts:
            continue
        if options.language == "en":
            units = readings.english_units(english.phonemize(text))
        else:
            units = readings.mandarin_units(text, english.phonemize)
        if not units or len(units) > MOST_UNITS:
            continue
        plan = teacher.plan(readings.pieces(units))
        if plan is None or plan.tokens < 12:
            continue
        files.append_planned(
            plan.hertz,
            text,
            tokens=plan.tokens,
            validation=number % VALIDATION == 0,
            units=units,
            segments=[(p, u, round(float(e), 4)) for p, u, e in plan.segments],
        )
        if number % 500 == 0:
            print(f"{files.hours:.2f} h, {time.process_time():.0f} CPU-s", flush=True)


if __name__ == "__main__":
    main()
