"""What several unit tests do to a model."""

import pytest

from wyoming_cosyvoice.model.speech_lm import SpeechLm


@pytest.fixture
def eager_to_end(monkeypatch):
    """Let every language model want to end each sentence from the first token on."""
    begin = SpeechLm.begin

    def begin_eagerly(lm, *args, **kwargs):
        decoding = begin(lm, *args, **kwargs)
        step = decoding.step

        def step_eagerly(tokens, drafted=()):
            step(tokens, drafted)
            decoding.logits[:, lm.end_token] = 100

        decoding.step = step_eagerly
        decoding.logits[:, lm.end_token] = 100
        return decoding

    monkeypatch.setattr(SpeechLm, "begin", begin_eagerly)
