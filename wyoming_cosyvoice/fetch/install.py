"""Install a release as a pack in ``DATA_DIR/models``.

    DATA_DIR/downloads/NAME.lock     held while a process fetches
    DATA_DIR/downloads/NAME.json     hashes of the release (``pins``); kept
    DATA_DIR/downloads/NAME/         the original files, removed after conversion
    DATA_DIR/models/NAME/            the pack; appears when it is complete
    DATA_DIR/models/NAME-PRECISION/  a pack in another precision

An earlier pack stays usable until the new one replaces it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import DownloadError, ModelError
from wyoming_cosyvoice.fetch.catalogue import find_release
from wyoming_cosyvoice.fetch.download import download, part_path
from wyoming_cosyvoice.fetch.pins import check_pin, read_pins, write_pins
from wyoming_cosyvoice.fetch.progress import Progress
from wyoming_cosyvoice.fetch.retries import RetryPolicy, sleep, with_retries
from wyoming_cosyvoice.fetch.sources import choose_source
from wyoming_cosyvoice.pack.pack import MANIFEST, read_manifest, sha256
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wyoming_cosyvoice.fetch.catalogue import Release
    from wyoming_cosyvoice.fetch.progress import Report
    from wyoming_cosyvoice.fetch.sources import Listing, Source

_LOCK_POLL_S = 0.5
# Size of the pack relative to the originals; the extractors are copied.
_PACK_SHARE = {
    Precision.FP32: 1.1,
    Precision.FP16: 0.85,
    Precision.INT8: 0.6,
    Precision.INT4: 0.55,
}
_SPARE = 1.2


def ensure(
    name: str,
    data_dir: Path,
    progress: Report | None = None,
    cancel: CancelToken | None = None,
    *,
    source: Source | None = None,
    precision: Precision | None = None,
    keep: bool = False,
    update: bool = False,
    retry: RetryPolicy | None = None,
) -> Path:
    """Return the folder of a pack of the release, downloading it if necessary.

    An existing pack is returned, unless ``update`` checks the hub again; with a
    ``precision``, one in this precision. The default for a new pack is int8. ``keep``
    keeps the originals. ``source`` is Hugging Face by default.
    Raises: ConfigError for the name, DownloadError, CheckpointError or ModelError for
    the conversion, SynthesisCancelled; an earlier pack is then unchanged, and the next
    call resumes the download.
    """
    release = find_release(name)
    models = data_dir / "models"
    target, wanted = pack_folder(models, release, precision)
    if (target / MANIFEST).is_file() and not update:
        return target
    report = progress or (lambda _: None)
    token = cancel or CancelToken()
    folder = data_dir / "downloads" / release.name
    job = _Job(release, folder, report, token, retry or RetryPolicy())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_suffix(".lock"), report, token):
            # Another process may have finished while this one waited.
            target, wanted = pack_folder(models, release, precision)
            if (target / MANIFEST).is_file() and not update:
                return target
            origin = job.download(
                source or choose_source("huggingface", os.environ),
                wanted,
                update=update,
            )
            job.convert(target, wanted, origin)
            if not keep:
                shutil.rmtree(folder)
    except OSError as error:
        raise DownloadError(
            f"Cannot use {data_dir}: {error.strerror or error}.",
            remedy="Choose another folder with --data-dir.",
        ) from error
    return target


def pack_folder(
    models: Path, release: Release, precision: Precision | None
) -> tuple[Path, Precision]:
    """Return the folder and precision of a pack, which may not exist yet.

    With ``precision`` None, an existing pack of any precision is used.
    """
    folder = models / release.name
    try:
        present = read_manifest(folder).precision
    except (ModelError, ValueError):
        return folder, precision or Precision.INT8
    if precision in (None, present):
        return folder, present
    return models / f"{release.name}-{precision.value}", precision


class _Job:
    """The download and conversion of one release."""

    def __init__(
        self,
        release: Release,
        folder: Path,
        report: Report,
        cancel: CancelToken,
        retry: RetryPolicy,
    ) -> None:
        self._release = release
        self._folder = folder
        self._report = report
        self._cancel = cancel
        self._retry = retry

    def download(self, source: Source, precision: Precision, *, update: bool) -> str:
        """Download all files and pin their hashes; return their origin."""
        pin_path = self._folder.with_suffix(".json")
        pins = {} if update else {**self._release.sha256, **read_pins(pin_path)}
        listing = self._list(source)
        for file in listing.files:
            # Check before 1.2 GB are downloaded rather than after.
            if file.algorithm == "sha256":
                check_pin(pins, file.name, file.digest)
        self._check_space(listing, precision)
        total = listing.size_bytes
        before = 0
        found = {}
        for file in listing.files:

            def report(done: int, name: str = file.name, before: int = before) -> None:
                self._report(Progress("download", before + done, total, name))

            path = download(
                file,
                self._folder,
                cancel=self._cancel,
                progress=report,
                retry=self._retry,
            )
            is_known = file.algorithm == "sha256"
            found[file.name] = file.digest if is_known else sha256(path)
            check_pin(pins, file.name, found[file.name])
            before += file.size
        write_pins(pin_path, found, listing.origin)
        return listing.origin

    def convert(self, target: Path, precision: Precision, origin: str) -> None:
        """Convert the release to a pack."""

        def report(done: int, total: int) -> None:
            self._cancel.raise_if_cancelled()
            self._report(Progress("convert", done, total))

        # Imported here: the ONNX libraries take two seconds to import.
        from wyoming_cosyvoice.convert.converter import convert  # noqa: PLC0415

        convert(
            self._folder,
            target,
            precision=precision,
            name=self._release.title,
            kind=self._release.kind,
            source=origin,
            licence=self._release.licence,
            progress=report,
        )
        self._report(Progress("convert", 1, 1))

    def _list(self, source: Source) -> Listing:
        listings: list[Listing] = []
        with_retries(
            lambda: listings.append(source.list_files(self._release)),
            retry=self._retry,
            cancel=self._cancel,
        )
        return listings[0]

    def _check_space(self, listing: Listing, precision: Precision) -> None:
        """Check the free space before anything is downloaded."""
        total = listing.size_bytes
        present = 0
        for file in listing.files:
            for path in (self._folder / file.name, part_path(self._folder, file)):
                with contextlib.suppress(FileNotFoundError):
                    present += path.stat().st_size
        needed = int((total - present + total * _PACK_SHARE[precision]) * _SPARE)
        free = shutil.disk_usage(self._folder).free
        if free < needed:
            raise DownloadError(
                f"{self._folder} has {free >> 20} MB free; {needed >> 20} MB are "
                "needed for download and conversion.",
                remedy="Free some space, or choose another folder with --data-dir.",
            )


@contextlib.contextmanager
def _locked(path: Path, report: Report, cancel: CancelToken) -> Iterator[None]:
    """Hold a lock that is freed if the process is killed; wait for other holders."""
    # Opened for reading and writing: opening a FIFO for writing alone would block.
    with path.open("a+b", buffering=0) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                report(Progress("wait"))
                sleep(_LOCK_POLL_S, cancel)
            else:
                break
        yield
