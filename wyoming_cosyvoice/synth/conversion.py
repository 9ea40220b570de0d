"""Voice conversion: the words of a recording in another voice.

Speech tokens represent words and delivery, but not the speaker; the flow turns them
into mel in the given voice (upstream ``inference_vc``). A piece of a recording takes
the place of a sentence, so it is scheduled and cancelled like one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.features.source import read_source
from wyoming_cosyvoice.model.cloning import cloning_key, tokenize_once
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.features.source import SourcePiece
    from wyoming_cosyvoice.model.model import Model
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.synth.interface import Skipped


class SourceReader:
    """Returns the pieces of a recording instead of the sentences of a text."""

    skipped: Sequence[Skipped] = ()
    held_chars = 0

    def __init__(self, content: bytes) -> None:
        """Take the bytes of an audio file."""
        self._content = content

    def feed(self, text: str) -> list[SourcePiece]:  # noqa: ARG002
        """Return nothing: the recording is complete from the start."""
        return []

    def ahead(self, *, may_begin: bool) -> list[SourcePiece]:  # noqa: ARG002
        """Return nothing: the recording is complete from the start."""
        return []

    def pause(self) -> list[SourcePiece]:
        """Return nothing: the recording is complete from the start."""
        return []

    def finish(self) -> list[SourcePiece]:
        """Return all pieces. Raises: BadRecording."""
        return read_source(self._content)


def check_can_listen(model: Model) -> None:
    """Check that a model has a speech tokenizer. Raises: ModelUnsupported."""
    if cloning_key(model.manifest) is None:
        raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)


def convert_piece(
    model: Model,
    piece: SourcePiece,
    speaker: Speaker,
    *,
    threads: int,
    seed: int | None,
    cancel: CancelToken | None,
) -> Iterator[NDArray[np.float32]]:
    """Yield a piece of a recording in the voice of a speaker (S,), as long as it is.

    Raises: ModelUnsupported, SynthesisCancelled, SynthesisError.
    """
    check_can_listen(model)
    if cancel is not None:
        cancel.raise_if_cancelled()
    tokens = tokenize_once(model.pack, threads, piece.samples_16k)[0].tolist()
    utterance = Utterance((), speaker, min_tokens=0, max_tokens=len(tokens))
    left = round(piece.max_speech_s * model.manifest.sample_rate)
    rng = np.random.default_rng(seed)
    for samples in model.sound(tokens, utterance, rng, cancel=cancel):
        yield samples[:left]
        left -= min(left, len(samples))
    if left:
        # The last fraction of a token is dropped; the next piece still starts on time.
        yield np.zeros(left, np.float32)
