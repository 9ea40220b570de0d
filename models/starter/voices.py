"""The voices: whose timbre and prosody they have, and which speaker vector is theirs.

Kokoro's style packs have a half for timbre and a half for prosody. A voice blends the
timbres of some packs, and takes the prosody of one pack for each language, so that one
speaker speaks them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEAKER_WIDTH = 192
HIBARI = "hibari"
"""In the place of a pack: hibari-tts speaks, whose only voice is that of af_heart."""
_WOMAN_HZ, _MAN_HZ = (90.0, 450.0), (50.0, 280.0)


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of the starter.

    ``place`` is its place in the one-hot speaker vectors, which no other voice may ever
    have; ``pitch_hz`` where its pitch is looked for; ``timbre`` the weights of style
    packs; ``prosody`` the style pack of each language; ``pitch`` what the pitch of that
    is multiplied by, where it is not 1: all languages of a voice have to lie in one
    range, which its speech tokens divide. A voice that is ``lowered_from``
    another is made out of that one's sound, and shares its times.
    """

    name: str
    description: str
    place: int
    pitch_hz: tuple[float, float]
    timbre: Mapping[str, float] = field(default_factory=dict)
    prosody: Mapping[str, str] = field(default_factory=dict)
    pitch: Mapping[str, float] = field(default_factory=dict)
    lowered_from: str | None = None

    @property
    def vector(self) -> np.ndarray:
        """The speaker vector, orthogonal to all others: float32 (1, 192)."""
        return np.eye(SPEAKER_WIDTH, dtype=np.float32)[self.place : self.place + 1]


VOICES = {
    voice.name: voice
    for voice in (
        Voice(
            "heart",
            "a warm woman",
            0,
            _WOMAN_HZ,
            {"af_heart": 0.8, "zf_xiaoxiao": 0.2},
            {"en": HIBARI, "zh": "zf_xiaoxiao", "ja": "jf_tebukuro"},
            {"ja": 0.72},
        ),
        Voice("cedar", "a calm man", 1, _MAN_HZ, lowered_from="heart"),
        Voice(
            "ivy",
            "a bright woman",
            2,
            _WOMAN_HZ,
            {"bf_emma": 0.6, "zf_xiaobei": 0.4},
            {"en": "bf_emma", "zh": "zf_xiaobei", "ja": "jf_alpha"},
        ),
        Voice(
            "willow",
            "a calm woman",
            3,
            _WOMAN_HZ,
            {"af_kore": 0.6, "zf_xiaoyi": 0.4},
            {"en": "af_kore", "zh": "zf_xiaoyi", "ja": "jf_nezumi"},
        ),
        Voice(
            "oak",
            "a deep man",
            4,
            _MAN_HZ,
            {"am_michael": 0.6, "zm_yunjian": 0.4},
            {"en": "am_michael", "zh": "zm_yunjian", "ja": "jm_kumo"},
        ),
        Voice(
            "birch",
            "a young man",
            5,
            _MAN_HZ,
            {"am_puck": 0.6, "zm_yunxi": 0.4},
            {"en": "am_puck", "zh": "zm_yunxi", "ja": "jm_kumo"},
        ),
        Voice(
            "elm",
            "a quiet man",
            6,
            _MAN_HZ,
            {"am_fenrir": 0.6, "zm_yunyang": 0.4},
            {"en": "am_fenrir", "zh": "zm_yunyang", "ja": "jm_kumo"},
        ),
    )
}

NEAREST = {
    "ivy": "heart", "willow": "heart", "oak": "cedar", "birch": "cedar", "elm": "cedar",
}  # fmt: skip
"""Which of the first two voices a later one is most like.

It begins as a copy of that one (release/new_rows.py), which also speaks the languages
that the later one did not learn (release/companion.py).
"""


def sharing_plans(name: str) -> list[str]:
    """Name the voices that differ from one in timbre only, itself first."""
    return [name, *(v.name for v in VOICES.values() if v.lowered_from == name)]
