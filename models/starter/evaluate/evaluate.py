"""Judge the starter voice on sentences that it has not seen.

    python -m models.starter.evaluate.evaluate student en zh mixed --limit 20
    python -m models.starter.evaluate.evaluate pack en zh --pack PACK --second

For each system and language: word errors (English; also of mixed sentences, where the
unit is a syllable or an English word), toneless and toned pinyin errors (Mandarin),
kana as they are pronounced (Japanese), sentences with more than 30 % wrong, how little
the listener expects the true text (surprise, in nats a token: it shows what
counted errors do not), DistillMOS, DNSMOS, the tone at a quarter of the sample rate,
likeness to the teacher, for the student phones that the language model dropped or
added, and for the second list the errors of each kind of sentence. A line of JSON for
each goes to ``results.jsonl`` in the state directory.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.judge.asr import Judge
from models.judge.error_rates import (
    count_errors,
    english_words,
    syllables,
    toned_syllables,
)
from models.judge.kana import kana
from models.starter.evaluate import judges
from models.starter.evaluate.product import WINDOWS, Product
from models.starter.evaluate.sentences import first_list, second_list, spread
from models.starter.evaluate.systems import RATE, Systems
from wyoming_cosyvoice.audio import PcmFormat, to_pcm16, wav_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.starter.evaluate.sentences import JudgedSentence

    Speak = Callable[[str, str], np.ndarray]

BAD = 0.3
UNITS = {"en": english_words, "zh": syllables, "mixed": syllables, "ja": kana}
READ_AS = {"mixed": "zh"}
HAS_TONES = ("zh", "mixed")
LIKENESS_SENTENCES = 6
SYSTEMS = ("teacher", "copy", "tokens", "student", "pack")


@dataclass(frozen=True)
class Rating:
    """What the judges found in one spoken sentence."""

    sentence: JudgedSentence
    samples: np.ndarray
    transcript: str
    errors: int
    toned_errors: int
    units: int
    quality: tuple[float, float, float]
    surprise: float


class Judges:
    """Models that rate speech; each is loaded once."""

    def __init__(self, *, is_quick: bool) -> None:
        self._is_quick = is_quick
        self._listener = Judge(threads=1)
        self._quality = judges.QualityJudge()
        self.likeness = None if is_quick else judges.LikenessJudge()

    def rate(
        self, sentence: JudgedSentence, samples: np.ndarray, language: str
    ) -> Rating:
        """Transcribe and rate one spoken sentence."""
        text, read_as = sentence.text, READ_AS.get(language, language)
        transcript = self._listener.transcribe(samples, RATE, read_as)
        errors, units = count_errors(text, transcript, UNITS[language])
        toned_errors = 0
        if language in HAS_TONES:
            toned_errors, _ = count_errors(text, transcript, toned_syllables)
        return Rating(
            sentence,
            samples,
            transcript,
            errors=errors,
            toned_errors=toned_errors,
            units=units,
            quality=self._quality.rate(samples, RATE, with_dnsmos=not self._is_quick),
            surprise=self._listener.surprise(samples, RATE, text, read_as),
        )


def summarize(ratings: list[Rating], language: str) -> dict[str, object]:
    """Return the figures of all sentences of a language."""
    units = sum(rating.units for rating in ratings)
    errors = sum(rating.errors for rating in ratings)
    toned_errors = sum(rating.toned_errors for rating in ratings)
    sounds = [rating.samples for rating in ratings]
    mos, overall, p808 = np.mean([rating.quality for rating in ratings], axis=0)
    return {
        "sentences": len(ratings),
        "seconds": round(sum(map(len, sounds)) / RATE, 1),
        "error_percent": round(100 * errors / units, 2),
        "toned_error_percent": round(100 * toned_errors / units, 2)
        if language in HAS_TONES
        else None,
        "bad_sentences": sum(each.errors > BAD * each.units for each in ratings),
        "surprise": round(float(np.mean([rating.surprise for rating in ratings])), 3),
        "distillmos": round(float(mos), 3),
        "dnsmos_overall": round(float(overall), 3),
        "dnsmos_p808": round(float(p808), 3),
        "quarter_tone_db": round(judges.quarter_tone(sounds, RATE), 1),
    }


def errors_by_kind(ratings: list[Rating]) -> dict[str, str]:
    """Return the errors in each kind of sentence."""
    kinds: dict[str, list[int]] = {}
    for rating in ratings:
        counts = kinds.setdefault(rating.sentence.kind, [0, 0])
        counts[0] += rating.errors
        counts[1] += rating.units
    return {kind: f"{errors} of {units}" for kind, (errors, units) in kinds.items()}


def evaluate(
    language: str,
    options: argparse.Namespace,
    speak: Speak,
    systems: Systems,
    loaded: Judges,
) -> dict[str, object]:
    """Speak and judge the sentences of a language; return the line of results."""
    started = time.process_time()
    read_as = READ_AS.get(language, language)
    sentences = (second_list if options.second else first_list)(language)
    ratings = []
    for number, sentence in enumerate(spread(sentences, options.limit)):
        samples = speak(sentence.text, read_as)
        rating = loaded.rate(sentence, samples, language)
        ratings.append(rating)
        if options.show and rating.errors:
            print(f"  {sentence.text}\n  {rating.transcript}")
        if options.wavs:
            name = f"{options.system}_{language}_{number:03}.wav"
            write_wav(options.wavs / name, samples)
    line = {"system": options.system, "language": language}
    line |= summarize(ratings, language)
    # The manifest of a pack determines its steps and guidance.
    is_pack = options.system == "pack"
    line["steps"] = None if is_pack else options.steps
    line["guidance"] = None if is_pack else options.guidance
    line["cpu_s"] = round(time.process_time() - started)
    if options.second:
        line["errors_by_kind"] = errors_by_kind(ratings)
    if loaded.likeness is not None and options.system != "teacher":
        few = spread(sentences, LIKENESS_SENTENCES)
        teacher = [systems.teacher(sentence.text, read_as) for sentence in few]
        mean = loaded.likeness.embed([each.samples for each in ratings], RATE)
        likeness = mean @ loaded.likeness.embed(teacher, RATE)
        line["likeness"] = round(float(likeness), 3)
    if systems.phones:
        percent = 100 * systems.phone_errors / systems.phones
        line["phone_error_percent"] = round(percent, 2)
        systems.phones = systems.phone_errors = 0
    return line


def write_wav(path: Path, samples: np.ndarray) -> None:
    """Write 16-bit mono."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = to_pcm16(samples)
    path.write_bytes(wav_header(PcmFormat(RATE), len(content)) + content)


def read_options() -> argparse.Namespace:
    """Return the options of the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("languages", nargs="+", choices=UNITS)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--pack", type=Path, help="the pack of the system pack")
    parser.add_argument("--speaker", default="heart")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--second", action="store_true", help="the second list")
    parser.add_argument("--windows", choices=WINDOWS, default="own")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--guidance", type=float, default=0.7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wavs", type=Path, help="keep the sounds here")
    parser.add_argument("--quick", action="store_true", help="no DNSMOS, no likeness")
    parser.add_argument("--show", action="store_true", help="show what was misheard")
    return parser.parse_args()


def main() -> None:
    """Evaluate one system in each of the languages."""
    options = read_options()
    systems = Systems(
        options.state, options.speaker, options.steps, options.guidance, options.seed
    )
    speak: Speak
    if options.system == "pack":
        product = Product(options.pack, options.speaker, options.seed, options.windows)
        speak = product.pack
    else:
        speak = getattr(systems, options.system)
    loaded = Judges(is_quick=options.quick)
    for language in options.languages:
        line = json.dumps(evaluate(language, options, speak, systems, loaded))
        print(line, flush=True)
        with (options.state / "results.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


if __name__ == "__main__":
    main()
