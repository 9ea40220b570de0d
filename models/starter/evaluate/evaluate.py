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
import wave
from pathlib import Path

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

BAD = 0.3
UNITS = {"en": english_words, "zh": syllables, "mixed": syllables, "ja": kana}
READ_AS = {"mixed": "zh"}
HAS_TONES = ("zh", "mixed")
SYSTEMS = ("teacher", "copy", "tokens", "student", "pack")


def write_wav(path: Path, samples: np.ndarray) -> None:
    """Write 16-bit mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def main() -> None:
    """Read the options, speak and judge."""
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
    options = parser.parse_args()
    systems = Systems(
        options.state, options.speaker, options.steps, options.guidance, options.seed
    )
    speak = getattr(systems, options.system, None)
    if speak is None:
        speak = Product(
            options.pack, options.speaker, options.seed, options.windows
        ).pack
    listener = Judge(threads=1)
    quality = judges.QualityJudge()
    likeness = None if options.quick else judges.LikenessJudge()
    for language in options.languages:
        read_as = READ_AS.get(language, language)
        errors, toned, units, wrong = 0, 0, 0, 0
        kinds: dict[str, list[int]] = {}
        read = second_list if options.second else first_list
        chosen = spread(read(language), options.limit)
        ratings, sounds, surprises, seconds = [], [], [], 0.0
        started = time.process_time()
        for number, sentence in enumerate(chosen):
            text = sentence.text
            samples = speak(text, read_as)
            seconds += len(samples) / RATE
            transcript = listener.transcribe(samples, RATE, read_as)
            missed, of = count_errors(text, transcript, UNITS[language])
            if language in HAS_TONES:
                toned += count_errors(text, transcript, toned_syllables)[0]
            errors, units = errors + missed, units + of
            of_kind = kinds.setdefault(sentence.kind, [0, 0])
            of_kind[0] += missed
            of_kind[1] += of
            wrong += missed > BAD * of
            if options.show and missed:
                print(f"  {text}\n  {transcript}")
            ratings.append(quality.rate(samples, RATE, with_dnsmos=not options.quick))
            surprises.append(listener.surprise(samples, RATE, text, read_as))
            sounds.append(samples)
            if options.wavs:
                options.wavs.mkdir(parents=True, exist_ok=True)
                name = f"{options.system}_{language}_{number:03}.wav"
                write_wav(options.wavs / name, samples)
        mos, overall, p808 = np.mean(ratings, axis=0)
        line = {
            "system": options.system,
            "language": language,
            "sentences": len(sounds),
            "seconds": round(seconds, 1),
            "error_percent": round(100 * errors / units, 2),
            "toned_error_percent": round(100 * toned / units, 2)
            if language in HAS_TONES
            else None,
            "bad_sentences": int(wrong),
            "surprise": round(float(np.mean(surprises)), 3),
            "distillmos": round(float(mos), 3),
            "dnsmos_overall": round(float(overall), 3),
            "dnsmos_p808": round(float(p808), 3),
            "quarter_tone_db": round(judges.quarter_tone(sounds, RATE), 1),
            # A pack says itself how its flow is solved.
            "steps": None if options.system == "pack" else options.steps,
            "guidance": None if options.system == "pack" else options.guidance,
            "cpu_s": round(time.process_time() - started),
        }
        if options.second:
            line["errors_by_kind"] = {k: f"{m} of {of}" for k, (m, of) in kinds.items()}
        if likeness is not None and options.system != "teacher":
            few = spread(read(language), 6)
            theirs = likeness.embed(
                [systems.teacher(sentence.text, read_as) for sentence in few], RATE
            )
            line["likeness"] = round(float(likeness.embed(sounds, RATE) @ theirs), 3)
        if systems.phones:
            line["phone_error_percent"] = round(
                100 * systems.phone_errors / systems.phones, 2
            )
            systems.phones = systems.phone_errors = 0
        print(json.dumps(line), flush=True)
        with (options.state / "results.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
