"""What a run of the recipe makes: corpora and their hours, and the phases of training.

``FULL`` is the voice that is shipped, ``SIX_VOICES`` and ``JAPANESE`` what comes next,
``ADD_JAPANESE`` a short cut to the latter that begins with a pack (``--from``),
``TINY`` the same stages in minutes, for the test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.starter.voices import VOICES


@dataclass(frozen=True, slots=True)
class CorpusSettings:
    """A voice in a language: so many hours, a share of the sentences with English."""

    language: str
    voice: str
    hours: float
    english: float = 0.0

    @property
    def name(self) -> str:
        """The folder of the corpus."""
        return f"{self.language}_{self.voice}"


@dataclass(frozen=True, slots=True)
class Phase:
    """Some steps of training with one objective.

    The learning rate rises over the first steps of the phase, and falls to nearly
    nothing by a half cosine if it ``falls``. ``sharpness`` is the flow's (see
    training/flow.py).
    """

    objective: str
    steps: int
    learning_rate: float
    falls: bool = False
    sharpness: float = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run of the recipe makes.

    A network without phases stays as it is in the pack that training began with.
    """

    spoken: tuple[CorpusSettings, ...]
    planned: tuple[CorpusSettings, ...]
    vocoder: tuple[Phase, ...]
    language_model: tuple[Phase, ...]
    flow: tuple[Phase, ...]
    recogniser: tuple[Phase, ...]
    recognised_flow: tuple[Phase, ...]
    recognised_share: float = 0.6
    """Of the flow trained by a recogniser, in the weights that are released."""

    @property
    def voices(self) -> list[str]:
        """The voices that the corpora have, in the order of their places."""
        found = {corpus.voice for corpus in self.spoken}
        return sorted(found, key=lambda name: VOICES[name].place)

    @property
    def languages(self) -> list[str]:
        """The languages that all voices speak, in the order of their corpora."""
        return list(dict.fromkeys(corpus.language for corpus in self.spoken))

    def phases(self, stage: str) -> tuple[Phase, ...]:
        """Return the phases of a training stage."""
        found: tuple[Phase, ...] = getattr(self, stage.replace("-", "_"))
        return found


FULL = Settings(
    spoken=(
        CorpusSettings("en", "heart", 3.0),
        CorpusSettings("zh", "heart", 2.25, english=0.3),
        CorpusSettings("en", "cedar", 3.0),
        CorpusSettings("zh", "cedar", 2.25, english=0.3),
    ),
    planned=(
        CorpusSettings("en", "heart", 13.0),
        CorpusSettings("zh", "heart", 26.0, english=0.25),
    ),
    vocoder=(
        Phase("spectral", 4_000, 1.5e-3),
        Phase("energy", 30_000, 1e-3),
        Phase("energy", 50_000, 6e-4, falls=True),
    ),
    language_model=(
        Phase("tokens", 12_000, 8e-4),
        Phase("tokens", 12_000, 8e-4, falls=True),
    ),
    flow=(
        Phase("velocity", 2_000, 1e-3, sharpness=0.5),
        Phase("velocity", 4_000, 1e-3, sharpness=0.7),
        Phase("velocity", 20_000, 1e-3),
        Phase("velocity", 24_000, 9e-4, falls=True),
    ),
    recogniser=(Phase("phones", 800, 2e-3, falls=True),),
    recognised_flow=(Phase("recognised", 3_500, 4e-4, falls=True),),
)

# A lowered voice has its own corpora; the others speak English and Mandarin by Kokoro.
_NEW_VOICES = ("ivy", "willow", "oak", "birch", "elm")
SIX_VOICES = replace(
    FULL,
    spoken=(
        *(corpus for corpus in FULL.spoken if corpus.voice == "heart"),
        *(
            CorpusSettings(language, voice, 0.6, english)
            for voice in _NEW_VOICES
            for language, english in (("en", 0.0), ("zh", 0.3))
        ),
    ),
    planned=(
        *FULL.planned,
        *(
            CorpusSettings(language, voice, 3.0, english)
            for voice in _NEW_VOICES
            for language, english in (("en", 0.0), ("zh", 0.25))
        ),
    ),
)

