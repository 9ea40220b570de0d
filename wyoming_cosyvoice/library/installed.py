"""Find installed models and the one to use."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import (
    ConfigError,
    CosyVoiceError,
    ModelError,
    ModelNotFound,
    UnusableFile,
    nearest,
)
from wyoming_cosyvoice.files import read_file, replace_file
from wyoming_cosyvoice.pack.pack import MANIFEST, read_manifest
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

STARTER = "starter"
"""Name of the included model."""

STARTER_DIR = Path(__file__).parents[1] / STARTER
_HOW_TO_GET_ONE = (
    "Get one with `wyoming-cosyvoice fetch cosyvoice-300m-sft`, or make one of a "
    "checkpoint that you have: `wyoming-cosyvoice convert CHECKPOINT_DIR OUT_DIR`, "
    "then --model OUT_DIR."
)


_CHOSEN = "model-in-use"


def installed(data_dir: Path) -> dict[str, Path]:
    """Return the models in the data folder: folder name -> path."""
    found = sorted((data_dir / "models").glob(f"*/{MANIFEST}"))
    return {manifest.parent.name: manifest.parent for manifest in found}


def save_choice(data_dir: Path, folder: Path) -> None:
    """Save the chosen model, for starts without --model.

    Raises: OSError if the folder cannot be written.
    """
    name = STARTER if folder == STARTER_DIR else folder.name
    if name != STARTER and installed(data_dir).get(name) != folder:
        return  # a folder given by --model, which is needed again anyway
    data_dir.mkdir(parents=True, exist_ok=True)
    replace_file(data_dir / _CHOSEN, f"{name}\n".encode())


def _chosen(data_dir: Path) -> str:
    try:
        content = read_file(data_dir / _CHOSEN, max_bytes=1024, within=data_dir)
        return content.decode().strip()
    except (FileNotFoundError, UnusableFile, UnicodeDecodeError):
        return ""


def find_model(
    name: str | None,
    data_dir: Path,
    *,
    precision: str | None = None,
    starter: Path | None = None,
) -> Path:
    """Return the folder of the model to use.

    ``name`` is a folder, a model in ``data_dir/models`` or ``starter``. Without a name
    it is the last chosen model, or the only one in ``data_dir/models``, or else the
    starter. ``precision`` chooses between ``NAME`` and ``NAME-PRECISION``; if a model
    is not installed in this precision, it is used as it is.
    Raises: ModelNotFound, or ConfigError if there are several.
    """
    starter = starter or STARTER_DIR
    own = installed(data_dir)
    if name is None:
        chosen = _chosen(data_dir)
        if chosen in own or (chosen == STARTER and (starter / MANIFEST).is_file()):
            return find_model(chosen, data_dir, precision=precision, starter=starter)
        own = _in_precision(own, precision) or own
        if len(own) > 1:
            raise ConfigError(
                f"There are several models in {data_dir / 'models'}.",
                remedy=f"Choose with --model: {', '.join(own)}.",
            )
        if own:
            return next(iter(own.values()))
        if (starter / MANIFEST).is_file():
            return starter
        raise ModelNotFound("There is no model yet.", remedy=_HOW_TO_GET_ONE)
    if name in own:
        return _variant(own, name, precision)
    if name == STARTER and (starter / MANIFEST).is_file():
        return starter
    # A name that is no path, or a folder that may not be seen, is not found.
    with contextlib.suppress(OSError, RuntimeError):
        folder = Path(name).expanduser()
        if folder.is_dir():
            return folder
    raise _not_found(name, own, data_dir)


def _not_found(name: str, own: dict[str, Path], data_dir: Path) -> ModelNotFound:
    # Imported here: needed only for errors.
    from wyoming_cosyvoice.fetch.catalogue import RELEASES  # noqa: PLC0415

    releases = [release.name for release in RELEASES]
    if name.lower() in releases:
        return ModelNotFound(
            f"The model {name} is not installed.",
            remedy=f"Download it with `wyoming-cosyvoice fetch {name.lower()}`.",
        )
    likely = nearest(name, (*own, STARTER, *releases))
    known = f"Known by name: {', '.join(own)}." if own else _HOW_TO_GET_ONE
    return ModelNotFound(
        f"There is no model {name!r}, neither as a folder nor in "
        f"{data_dir / 'models'}.",
        remedy=f"Did you mean {likely}?" if likely else known,
    )


def starter_instead_of(error: CosyVoiceError) -> Path:
    """Return the starter, to replace a model that cannot be used.

    Raises: the error, if the starter is missing.
    """
    if not (STARTER_DIR / MANIFEST).is_file():
        raise error
    return STARTER_DIR


def _variant(own: dict[str, Path], name: str, precision: str | None) -> Path:
    if precision is not None:
        alike = _in_precision(own, precision)
        for key in (name, f"{release_of(name)}-{precision}", release_of(name)):
            if key in alike:
                return alike[key]
    return own[name]


def release_of(name: str) -> str:
    """Return the name of a model without its precision."""
    for precision in Precision:
        name = name.removesuffix(f"-{precision}")
    return name


def lacks_precision(folder: Path, precision: str | None) -> bool:
    """Whether a model has another precision than the requested one."""
    return precision is not None and _precision_of(folder) not in (precision, None)


def warn_about_precision(folder: Path, precision: str | None) -> None:
    """Warn that a model is used in another precision than the requested one."""
    if not lacks_precision(folder, precision):
        return
    _LOGGER.warning(
        "The model %s is in %s, not in %s, and is used as it is; `wyoming-cosyvoice "
        "fetch %s --precision %s` downloads a release, `convert` makes others.",
        *(folder.name, _precision_of(folder), precision),
        *(release_of(folder.name), precision),
    )


def _in_precision(own: dict[str, Path], precision: str | None) -> dict[str, Path]:
    return {
        name: folder
        for name, folder in own.items()
        if _precision_of(folder) == precision
    }


def _precision_of(folder: Path) -> str | None:
    try:
        return read_manifest(folder).precision
    except ModelError:
        return None  # opening it reports the error


def voice_named(voices: Sequence[Voice], name: str | None) -> Voice | None:
    """Return the voice of a name; None for None.

    Clients may send any name and get another voice; a user who types one wants an
    error.
    Raises: ConfigError if the model has no such voice.
    """
    voice = find_voice(voices, name)
    if voice is None and name is not None:
        known = ", ".join(voice.id for voice in voices) or "none"
        likely = nearest(name, [voice.id for voice in voices])
        tip = f" Did you mean {likely}?" if likely else ""
        raise ConfigError(
            f"The model has no voice {name!r}.", remedy=f"It has: {known}.{tip}"
        )
    return voice
