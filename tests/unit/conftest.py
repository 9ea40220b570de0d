"""What several unit tests do to a model."""

import shutil
from pathlib import Path

import pytest

from models.random import layout
from models.random.make_checkpoint import write_release
from tests.support.fake import FakeSynthesizer
from wyoming_cosyvoice.convert.release.configuration import Section
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


@pytest.fixture
def fake() -> FakeSynthesizer:
    return FakeSynthesizer()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    write_release(folder, layout.TINY)
    return folder


@pytest.fixture
def release_folder(tiny, tmp_path):
    """Return a copy of the tiny release that a test may damage."""
    return Path(shutil.copytree(tiny, tmp_path / "release"))


@pytest.fixture
def read_yaml(tmp_path):
    def read(text):
        path = tmp_path / "cosyvoice.yaml"
        path.write_text(text, encoding="utf-8")
        return Section.read(path)

    return read
