"""Stage 1: let a teacher read sentences, and keep what the networks need.

    nice -n 19 python models/starter/train/corpus.py en --hours 3.5
    nice -n 19 python models/starter/train/corpus.py zh --hours 2
    nice -n 19 python models/starter/train/corpus.py zh --hours 2.6 --english 0.9

A corpus is a directory of flat files that only grow, so a run that was stopped goes on
where it was: ``audio.i16``, ``mel.f16`` (80 a frame), ``pitch.f16`` (1 a frame) and
``index.jsonl``, a line for each sentence with its place in them, in frames.
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
from corpus_files import CorpusFiles
from features import HOP, SAMPLE_RATE
from teachers import HibariTeacher, KokoroTeacher

if TYPE_CHECKING:
    from collections.abc import Iterator

PITCH_RANGE_HZ = {"heart": (90.0, 450.0), "cedar": (50.0, 280.0)}
SPEAKER = "heart"
# One in forty sentences is kept aside for validation.
VALIDATION = 40
SHINE = {"af_heart": 0.8, "zf_xiaoxiao": 0.2}


def teacher_for(language: str, voices: Path) -> HibariTeacher | KokoroTeacher:
    """Choose who speaks a language, both in the voice "heart"."""
    if language == "en":
        return HibariTeacher()
    return KokoroTeacher(voices, SHINE, "zf_xiaoxiao")


def with_english(
    sentences: Iterator[str], share: float, rng: random.Random, dictionary: Path
) -> Iterator[str]:
    """Give a share of Chinese sentences English words, at home and from anywhere."""
    household = sorted({w for words in sentences_en.WORDS.values() for w in words})
    lines = dictionary.read_text(encoding="utf-8").split()
    lines = [word for word in lines if word.isascii() and word.isalpha()]
    words = household + rng.sample(lines, len(household))
    for said in sentences:
        is_mixed = any(character.isascii() for character in said)
        if is_mixed or rng.random() >= share:
            yield said
        else:
            yield texts.with_english(said, rng, words)


def main() -> None:
    """Read the options and make the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("language", choices=("en", "zh"))
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--texts", type=Path, help="directory of further sentences")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--english",
        type=float,
        default=0.0,
        help="share of the Chinese sentences that get English words",
    )
    parser.add_argument("--words", type=Path, default=Path("/usr/share/dict/words"))
    options = parser.parse_args()
    place = options.state / "corpus" / f"{options.language}_{SPEAKER}"
    files = CorpusFiles(place, PITCH_RANGE_HZ[SPEAKER])
    teacher = teacher_for(options.language, options.state / "teachers/package/voices")
    english = teacher if isinstance(teacher, HibariTeacher) else HibariTeacher()
    maker = sentences_en if options.language == "en" else sentences_zh
    goal = options.hours * 3600 * SAMPLE_RATE / HOP
    started = time.process_time(), files.hours
    sentences = maker.sentences(options.seed, options.texts)
    if options.language == "zh" and options.english:
        rng = random.Random(options.seed)
        sentences = with_english(sentences, options.english, rng, options.words)
    for number, text in enumerate(sentences):
        if files.frames >= goal:
            break
        if text in files.texts:
            continue
        if options.language == "en":
            units = readings.english_units(english.phonemize(text))
        else:
            units = readings.mandarin_units(text, english.phonemize)
        spoken = teacher.say(readings.pieces(units), number)
        if spoken is None or not 12 <= spoken.tokens <= 700:
            continue
        files.append(
            spoken.samples,
            text,
            tokens=spoken.tokens,
            validation=number % VALIDATION == 0,
            units=units,
            segments=[(p, u, round(float(e), 4)) for p, u, e in spoken.segments],
        )
        if number % 100 == 0:
            seconds = (files.hours - started[1]) * 3600
            cpu = time.process_time() - started[0]
            print(
                f"{files.hours:.3f} h so far, {cpu:.0f} CPU-s for {seconds:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
