"""``fetch``: download an official release and convert it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Self

from tqdm import tqdm

from wyoming_cosyvoice.fetch import RELEASES, choose_source, ensure, find_release
from wyoming_cosyvoice.library.installed import installed
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.fetch import Progress


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Fetch a release, with a progress bar on a terminal.

    Raises: ConfigError, DownloadError, CheckpointError, ModelError.
    """
    if arguments.list:
        _print_releases(config)
        return 0
    release = find_release(arguments.release)
    began = time.perf_counter()
    with _Bars() as bars:
        folder = ensure(
            release.name,
            config.data_folder,
            bars.show,
            source=choose_source(arguments.source or config.hub, os.environ),
            precision=Precision(config.model.precision)
            if config.model.precision
            else None,
            keep=arguments.keep,
            update=arguments.update,
        )
    manifest = Pack.open(folder).manifest
    size_mb = manifest.own_bytes / 1e6
    print(
        f"{folder}: {manifest.name}, {manifest.precision}, {size_mb:.0f} MB, "
        f"{len(manifest.voices)} voices, {time.perf_counter() - began:.0f} s"
    )
    return 0


def _print_releases(config: Config) -> None:
    names = installed(config.data_folder)
    for release in RELEASES:
        size = f"{release.download_bytes / 1e9:.1f} GB"
        state = "installed" if release.name in names else size
        print(f"{release.name:<26} {state:<10} {release.licence}  {release.summary}")


class _Bars:
    """One progress bar per stage, if standard error is a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: Progress) -> None:
        if self._bar is None or progress.stage != self._stage:
            if self._bar is not None:
                self._bar.close()
            self._stage = progress.stage
            self._bar = self._new_bar(progress.stage)
        self._bar.total = progress.total
        self._bar.update(progress.done - self._bar.n)

    def _new_bar(self, stage: str) -> tqdm[None]:
        if stage == "download":
            unit, scale, text = "B", True, "Downloading"
        elif stage == "convert":
            unit, scale, text = " tensors", False, "Converting"
        else:
            unit, scale, text = "", False, "Waiting for another process"
        # disable=None: no bar unless standard error is a terminal.
        return tqdm(unit=unit, unit_scale=scale, desc=text, leave=False, disable=None)
