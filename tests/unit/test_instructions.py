"""What an Instruct model is told: the original's text, tokens and parts.

The original (cosyvoice/cli/frontend.py, frontend_instruct) takes what it would for a
speaker's own voice, leaves the speaker out of the language model but not out of the
flow, and puts the instruction with ``<endofprompt>`` before the text. That it wrote the
mark itself until December 2025, and without bars, is in tokenizer/whisper_bpe.py.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wyoming_cosyvoice.model.prosody import INSTRUCTIONS
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.text import Sentence
from wyoming_cosyvoice.tokenizer.whisper_bpe import WhisperBpe
from wyoming_cosyvoice.voices import EMOTIONS, find_voice

# Instructions, two of them from the original's examples, and the tokens that
# openai-whisper 20250625 makes of ``instruction + "<endofprompt>"``, called as the
# original calls it: multilingual, 100 languages, all special tokens allowed.
IDS = dict(
    json.loads(
        Path(__file__).with_name("instruction_ids.json").read_text(encoding="utf-8")
    )
)
HELLO = Sentence("Hello!", "Hello!", "en", min_speech_s=0.4, max_speech_s=0.5)


@pytest.fixture(scope="module")
def synthesizer(tiny_packs):
    pack = tiny_packs.pack(Precision.FP32)
    instruct = Pack(pack.directory, replace(pack.manifest, kind="instruct"))
    return PackSynthesizer.open(instruct, SynthesizerOptions(threads=1))


@pytest.fixture
def body(synthesizer, monkeypatch):
    """Collect what reaches the text encoder and the flow."""
    calls = {"text": [], "flow": []}
    encode = synthesizer.model.text_encoder.encode
    generate = synthesizer.model.flow.generate

    def encode_and_note(tokens, speaker, **options):
        calls["text"].append((list(tokens), speaker))
        return encode(tokens, speaker, **options)

    def generate_and_note(tokens, prompt, embedding, *args, **options):
        calls["flow"].append(embedding)
        return generate(tokens, prompt, embedding, *args, **options)

    monkeypatch.setattr(synthesizer.model.text_encoder, "encode", encode_and_note)
    monkeypatch.setattr(synthesizer.model.flow, "generate", generate_and_note)
    return calls


def say(synthesizer, **manner):
    voice = find_voice(synthesizer.voices, "en-female")
    pieces = synthesizer.speak(HELLO, voice=voice, seed=0, **manner)
    assert np.concatenate(list(pieces)).any()


@pytest.mark.parametrize("instruction", IDS)
def test_tokens_are_those_of_the_original(instruction):
    assert WhisperBpe().encode_instruction(instruction) == IDS[instruction]


def test_every_emotion_has_an_instruction_that_was_compared():
    assert set(INSTRUCTIONS) == set(EMOTIONS) - {"neutral"}
    assert set(INSTRUCTIONS.values()) <= set(IDS)


@pytest.mark.parametrize("emotion", INSTRUCTIONS)
def test_an_emotion_becomes_an_instruction(synthesizer, body, emotion):
    say(synthesizer, emotion=emotion)
    [(tokens, speaker)] = body["text"]
    assert tokens == [*IDS[INSTRUCTIONS[emotion]], *synthesizer.text_tokens(HELLO)]
    assert speaker is None
    voice = synthesizer._voices["en-female"].neutral
    assert all(embedding is voice.embedding for embedding in body["flow"])
    assert body["flow"]


def test_words_of_ones_own_win(synthesizer, body):
    theo = next(text for text in IDS if text.startswith("Theo"))
    say(synthesizer, emotion="sad", instruction=theo)
    [(tokens, _)] = body["text"]
    assert tokens[: len(IDS[theo])] == IDS[theo]


@pytest.mark.parametrize("manner", [{}, {"emotion": "neutral"}])
def test_without_an_instruction_it_speaks_as_an_sft_model(synthesizer, body, manner):
    say(synthesizer, **manner)
    [(tokens, speaker)] = body["text"]
    assert tokens == synthesizer.text_tokens(HELLO)
    assert speaker is synthesizer._voices["en-female"].neutral.embedding
