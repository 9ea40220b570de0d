"""The scheduling order: first clients without audio, then the first to run out.

A client that plays audio as it arrives runs out when all audio so far is played. That
is when its next audio is due; the earliest is served first. A client without audio has
been waiting since its request, which counts as a fixed time earlier: so it comes before
all clients that are still playing, but not before one that has been silent for that
time. A flood of new requests therefore delays others, but cannot starve them.
"""

from __future__ import annotations

NEWCOMER_S = 10.0
"""Silence within an answer that counts as much as a missing first audio."""


def next_sound_due(asked_at: float, audio_until: float | None) -> float:
    """Return when a client needs more audio, by the clock of both arguments.

    ``asked_at`` is the time of the last new input, ``audio_until`` when all audio so
    far will have been played; None if there was none.
    """
    if audio_until is None:
        return asked_at - NEWCOMER_S
    return max(asked_at, audio_until)
