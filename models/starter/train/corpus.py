"""Stage 1: let a teacher read sentences, and keep what the networks need.

    nice -n 19 python models/starter/train/corpus.py en --hours 3.5
    nice -n 19 python models/starter/train/corpus.py zh --hours 2

A corpus is a directory of flat files that only grow, so a run that was stopped goes on
where it was: ``audio.i16``, ``mel.f16`` (80 a frame), ``pitch.f16`` (1 a frame) and
``index.jsonl``, a line for each sentence with its place in them, in frames.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import readings
import sentences_en
import sentences_zh
from corpus_files import CorpusFiles
from features import HOP, SAMPLE_RATE
from teachers import HibariTeacher, KokoroTeacher

PITCH_RANGE_HZ = {"heart": (90.0, 450.0), "cedar": (50.0, 280.0)}
SPEAKER, SEED = "heart", 11
# One in forty sentences is kept aside for validation.
VALIDATION = 40
SHINE = {"af_heart": 0.8, "zf_xiaoxiao": 0.2}


def teacher_for(language: str, voices: Path) -> HibariTeacher | KokoroTeacher:
    """Choose who speaks a language, both in the voice "heart"."""
    if language == "en":
        return HibariTeacher()
    return KokoroTeacher(voices, SHINE, "zf_xiaoxiao")


def main() -> None:
    """Read the options and make the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("language", choices=("en", "zh"))
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--texts", type=Path, help="directory of further sentences")
    options = parser.parse_args()
    place = options.state / "corpus" / f"{options.language}_{SPEAKER}"
    files = CorpusFiles(place, PITCH_RANGE_HZ[SPEAKER])
    teacher = teacher_for(options.language, options.state / "teachers/package/voices")
    english = teacher if isinstance(teacher, HibariTeacher) else HibariTeacher()
    maker = sentences_en if options.language == "en" else sentences_zh
    goal = options.hours * 3600 * SAMPLE_RATE / HOP
    started = time.process_time(), files.hours
    for number, text in enumerate(maker.sentences(SEED, options.texts)):
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
