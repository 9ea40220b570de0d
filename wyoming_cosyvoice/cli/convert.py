"""``convert``: convert an official checkpoint to a model."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tqdm import tqdm

from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.errors import MalformedCheckpoint
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, _: Config) -> int:
    """Convert, with a progress bar on a terminal.

    Raises: CheckpointError, ModelError, ConfigError.
    """
    if not arguments.checkpoint.is_dir():
        raise MalformedCheckpoint(
            f"The folder {arguments.checkpoint} does not exist.",
            remedy="Give the folder of a release, such as CosyVoice-300M-SFT.",
        )
    began = time.perf_counter()
    # disable=None: no bar unless standard error is a terminal.
    with tqdm(unit=" tensors", desc="Converting", leave=False, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        pack = convert(
            arguments.checkpoint,
            arguments.target,
            precision=Precision(arguments.precision),
            name=arguments.name,
            kind=arguments.kind,
            progress=progress,
        )
    manifest = pack.manifest
    size_mb = manifest.own_bytes / 1e6
    print(
        f"{pack.directory}: {manifest.name}, {manifest.precision}, {size_mb:.0f} MB, "
        f"{len(manifest.voices)} voices, {time.perf_counter() - began:.0f} s"
    )
    return 0
