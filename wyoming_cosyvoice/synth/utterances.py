"""A sentence and the manner of speaking it -> inputs of the networks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import SPEED_RANGE
from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.tokenizer import Instructable

if TYPE_CHECKING:
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.synth.front_end import FrontEnd
    from wyoming_cosyvoice.synth.style import Manner
    from wyoming_cosyvoice.text import Sentence

MAX_SENTENCE_S = 30.0
"""Hard limit of the length of a sentence."""


def utterance_of(
    sentence: Sentence, manner: Manner, front: FrontEnd, manifest: Manifest
) -> Utterance:
    """Return the tokens of a sentence with its prompt and its length limits.

    Raises: BadParameter for an instruction that the model does not follow.
    """
    speaker, instruction = manner.speaker, manner.instruction
    # Request and markup together are limited to a natural speed.
    slowest, fastest = SPEED_RANGE
    least, most = speech_tokens(sentence, manifest.token_rate)
    # A recording in another language is a prompt for the flow only: its words would
    # confuse the language model.
    is_foreign = speaker.language not in (None, sentence.language)
    continues = bool(speaker.text_tokens) and not is_foreign and not instruction
    opening = tuple(
        _instruction_tokens(instruction, front, manifest)
        if instruction
        else front.tokenizer.opening_tokens
    )
    text_tokens = front.text_tokens(sentence)
    return Utterance(
        text_tokens=text_tokens,
        speaker=speaker,
        min_tokens=least,
        max_tokens=most,
        prompt_text=(*opening, *speaker.text_tokens) if continues else opening,
        opening_tokens=len(opening),
        prompt_speech=speaker.prompt.speech_tokens if continues else (),
        uses_speaker=not instruction,
        speed=min(max(manner.speed * sentence.rate, slowest), fastest),
        prosody=manner.prosody,
        rise=front.rise(sentence, text_tokens),
    )


def speech_tokens(sentence: Sentence, rate: float) -> tuple[int, int]:
    """Return the least and the most speech tokens of a sentence."""
    longest = min(sentence.max_speech_s, MAX_SENTENCE_S)
    shortest = min(sentence.min_speech_s, longest)
    return math.floor(shortest * rate), math.ceil(longest * rate)


def _instruction_tokens(
    instruction: str, front: FrontEnd, manifest: Manifest
) -> list[int]:
    if manifest.kind != "instruct":
        raise BadParameter(
            f"The model {manifest.name} does not follow instructions.",
            field="instruct",
            remedy="Use CosyVoice-300M-Instruct, CosyVoice2 or CosyVoice3.",
        )
    if not isinstance(front.tokenizer, Instructable):
        raise BadParameter("This tokenizer has no instructions.", field="instruct")
    return front.tokenizer.encode_instruction(instruction)
