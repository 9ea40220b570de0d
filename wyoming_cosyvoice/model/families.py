"""The families of models: the one place where a pack's family chooses its networks.

A family is an architecture: a text encoder or none, a language model, a flow, a
vocoder, and how they work together. The manifest names it. Another family is another
class with the methods of ``Model`` and one more row here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wyoming_cosyvoice.model.voice_model import Settings, Utterance, VoiceModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


_FAMILIES = {"cosyvoice": VoiceModel}


def open_model(
    pack: Pack, *, threads: int | None = None, settings: Settings | None = None
) -> Model:
    """Open the networks of a pack.

    Raises: ModelError.
    """
    return _FAMILIES[pack.manifest.family](pack, threads=threads, settings=settings)


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
