"""Odd and hostile voices: pipes, holes, links out of the folder, junk and bombs."""

from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "The key lies under the flowerpot"  # noqa: S105
HUGE_BYTES = 3 << 30


def sparse(path: Path) -> None:
    """Make a file of 3 GB that takes no space on the disk."""
    path.touch()
    os.truncate(path, HUGE_BYTES)


def bomb(path: Path) -> None:
    """Write arrays that are small on the disk and huge in memory."""
    header = io.BytesIO()
    shape = {"descr": "<f4", "fortran_order": False, "shape": (1, 1 << 38)}
    np.lib.format.write_array_header_1_0(header, shape)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("transcript.npy", header.getvalue())
        archive.writestr("speaker_embedding.npy", header.getvalue() + bytes(8 << 20))


JUNK_INFO = {
    "empty": b"",
    "text": b"Ann",
    "list": b"[]",
    "half": b'{"name": ',
    "deep": b"[" * 60_000,
    "bytes": b"\xff\xfe\x00",
    "digits": b'{"name": ' + b"9" * 5000 + b"}",
    "surrogate": b'{"name": "\\ud800"}',
    "surrogates": b'{"languages": ["\\udfff"], "transcripts": {"neutral": "\\ud83d"}}',
    "unseen": b'{"name": "\\u0000\\u0007"}',
    "long": b'{"name": "' + b"x" * 60_000 + b'"}',
    "numbers": b'{"name": 1, "languages": [1, null, {}], "transcripts": [2]}',
    "nan": b'{"name": NaN, "languages": Infinity, "transcripts": []}',
    "html": b'{"name": "x", "languages": ["<script>", "../..", "en"]}',
    "many": b'{"languages": [' + b'"en",' * 9_000 + b'"en"]}',
}


def fill(folder: Path, recording: bytes) -> set[str]:
    """Make odd voices of all kinds; return the ids of those that can speak."""
    outside = folder.parent.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    (outside / "neutral.wav").write_bytes(recording)
    store = VoiceStore(folder)
    speaking = {store.add("Good", recording, transcript="Hello.").id}
    for name, info in JUNK_INFO.items():
        voice = store.add(f"junk {name}", recording)
        (folder / voice.id / "voice.json").write_bytes(info)
        speaking.add(voice.id)
    for name, make in {
        "pipe": os.mkfifo,
        "sparse": sparse,
        "folder": os.mkdir,
        "link": lambda path: path.symlink_to(outside / "secret.txt"),
    }.items():
        for spoilt in ("voice.json", "neutral.fake.npz", "neutral.wav"):
            voice = store.add(f"{name} as {spoilt}", recording)
            path = folder / voice.id / spoilt
            path.unlink(missing_ok=True)
            make(path)
            if spoilt != "neutral.wav":
                speaking.add(voice.id)
    voice = store.add("bomb", recording)
    bomb(folder / voice.id / "neutral.fake.npz")
    speaking.add(voice.id)
    (folder / "linked").symlink_to(outside)
    for name, make in {
        "Pipe": os.mkfifo,
        "Sparse": sparse,
        "Link": lambda path: path.symlink_to(outside / "secret.txt"),
    }.items():
        make(folder / f"{name}.wav")
        (folder / f"{name} text.wav").write_bytes(recording)
        make(folder / f"{name} text.txt")
        speaking.add(f"{name.lower()}-text")
    make_long = folder / f"{'x' * 250}.wav"  # too long to be renamed
    make_long.write_bytes(b"no recording")
    (folder / "Zoe.wav").write_bytes(recording)
    return speaking | {"zoe"}
