"""Whose turn it is: who hears nothing yet comes first, then who runs dry first.

A listener who plays what comes at once falls silent when all that was made is heard.
That moment is when the next sound is due; the earliest is served first. Who has heard
nothing yet is silent since asking, and is counted as if that were a while longer ago:
before everybody who still hears something, but not before one who has been silent for
that while. So a stream of newcomers delays the others, and never starves them.
"""

from __future__ import annotations

NEWCOMER_S = 10.0
"""Seconds of silence in the midst of an answer that weigh as much as a first sound."""


def next_sound_due(asked_at: float, heard_until: float | None) -> float:
    """Return when a listener needs more sound, by the clock of both arguments.

    ``asked_at`` is when there was last something new to do, ``heard_until`` when all
    sound that was made will have been heard; None if there was none.
    """
    if heard_until is None:
        return asked_at - NEWCOMER_S
    return max(asked_at, heard_until)
