"""From a recording to what the networks of a cloned voice need."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.features.recording import Recording
from wyoming_cosyvoice.model.cloning import Cloner
from wyoming_cosyvoice.model.session import Stage

OWN = Path(__file__).parents[1] / "reference"


def _folder_with(name):
    chosen = Path(os.environ.get("REFERENCE_DIR", OWN))
    found = [*chosen.rglob(name), *OWN.rglob(name)]
    if not found:
        pytest.skip(f"there is no {name} among the reference data")
    return found[0].parent


@pytest.fixture(scope="module")
def features():
    return np.load(_folder_with("features.npz") / "features.npz")


@pytest.fixture
def recording(features):
    return Recording(
        samples_16k=features["audio_16k"],
        samples_22k=features["audio_22k"],
        samples_24k=np.zeros(0, np.float32),
        start_s=0.0,
        duration_s=2.37,
        is_excerpt=False,
        notices=("It is short.",),
    )


class FakeNetwork:
    """Remembers what it was given and answers with one array."""

    def __init__(self, inputs, answer):
        self.inputs = inputs
        self.outputs = ("answer",)
        self.answer = answer
        self.received = {}

    def run(self, feeds):
        self.received = feeds
        return {"answer": self.answer}


def fake_cloner(embedding=None, tokens=None):
    if embedding is None:
        embedding = np.arange(1, 193, dtype=np.float32)[None]
    if tokens is None:
        tokens = np.array([[[5, 4095, 0]]], np.int32)
    campplus = FakeNetwork(("input",), embedding)
    tokenizer = FakeNetwork(("feats", "feats_length"), tokens)
    return Cloner(campplus, tokenizer), campplus, tokenizer


def test_the_networks_hear_what_the_original_ones_hear(features, recording):
    cloner, campplus, tokenizer = fake_cloner()
    received = cloner.listen(recording, "Hello")
    fbank = features["kaldi_fbank_80"]
    expected = fbank - fbank.mean(axis=0)
    assert np.abs(campplus.received["input"][0] - expected).max() < 1e-4
    log_mel = features["whisper_log_mel_128"]
    assert np.abs(tokenizer.received["feats"] - log_mel).max() < 1e-4
    assert tokenizer.received["feats_length"].tolist() == [log_mel.shape[2]]
    assert tokenizer.received["feats_length"].dtype == np.int32
    mel = features["prompt_mel_80"].swapaxes(1, 2)
    assert np.abs(received.prompt_mel - mel).max() < 1e-4
    assert received.speaker_embedding.shape == (1, 192)
    assert received.prompt_speech_tokens.tolist() == [[5, 4095, 0]]
    assert received.prompt_speech_tokens.dtype == np.int64
    assert received.prompt_text == "Hello"
    assert received.notices == ("It is short.",)


def test_features_become_a_speaker(recording):
    received = fake_cloner()[0].listen(recording, "Hello")
    speaker = received.speaker([7, 8], "en")
    assert speaker.embedding.shape == (192,)
    assert speaker.prompt.speech_tokens == (5, 4095, 0)
    assert speaker.prompt.mel.shape == (204, 80)
    assert (speaker.text_tokens, speaker.language) == ((7, 8), "en")


def test_the_transcript_of_a_whole_does_not_go_with_an_excerpt(recording):
    excerpt = replace(recording, start_s=9.0, is_excerpt=True, notices=())
    received = fake_cloner()[0].listen(excerpt, "All that was said")
    assert received.prompt_text == ""
    assert "not used" in received.notices[0]
    assert fake_cloner()[0].listen(excerpt).notices == ()


@pytest.mark.parametrize(
    "answers",
    [
        {"embedding": np.zeros((1, 192), np.float32)},
        {"embedding": np.full((1, 192), np.nan, np.float32)},
        {"tokens": np.zeros((1, 0), np.int32)},
        {"tokens": np.array([[3, -1]], np.int32)},
    ],
)
def test_networks_that_hear_nothing_are_an_error(recording, answers):
    with pytest.raises(SynthesisError, match="found no"):
        fake_cloner(**answers)[0].listen(recording)


def test_files_with_the_official_names_can_be_used(recording):
    folder = _folder_with("campplus.onnx")
    cloner = Cloner(
        Stage(folder / "campplus.onnx", threads=1),
        Stage(folder / "speech_tokenizer_v1.onnx", threads=1),
    )
    received = cloner.listen(recording)
    assert received.speaker_embedding.shape == (1, 192)
    # The tokenizer makes one token of two of Whisper's 237 frames.
    assert received.prompt_speech_tokens.shape in {(1, 118), (1, 119)}
    assert received.prompt_speech_tokens.max() < 4096
