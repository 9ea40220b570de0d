"""``convert-voice`` as users run it, with tiny real models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from tests.support.recordings import wav

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome
    from wyoming_cosyvoice.pack.pack import Pack

    Run = Callable[..., Outcome]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "in.wav"
    path.write_bytes(wav(2.5))
    return path


def test_a_recording_is_said_in_another_voice(
    run: Run, tiny_pack: Pack, recording: Path, tmp_path: Path
) -> None:
    sounds = []
    for voice in ("zh-female", "en-male"):
        path = tmp_path / f"{voice}.flac"
        outcome = run(
            *("convert-voice", recording, path, "--model", tiny_pack.directory),
            *("--voice", voice, "--seed", "1"),
        )
        assert outcome.code == 0, outcome.err
        assert "2.5 s of speech" in outcome.err
        samples, rate = soundfile.read(path)
        assert (rate, len(samples)) == (22_050, round(2.5 * 22_050))
        sounds.append(samples)
    assert not np.array_equal(*sounds)


def test_the_voice_may_be_a_recording_too(
    run: Run, tiny_pack: Pack, recording: Path, tmp_path: Path
) -> None:
    reference = tmp_path / "voice.wav"
    reference.write_bytes(wav(3.0, hertz=220))
    path = tmp_path / "out.wav"
    outcome = run(
        *("convert-voice", recording, path, "--model", tiny_pack.directory),
        *("--reference", reference, "--seed", "1"),
    )
    assert outcome.code == 0, outcome.err
    assert soundfile.info(path).duration == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("words", "reason", "code"),
    [
        (("in.wav", "out.wav"), "A voice is needed", 2),
        (("none.wav", "out.wav", "--voice", "heart"), "There is no file", 2),
        (("in.wav", "out.mid", "--voice", "heart"), "ends in .mid", 2),
        (("in.wav", "out.wav", "--voice", "heart"), "cannot clone", 3),
    ],
)
def test_what_cannot_be_done_is_reported(
    run: Run,
    recording: Path,
    tmp_path: Path,
    words: tuple[str, ...],
    reason: str,
    code: int,
) -> None:
    source, target, *flags = words
    outcome = run(
        *("convert-voice", tmp_path / source, tmp_path / target, *flags),
        *("--model", "starter"),
    )
    assert outcome.code == code
    assert reason in outcome.err
    assert not (tmp_path / target).exists()
    assert recording.exists()
