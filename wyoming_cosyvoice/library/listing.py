"""Models as the web page lists them: installed models, and releases to download.

in DATA_DIR/models, NAME or NAME-PRECISION     by the name of their folder
the starter, and the folder of --model         the same
releases of the catalogue                      unless they are here already
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelError, UnknownModel
from wyoming_cosyvoice.fetch.known_model import KnownModel
from wyoming_cosyvoice.fetch.sources import choose_source
from wyoming_cosyvoice.library.installed import STARTER, STARTER_DIR, installed
from wyoming_cosyvoice.pack.pack import MANIFEST, read_manifest, size_bytes
from wyoming_cosyvoice.synth.abilities import (
    abilities_of,
    abilities_of_release,
    languages_of_release,
)
from wyoming_cosyvoice.synth.front_end import spoken_languages

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.fetch import ReleaseDownloads
    from wyoming_cosyvoice.library.switcher import Switcher


class ModelList:
    """The models for ``server.http.models_api``. No method blocks."""

    def __init__(
        self,
        switcher: Switcher,
        downloads: ReleaseDownloads,
        data_dir: Path,
        *,
        starter: Path = STARTER_DIR,
    ) -> None:
        self._switcher = switcher
        self._downloads = downloads
        self._data_dir = data_dir
        self._starter = starter
        self._begun_with = switcher.folder

    def models(self) -> list[KnownModel]:
        """Return all models: first the one in use, then others, then releases."""
        # Another thread may switch meanwhile; the list must be consistent.
        used, loading = self._switcher.folder, self._switcher.loading
        here = [
            self._describe(name, folder, used=used, loading=loading)
            for name, folder in self._folders().items()
        ]
        here.sort(key=lambda known: known.state != "in-use")
        return here + [
            known
            for known in map(_with_abilities, self._downloads.models())
            if known.state != "installed"
            and loading != self._downloads.folder(known.name)
        ]

    def start(self, name: str, hub: str | None = None) -> None:
        """Start to download a release, from ``hub`` or the configured one.

        Raises: UnknownModel, Conflict.
        """
        source = choose_source(hub, os.environ) if hub else None
        self._downloads.start(name, source)

    def cancel(self, name: str) -> None:
        """Stop a download. Raises: UnknownModel, Conflict."""
        self._downloads.cancel(name)

    def use(self, name: str) -> None:
        """Start to switch to an installed model.

        Raises: UnknownModel; Conflict while another is being loaded.
        """
        folder = self._folders().get(name)
        if folder is None:
            raise UnknownModel(
                f"No model named {name[:80]!r} is installed.",
                remedy="GET /models lists those that are.",
            )
        if folder != self._switcher.folder:
            self._switcher.begin(folder)

    def _folders(self) -> dict[str, Path]:
        """Return the installed models: name -> folder."""
        folders = installed(self._data_dir)
        if (self._starter / MANIFEST).is_file():
            folders.setdefault(STARTER, self._starter)
        for folder in (self._begun_with, self._switcher.folder):
            if folder not in folders.values():
                name = folder.resolve().name
                folders[name if name not in folders else f"{name}-2"] = folder
        return folders

    def _describe(
        self, name: str, folder: Path, *, used: Path, loading: Path | None
    ) -> KnownModel:
        try:
            manifest = read_manifest(folder)
            size = size_bytes(folder, manifest)
        except ModelError as error:
            return KnownModel(name, "damaged", error=str(error))
        state = "installed"
        if folder in {used, loading}:
            state = "in-use" if folder == used else "loading"
        refusals = self._switcher.refusals if state == "installed" else {}
        return KnownModel(
            name,
            state,
            description=manifest.name,
            kind=manifest.kind,
            family=manifest.family,
            languages=spoken_languages(manifest),
            abilities=abilities_of(manifest),
            licence=manifest.licence,
            precision=manifest.precision,
            voices=len(manifest.voices),
            size_bytes=size,
            error=refusals.get(folder),
        )


def _with_abilities(known: KnownModel) -> KnownModel:
    """Return a release that is not installed with what its pack will do."""
    return replace(
        known,
        languages=languages_of_release(known.family),
        abilities=abilities_of_release(known.family, known.kind),
    )
