"""Options and examples of the commands for models and for this machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli import values
from wyoming_cosyvoice.cli.command import add_command
from wyoming_cosyvoice.cli.settings import MAX_THREADS, TABLE
from wyoming_cosyvoice.config import HUBS
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from wyoming_cosyvoice.cli.command import Commands
    from wyoming_cosyvoice.cli.usage import Parser


def add_models(commands: Commands) -> None:
    """Add ``models``."""
    parser = add_command(
        commands,
        "models",
        "list the installed models, choose or remove one",
        settings=("data_dir",),
        examples=("models use starter", "models", "models list --json"),
    )
    parser.add_argument(
        "action",
        metavar="ACTION",
        nargs="?",
        choices=("list", "use", "remove"),
        default="list",
        help="list (default), use NAME or remove NAME",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="name of a model")
    parser.add_argument("--json", action="store_true", help="list as JSON")
    parser.add_argument("--yes", action="store_true", help="remove without asking")
    parser.brief("action", "list (default), use or remove")
    parser.brief("name", "name of a model")
    parser.brief("--json", "list as JSON")
    parser.brief("--yes", "remove without asking")


def add_fetch(commands: Commands) -> None:
    """Add ``fetch``."""
    parser = add_command(
        commands,
        "fetch",
        "download an official model and convert it",
        settings=("precision", "data_dir", "hub"),
        examples=(
            "fetch cosyvoice-300m-sft",
            "fetch cosyvoice-300m --hub modelscope",
            "fetch --list",
        ),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "release",
        metavar="RELEASE",
        nargs="?",
        help="name of a release, such as cosyvoice-300m-sft",
    )
    what.add_argument(
        "--list", action="store_true", help="list the releases that can be downloaded"
    )
    parser.brief("release", "name of a release (see: fetch --list)")
    parser.brief("--list", "list the releases that can be downloaded")
    parser.add_argument(
        "--from",
        dest="source",
        choices=HUBS,
        help=argparse.SUPPRESS,  # the former name of --hub
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the downloaded originals"
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help="ask the hub again, even if the model is installed or was changed",
    )


def add_convert(commands: Commands) -> None:
    """Add ``convert``."""
    parser = add_command(
        commands,
        "convert",
        "convert an official CosyVoice checkpoint",
        examples=(
            "convert CosyVoice-300M-SFT my-model",
            "convert CosyVoice-300M-SFT small-model --precision int4",
        ),
    )
    parser.add_argument(
        "checkpoint",
        metavar="CHECKPOINT_DIR",
        type=Path,
        help="folder of a release or of a fine-tuned copy: cosyvoice.yaml, "
        "cosyvoice2.yaml or cosyvoice3.yaml, and llm, flow and hift as .pt or "
        ".safetensors",
    )
    parser.add_argument(
        "target", metavar="OUT_DIR", type=Path, help="folder of the new model"
    )
    parser.add_argument(
        "--precision",
        choices=list(Precision),
        default=Precision.INT8,
        help="int8 (default), int4 for machines with 2 GB, fp16 for a --device, fp32 "
        "to compare with",
    )
    parser.add_argument(
        "--name", help="name of the model (default: that of CHECKPOINT_DIR)"
    )
    parser.add_argument(
        "--kind",
        choices=("sft", "zero-shot", "instruct"),
        help="what the model was trained for (default: from its name; CosyVoice2 and 3 "
        "are trained for all of it)",
    )
    parser.brief("checkpoint", "folder of a release or of a fine-tuned copy")
    parser.brief("target", "folder of the new model")
    parser.brief("--precision", "int8 (default), int4 for 2 GB of memory, or fp32")
    parser.brief("--name", "name of the model")


def add_bench(commands: Commands) -> None:
    """Add ``bench``."""
    parser = add_command(
        commands,
        "bench",
        "measure the speed, memory or precision of a model",
        settings=("model", "data_dir", "device", "quality", "steps", "guidance"),
        examples=(
            "bench --model starter --threads 2",
            "bench --model starter --json -",
        ),
    )
    # Not WYOMING_COSYVOICE_THREADS: figures must be comparable between machines.
    parser.add_argument(
        "--threads",
        type=values.whole(1, MAX_THREADS),
        metavar="N",
        help="number of compute threads (default: as for the server)",
    )
    _add_workload(parser)
    parser.add_argument(
        "--clients",
        type=values.comma_separated(values.whole(1, 64)),
        metavar="N,...",
        help="measure N clients at once instead, such as 1,2,4,8,16",
    )
    parser.add_argument(
        "--accuracy",
        metavar="MODEL",
        help="instead of speed, measure how far each stage is from this fp32 model",
    )
    parser.add_argument(
        "--sentences",
        metavar="FILE",
        type=Path,
        help="with --accuracy: sentences, as a JSON list of objects with text_tokens",
    )
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="also write all figures to FILE; - prints only the JSON",
    )
    parser.brief("--threads", "number of compute threads")
    parser.brief("--clients", "measure N clients at once, such as 1,2,4,8")
    parser.brief("--accuracy", "measure the precision, compared with this fp32 model")
    parser.brief("--json", "write all figures to FILE; - prints only the JSON")


def _add_workload(parser: Parser) -> None:
    """Add the sentence that ``bench`` measures, and how often."""
    parser.add_argument(
        "--runs",
        type=values.whole(1, 1000),
        metavar="N",
        default=3,
        help="runs after one warm-up run; the median is reported (default 3)",
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
        help="speech tokens of the sentence (default: five seconds; 250 with 300M, 125 "
        "with CosyVoice2 and 3)",
    )


def add_doctor(commands: Commands) -> None:
    """Add ``doctor``."""
    parser = add_command(
        commands,
        "doctor",
        "check whether everything works; suggest what to fix",
        settings=("uri", "model", "precision", "data_dir", "device"),
        examples=("doctor", "doctor --uri tcp://0.0.0.0:10200"),
    )
    # It has no flags for the others, but looks at their variables.
    own = {action.dest for action in parser._actions}  # noqa: SLF001
    others = {setting.name: None for setting in TABLE if setting.name not in own}
    parser.set_defaults(**others, no_http=False)
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_completion(commands: Commands) -> None:
    """Add ``completion``."""
    parser = add_command(
        commands,
        "completion",
        "print the tab completion script for a shell",
        examples=("completion bash", "completion zsh", "completion fish"),
    )
    parser.add_argument(
        "shell",
        metavar="SHELL",
        choices=("bash", "zsh", "fish"),
        help="bash, zsh or fish",
    )
    parser.brief("shell", "bash, zsh or fish")
