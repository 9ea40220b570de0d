"""The families of models: the one place where a pack's family chooses its networks.

A family is an architecture: a text encoder or none, a language model, a flow, a
vocoder, and how they work together. The manifest names it. Another family is another
class with the methods of ``Model`` and one more row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wyoming_cosyvoice.model import prosody
from wyoming_cosyvoice.model.chunked_model import WINDOWS
from wyoming_cosyvoice.model.cosyvoice2 import open_cosyvoice2
from wyoming_cosyvoice.model.cosyvoice3 import open_cosyvoice3
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.model.voice_model import Settings, Utterance, VoiceModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.alignment import Alignment
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack

    Floats = NDArray[np.float32]


class Model(Protocol):
    """The networks of one pack: text tokens and a speaker -> samples."""

    pack: Pack
    manifest: Manifest
    settings: Settings
    alignment: Alignment | None

    def speak(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[Floats]:
        """Yield the samples (S,) of a sentence, piece by piece.

        Raises: SynthesisCancelled within a decoding or flow step, SynthesisError.
        """

    def decode(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[int]:
        """Yield speech tokens until the model ends the sentence or the cap is reached.

        Raises: SynthesisCancelled, SynthesisError.
        """

    def sound(
        self,
        tokens: Iterable[int],
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[Floats]:
        """Yield the samples (S,) of speech tokens.

        Raises: SynthesisCancelled within a flow step, SynthesisError.
        """


class SharedSpeech(Protocol):
    """An iterator over the samples (S,) of a sentence that is decoded with others."""

    def __iter__(self) -> Iterator[Floats]:
        """Return itself."""

    def __next__(self) -> Floats:
        """Return the next samples. Raises: SynthesisCancelled, SynthesisError."""

    def prepare(self) -> bool:
        """Begin before samples are asked for; False if there are enough that did.

        Raises: SynthesisCancelled, SynthesisError.
        """

    def close(self) -> None:
        """Give up what is left of the sentence, and free what it holds."""


@runtime_checkable
class SharingModel(Protocol):
    """A model that can decode several sentences in one step."""

    @property
    def most_together(self) -> int:
        """How many sentences gain from it; 1 if none does."""

    def speak_together(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> SharedSpeech:
        """Speak as ``Model.speak`` does; what is drawn depends on the company."""


class Opener(Protocol):
    """What opens the packs of a family."""

    def __call__(
        self, pack: Pack, *, threads: int | None, settings: Settings | None
    ) -> Model:
        """Open the networks of a pack.

        Raises: ModelError.
        """


@dataclass(frozen=True, slots=True)
class Family:
    """What packs of one architecture have in common."""

    open: Opener
    windows: Windows
    """How a sentence is cut, unless a user sets it."""

    instructions: Mapping[str, str]
    """What tells a model that follows instructions to show an emotion."""


_FAMILIES = {
    "cosyvoice": Family(VoiceModel, Windows(), prosody.INSTRUCTIONS),
    "cosyvoice2": Family(open_cosyvoice2, WINDOWS, prosody.TRAINED_INSTRUCTIONS),
    "cosyvoice3": Family(open_cosyvoice3, WINDOWS, prosody.TRAINED_INSTRUCTIONS),
}


def family_of(manifest: Manifest) -> Family:
    """Return the family of a pack."""
    return _FAMILIES[manifest.family]


def open_model(
    pack: Pack, *, threads: int | None = None, settings: Settings | None = None
) -> Model:
    """Open the networks of a pack.

    Raises: ModelError.
    """
    return family_of(pack.manifest).open(pack, threads=threads, settings=settings)


def most_together(model: Model) -> int:
    """Return how many sentences of a model gain from being decoded in one step."""
    return model.most_together if isinstance(model, SharingModel) else 1


def speak_together(
    model: Model,
    utterance: Utterance,
    rng: np.random.Generator,
    *,
    cancel: CancelToken | None = None,
) -> SharedSpeech | None:
    """Speak in company; None if the model cannot, or gains nothing from it."""
    if not isinstance(model, SharingModel) or model.most_together == 1:
        return None
    return model.speak_together(utterance, rng, cancel=cancel)
