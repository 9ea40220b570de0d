"""Convert a release to a model pack, on the user's machine.

Each family has its own module that writes the networks; it is selected here.
Only one tensor is in memory at a time, so a Raspberry Pi can convert the full model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.conversion import Conversion, Description
from wyoming_cosyvoice.convert.cosyvoice import guess_kind, write_cosyvoice
from wyoming_cosyvoice.convert.cosyvoice2 import write_cosyvoice2
from wyoming_cosyvoice.convert.cosyvoice3 import write_cosyvoice3
from wyoming_cosyvoice.convert.release.release import Release
from wyoming_cosyvoice.errors import MalformedCheckpoint
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.pack.writer import PackWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wyoming_cosyvoice.convert.conversion import Progress
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack

__all__ = ["convert", "guess_kind"]

_LICENCE = "Apache-2.0"
# Size of a pack relative to its checkpoints, with a margin, for the free space check.
_SHARE = {
    Precision.FP32: 1.1,
    Precision.FP16: 0.6,
    Precision.INT8: 0.35,
    Precision.INT4: 0.3,
}

_WRITERS: dict[str, Callable[[Conversion], Manifest]] = {
    "cosyvoice": write_cosyvoice,
    "cosyvoice2": write_cosyvoice2,
    "cosyvoice3": write_cosyvoice3,
}
_SOURCES = {
    "cosyvoice": "converted from a CosyVoice-300M release",
    "cosyvoice2": "converted from a CosyVoice2 release",
    "cosyvoice3": "converted from a CosyVoice3 release",
}


def convert(
    checkpoint: Path,
    target: Path,
    *,
    precision: Precision = Precision.INT8,
    name: str | None = None,
    kind: str | None = None,
    source: str | None = None,
    licence: str = _LICENCE,
    progress: Progress | None = None,
) -> Pack:
    """Convert the release in a folder; the pack appears when it is complete.

    ``progress`` is called with the numbers of tensors done and in total. ``name`` and
    ``kind`` default to values from the folder's name and the family.
    Raises: CheckpointError for the release, ModelError or ConfigError for the target.
    """
    with Release.open(checkpoint) as release:
        inputs = (release.llm.path, release.flow.path, release.hift.path)
        size = sum(path.stat().st_size for path in inputs) * _SHARE[precision]
        copied = [release.speaker_encoder, release.speech_tokenizer]
        size += sum(path.stat().st_size for path in copied if path is not None)
        with PackWriter(target, expected_bytes=int(size)) as writer:
            description = Description(
                name=name or checkpoint.resolve().name,
                source=source or _SOURCES[release.family],
                licence=licence,
                kind=kind,
                precision=precision,
            )
            job = Conversion(release, writer.directory, description, progress)
            manifest = _WRITERS[release.family](job)
            _refuse_leftovers(release)
            return writer.finish(manifest)


def _refuse_leftovers(release: Release) -> None:
    """Raise if tensors are unused: the release is not of the expected architecture."""
    for network in (release.llm, release.flow, release.hift):
        unused = network.unused()
        if unused:
            raise MalformedCheckpoint(
                f"{network.path} holds {len(unused)} tensors that no network takes, "
                f"the first of them {unused[0]!r}."
            )
