"""The whole training of the starter voice: from packages to a pack that speaks.

    nice python -m models.starter.recipe ~/starter            all stages, in order
    python -m models.starter.recipe ~/starter --list          what each is and takes
    python -m models.starter.recipe ~/starter --only vocoder  one of them

Everything is kept in the folder: a run that was stopped or killed, by whatever, resumes
where it was. Stages that do not need each other may run side by side (``--only``). With
``--from PACK`` the networks begin with a pack's weights instead of random ones.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

# Before anything that has threads is imported; and nothing is sent anywhere.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from models.starter.settings import SETTINGS
from models.starter.stages import STAGES, Recipe


def main() -> None:
    """Read the options and run the stages."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n", maxsplit=1)[0]
    )
    parser.add_argument("state", type=Path, help="the folder that keeps everything")
    parser.add_argument("--settings", choices=SETTINGS, default="full")
    parser.add_argument("--only", nargs="+", choices=STAGES, metavar="STAGE")
    parser.add_argument(
        "--from", dest="start", type=Path, help="begin with the weights of this pack"
    )
    parser.add_argument(
        "--bf16", action="store_true", help="for CPUs with AMX or AVX512-BF16"
    )
    parser.add_argument("--eager", action="store_true", help="do not compile")
    parser.add_argument("--list", action="store_true", help="name the stages and end")
    options = parser.parse_args()
    recipe = Recipe(
        options.state.expanduser().resolve(),
        SETTINGS[options.settings],
        start=options.start,
        bf16=options.bf16,
        compiled=not options.eager,
    )
    if options.list:
        for line in recipe.table():
            print(line)
        return
    os.nice(19 - os.nice(0))  # whatever else runs here comes first
    for stage in options.only or STAGES:
        recipe.run(stage)


if __name__ == "__main__":
    main()
