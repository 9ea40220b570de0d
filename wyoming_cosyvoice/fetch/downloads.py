"""Downloads for the web page, with the state and progress of each release.

One release is downloaded at a time, in a separate thread; another is refused meanwhile.
All methods may be called from the event loop: they read at most a few small files.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import (
    ConfigError,
    Conflict,
    CosyVoiceError,
    DownloadError,
    ModelError,
    SynthesisCancelled,
    UnknownModel,
)
from wyoming_cosyvoice.fetch.catalogue import RELEASES, find_release
from wyoming_cosyvoice.fetch.install import ensure, pack_folder
from wyoming_cosyvoice.fetch.known_model import KnownModel
from wyoming_cosyvoice.pack.pack import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wyoming_cosyvoice.fetch.catalogue import Release
    from wyoming_cosyvoice.fetch.progress import Progress
    from wyoming_cosyvoice.fetch.sources import Source
    from wyoming_cosyvoice.pack.settings import Precision

    Ready = Callable[[Path], object]
    Failed = Callable[[str, CosyVoiceError], None]

_LOGGER = logging.getLogger(__name__)
_CLOSE_S = 1.0


@dataclass
class _Run:
    """One running download."""

    name: str
    source: Source | None
    cancel: CancelToken = field(default_factory=CancelToken)
    progress: Progress | None = None


class ReleaseDownloads:
    """The releases of the catalogue in one data folder.

    Both callbacks run in the download thread: ``ready`` with the folder of a completed
    model, ``failed`` with the name of a failed one and the error. A download counts as
    running until ``ready`` returns.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        ready: Ready = lambda _: None,
        failed: Failed = lambda _name, _error: None,
        source: Source | None = None,
        precision: Precision | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._ready = ready
        self._failed = failed
        self._source = source
        self._precision = precision
        self._lock = threading.Lock()
        self._run: _Run | None = None
        self._thread: threading.Thread | None = None
        self._errors: dict[str, str] = {}

    def models(self) -> list[KnownModel]:
        """Return all releases, each with its state."""
        with self._lock:
            return [self._describe(release) for release in RELEASES]

    def folder(self, name: str) -> Path:
        """Return the folder of the pack of a release, which may not exist yet.

        Raises: UnknownModel.
        """
        folder, _ = pack_folder(
            self._data_dir / "models", _release(name), self._precision
        )
        return folder

    def start(self, name: str, source: Source | None = None) -> None:
        """Start to download a release, from ``source`` or the configured hub.

        Raises: UnknownModel; Conflict if another one is running.
        """
        release = _release(name)
        with self._lock:
            if self._run is not None:
                raise Conflict(
                    f"{self._run.name} is being downloaded.",
                    remedy="Wait for it, or cancel it.",
                )
            self._errors.pop(release.name, None)
            self._run = _Run(release.name, source or self._source)
            self._thread = threading.Thread(
                target=self._fetch, args=(self._run,), name="fetch", daemon=True
            )
            self._thread.start()

    def cancel(self, name: str) -> None:
        """Stop a download; partial files are kept for the next time.

        Raises: UnknownModel; Conflict if it is not running.
        """
        release = _release(name)
        with self._lock:
            if self._run is None or self._run.name != release.name:
                raise Conflict(f"{release.name} is not being downloaded.")
            token = self._run.cancel
        token.cancel()

    def close(self) -> None:
        """Stop the running download, and wait briefly for it.

        A thread that waits for a silent server is abandoned, which is harmless: a part
        can be resumed from any length.
        """
        with self._lock:
            run, thread = self._run, self._thread
        if run is not None and thread is not None:
            run.cancel.cancel()
            thread.join(_CLOSE_S)

    def _fetch(self, run: _Run) -> None:
        def report(progress: Progress) -> None:
            run.progress = progress

        folder: Path | None = None
        failure: CosyVoiceError | None = None
        try:
            folder = ensure(
                run.name,
                self._data_dir,
                report,
                run.cancel,
                source=run.source,
                precision=self._precision,
            )
        except SynthesisCancelled:
            _LOGGER.info("Fetching %s was cancelled", run.name)
        except CosyVoiceError as error:
            failure = error
            _LOGGER.warning("Fetching %s failed: %s", run.name, error)
        # A download must always end, whatever its files contain.
        except Exception:
            failure = DownloadError(
                f"Fetching {run.name} failed.", remedy="See the log for details."
            )
            _LOGGER.exception("Fetching %s failed", run.name)
        if folder is not None:
            failure = self._report_ready(run.name, folder)
        with self._lock:
            self._run = None
            if failure is not None:
                self._errors[run.name] = str(failure)
        if failure is not None:
            self._failed(run.name, failure)

    def _report_ready(self, name: str, folder: Path) -> CosyVoiceError | None:
        """Call ``ready`` for a completed model; return its error, if any."""
        _LOGGER.info("Fetched %s", name)
        try:
            self._ready(folder)
        except CosyVoiceError as error:
            return error
        except Exception:
            _LOGGER.exception("Using %s failed", name)
            return ModelError(
                f"Using {name} failed.", remedy="See the log for details."
            )
        return None

    def _describe(self, release: Release) -> KnownModel:
        known = KnownModel(
            name=release.name,
            state="available",
            description=f"{release.title}: {release.summary}",
            kind=release.kind,
            family=release.family,
            licence=release.licence,
            precision=self._precision.value if self._precision else "",
            size_bytes=release.download_bytes,
            size_is_about=True,
        )
        if self._run is not None and self._run.name == release.name:
            return _downloading(known, self._run.progress)
        if (self.folder(release.name) / MANIFEST).is_file():
            return replace(known, state="installed")
        if release.name in self._errors:
            return replace(known, state="failed", error=self._errors[release.name])
        return known


def _downloading(known: KnownModel, progress: Progress | None) -> KnownModel:
    known = replace(known, state="downloading", done_bytes=0)
    if progress is not None and progress.stage == "download":
        return replace(
            known,
            size_bytes=progress.total,
            done_bytes=progress.done,
            size_is_about=False,
        )
    if progress is not None and progress.stage == "convert":
        # The download is complete; the conversion is running.
        return replace(known, done_bytes=known.size_bytes)
    return known


def _release(name: str) -> Release:
    try:
        return find_release(name)
    except ConfigError as error:
        raise UnknownModel(error.message, remedy=error.remedy) from error
