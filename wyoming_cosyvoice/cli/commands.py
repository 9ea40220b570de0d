"""All commands with their options and examples."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli import values
from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.settings import HUBS, MAX_THREADS, PRECISIONS, TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.cli.usage import Parser

    _Commands = argparse._SubParsersAction[Parser]  # noqa: SLF001

_SERVER_SETTINGS = (
    *("uri", "model", "precision", "data_dir", "voice", "language", "threads", "speed"),
    *("steps", "guidance", "streaming"),
    *("zeroconf", "zeroconf_host", "zeroconf_port"),
    *("http", "http_token", "http_name", "http_origin", "http_ingress"),
    *("sound", "loudness", "hub"),
)
_SPEECH_SETTINGS = (
    *("model", "precision", "data_dir", "voice", "language", "threads", "speed"),
    *("steps", "guidance", "streaming", "sound", "loudness"),
)


def _add_command(
    commands: _Commands,
    name: str,
    summary: str,
    *,
    settings: Sequence[str] = (),
    examples: Sequence[str] = (),
    log_level: str = "warning",
) -> Parser:
    shown = "\n".join(f"  {PROGRAM} {example}" for example in examples)
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{shown}" if examples else None,
    )
    parser.set_defaults(default_log_level=log_level, parser=parser)
    parser.example = f"{PROGRAM} {examples[0]}" if examples else ""
    wanted = {*settings, "log_level"}
    for setting in TABLE:
        if setting.name in wanted:
            setting.add_to(parser)
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    if "streaming" in settings:
        parser.add_argument(
            "--no-streaming",
            dest="streaming",
            action="store_const",
            const=False,
            help="short for --streaming no",
        )
    return parser


def _add_serve(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "serve",
        "serve Home Assistant, the web page and the HTTP API",
        settings=_SERVER_SETTINGS,
        examples=(
            "serve --model my-model",
            "serve --model my-model --uri tcp://0.0.0.0:10200 --zeroconf",
            "serve --model cosyvoice-300m-sft",
        ),
        log_level="info",
    )
    parser.add_argument(
        "--no-http", action="store_true", help="without the web page and the HTTP API"
    )


def _add_say(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "say",
        "speak a text into a file, a pipe or a loudspeaker",
        settings=_SPEECH_SETTINGS,
        examples=(
            'say "Hello there" --output hello.wav',
            "say 你好 --voice heart --play",
            "say -f chapter.txt -o chapter.mp3 --subtitles chapter.srt",
            'say "It is 21.5°C" --explain',
        ),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "text", metavar="TEXT", nargs="?", help="what to say; - reads standard input"
    )
    what.add_argument("-f", "--file", metavar="FILE", help="text file to say, in UTF-8")
    parser.brief("--file", "text file to say")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="file to write: .wav, .flac, .mp3, .opus or .ogg; - or no --output writes "
        "WAV to standard output",
    )
    parser.brief("--output", ".wav, .flac, .mp3, .opus or .ogg file to write")
    parser.add_argument(
        "-p",
        "--play",
        action="store_true",
        help="play the sound, with sounddevice, pacat, aplay, play or ffplay",
    )
    parser.brief("--play", "play the sound on this machine")
    parser.add_argument(
        "--subtitles",
        metavar="FILE",
        help="write when each word is heard, as .srt or .vtt",
    )
    parser.brief("--subtitles", "write subtitles, as .srt or .vtt")
    parser.add_argument(
        "--reference",
        metavar="RECORDING",
        help="speak with the voice of a recording of 3 to 10 seconds; needs a model "
        "that can clone, such as cosyvoice-300m",
    )
    parser.brief("--reference", "recording of a voice to speak with")
    parser.add_argument(
        "--transcript",
        metavar="TEXT",
        help="what is said in the recording, word by word; the voice becomes better",
    )
    parser.add_argument(
        "--seed",
        type=values.whole(0, 2**32 - 1),
        metavar="N",
        help="the same seed gives the same sound",
    )
    parser.add_argument(
        "--instruct",
        metavar="TEXT",
        help="how to speak, in English; for CosyVoice-300M-Instruct only",
    )
    parser.add_argument(
        "--text-format",
        choices=("text", "ssml"),
        default="text",
        help="format of TEXT (default text)",
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="show step by step how the text is read, without speaking",
    )
    parser.brief("--explain", "show how the text is read, without speaking")


def _add_voices(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "voices",
        "list the voices of a model",
        settings=("model", "precision", "data_dir"),
        examples=("voices --model my-model",),
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def _add_fetch(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "fetch",
        "download an official model and convert it",
        settings=("precision", "data_dir", "hub"),
        examples=(
            "fetch cosyvoice-300m-sft",
            "fetch cosyvoice-300m --hub modelscope",
        ),
    )
    parser.add_argument(
        "release",
        metavar="RELEASE",
        help="cosyvoice-300m-sft, cosyvoice-300m or cosyvoice-300m-instruct",
    )
    parser.add_argument(
        "--from",
        dest="source",
        choices=HUBS,
        help=argparse.SUPPRESS,  # what --hub was called
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the downloaded originals"
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help="ask the hub again, even if the model is installed or was changed",
    )


def _add_convert(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "convert",
        "convert an official CosyVoice-300M checkpoint",
        examples=(
            "convert CosyVoice-300M-SFT my-model",
            "convert CosyVoice-300M-SFT small-model --precision int4",
        ),
    )
    parser.add_argument(
        "checkpoint",
        metavar="CHECKPOINT_DIR",
        type=Path,
        help="folder with cosyvoice.yaml, llm.pt, flow.pt, hift.pt and spk2info.pt",
    )
    parser.add_argument(
        "target", metavar="OUT_DIR", type=Path, help="folder of the new model"
    )
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="int8",
        help="int8 (default), int4 for machines with 2 GB, fp32 to compare with",
    )
    parser.add_argument(
        "--name", help="name of the model (default: that of CHECKPOINT_DIR)"
    )
    parser.add_argument(
        "--kind",
        choices=("sft", "zero-shot", "instruct"),
        help="what it was trained for (default: by its name)",
    )


def _add_bench(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "bench",
        "measure the speed, memory or precision of a model",
        settings=("model", "data_dir", "steps", "guidance"),
        examples=(
            "bench --model my-model --threads 2",
            "bench --model my-model --accuracy my-model-fp32",
        ),
    )
    # Not WYOMING_COSYVOICE_THREADS: figures must be comparable between machines.
    parser.add_argument(
        "--threads",
        type=values.whole(1, MAX_THREADS),
        metavar="N",
        help="threads to compute with (default: as the server would choose)",
    )
    parser.add_argument(
        "--runs",
        type=values.whole(1, 1000),
        metavar="N",
        default=3,
        help="runs after one to warm up; the median counts (default 3)",
    )
    parser.add_argument(
        "--text-tokens",
        type=values.whole(1, 1000),
        metavar="N",
        default=25,
        help="text tokens of the sentence (default 25)",
    )
    parser.add_argument(
        "--tokens",
        type=values.whole(1, 5000),
        metavar="N",
        default=250,
        help="speech tokens of the sentence (default 250: five seconds)",
    )
    parser.add_argument(
        "--accuracy",
        metavar="MODEL",
        help="compare every stage with this fp32 model instead of measuring speed",
    )
    parser.add_argument(
        "--sentences",
        metavar="FILE",
        type=Path,
        help="with --accuracy: JSON list of objects with text_tokens, to compare on",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write all figures there as well; - shows them"
    )


def _add_doctor(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "doctor",
        "check whether everything works, and say what to do",
        settings=("uri", "model", "precision", "data_dir"),
        examples=("doctor", "doctor --model my-model --uri tcp://0.0.0.0:10200"),
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def _add_health(commands: _Commands) -> None:
    parser = _add_command(
        commands,
        "health",
        "ask a running server whether it can speak",
        settings=("uri",),
        examples=("health --uri tcp://127.0.0.1:10200",),
    )
    parser.add_argument(
        "--timeout",
        type=values.real(0.1, 3600),
        metavar="S",
        default=5.0,
        help="seconds to wait (default 5)",
    )


ADD_COMMANDS = (
    *(_add_serve, _add_say, _add_voices, _add_fetch, _add_convert),
    *(_add_bench, _add_doctor, _add_health),
)