# Five more voices for the pack that is shipped. A pitch class means the same for each
# of them, in a range of its own, so the language model stays as it is (new_rows.py).
ADD_VOICES = replace(
    FULL,
    spoken=(
        CorpusSettings("en", "heart", 1.0),
        CorpusSettings("zh", "heart", 0.35, english=0.3),
        CorpusSettings("en", "cedar", 0.5),
        CorpusSettings("zh", "cedar", 0.35, english=0.3),
        *(
            CorpusSettings(language, voice, 0.12, english)
            for voice in _NEW_VOICES
            for language, english in (("en", 0.0), ("zh", 0.3))
        ),
    ),
    planned=(),
    vocoder=(Phase("energy", 2_500, 3e-4, falls=True),),
    language_model=(),
    flow=(Phase("velocity", 3_000, 6e-4, falls=True),),
    recogniser=(Phase("phones", 1_500, 2e-3, falls=True),),
    recognised_flow=(Phase("recognised", 800, 3e-4, falls=True),),
)

JAPANESE = replace(
    FULL,
    spoken=(
        *FULL.spoken,
        CorpusSettings("ja", "heart", 3.0),
        CorpusSettings("ja", "cedar", 3.0),
    ),
    planned=(*FULL.planned, CorpusSettings("ja", "heart", 15.0)),
)

# Some of each language that the pack speaks stays in the batches, or it is forgotten.
ADD_JAPANESE = replace(
    FULL,
    spoken=(
        CorpusSettings("en", "heart", 1.0),
        CorpusSettings("zh", "heart", 1.0, english=0.3),
        CorpusSettings("ja", "heart", 1.0),
        CorpusSettings("en", "cedar", 0.5),
        CorpusSettings("zh", "cedar", 0.5, english=0.3),
        CorpusSettings("ja", "cedar", 0.5),
    ),
    planned=(
        CorpusSettings("en", "heart", 5.0),
        CorpusSettings("zh", "heart", 5.0, english=0.25),
        CorpusSettings("ja", "heart", 11.0),
    ),
    vocoder=(Phase("energy", 2_500, 3e-4, falls=True),),
    language_model=(Phase("tokens", 1_800, 5e-4, falls=True),),
    flow=(Phase("velocity", 3_000, 4e-4, falls=True),),
    recognised_flow=(Phase("recognised", 1_000, 3e-4, falls=True),),
)

# The companion that Japanese has by itself, further: nothing else is to be kept in it.
MORE_JAPANESE = replace(
    FULL,
    spoken=(
        CorpusSettings("ja", "heart", 1.0),
        CorpusSettings("ja", "cedar", 0.5),
    ),
    planned=(),
    vocoder=(Phase("energy", 4_000, 3e-4, falls=True),),
    language_model=(),
    flow=(Phase("velocity", 5_000, 7e-4, falls=True),),
    recogniser=(Phase("phones", 2_500, 2e-3, falls=True),),
    recognised_flow=(Phase("recognised", 1_500, 3e-4, falls=True),),
)

TINY = Settings(
    spoken=tuple(replace(corpus, hours=0.006) for corpus in FULL.spoken),
    planned=tuple(replace(corpus, hours=0.01) for corpus in FULL.planned),
    vocoder=(Phase("spectral", 2, 1e-3), Phase("energy", 2, 1e-3, falls=True)),
    language_model=(Phase("tokens", 3, 1e-3, falls=True),),
    flow=(Phase("velocity", 3, 1e-3, sharpness=0.5),),
    recogniser=(Phase("phones", 3, 1e-3, falls=True),),
    recognised_flow=(Phase("recognised", 2, 1e-4, falls=True),),
)
SETTINGS = {
    "full": FULL,
    "six-voices": SIX_VOICES,
    "add-voices": ADD_VOICES,
    "japanese": JAPANESE,
    "add-japanese": ADD_JAPANESE,
    "more-japanese": MORE_JAPANESE,
    "tiny": TINY,
    "tiny-japanese": replace(
        TINY,
        spoken=(CorpusSettings("ja", "heart", 0.006),),
        planned=(CorpusSettings("ja", "heart", 0.01),),
    ),
}
