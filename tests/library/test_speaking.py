"""The public face of the package: what ``from wyoming_cosyvoice import ...`` gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

import wyoming_cosyvoice
from tests.support import ROOT
from wyoming_cosyvoice import Config, Synthesizer, load
from wyoming_cosyvoice.config import ModelConfig, SoundConfig, SpeechConfig
from wyoming_cosyvoice.errors import (
    ConfigError,
    LanguageNotSpoken,
    ModelNotFound,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ci


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Synthesizer:
    data_dir = tmp_path_factory.mktemp("data")
    return load("starter", Config(data_dir, ModelConfig(threads=1)))


def test_a_text_becomes_samples(starter: Synthesizer) -> None:
    samples = starter.speak("Hello there.", seed=1)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert 0.3 < len(samples) / starter.sample_rate < 3
    assert 0.05 < np.abs(samples).max() <= 1
    assert np.array_equal(samples, starter.speak("Hello there.", seed=1))


def test_samples_come_while_the_rest_is_made(starter: Synthesizer) -> None:
    pieces = starter.stream("One sentence here. And another one.", seed=1)
    first = next(pieces)
    rest = [*pieces]
    assert len(first)
    assert len(rest) >= 2
    whole = starter.speak("One sentence here. And another one.", seed=1)
    assert np.array_equal(np.concatenate([first, *rest]), whole)


def test_voice_speed_and_language_are_used(starter: Synthesizer) -> None:
    assert [voice.id for voice in starter.voices] == ["heart", "cedar"]
    heart = starter.speak("Good morning.", voice="heart", seed=1)
    cedar = starter.speak("Good morning.", voice="Cedar", seed=1)
    assert not np.array_equal(heart, cedar)
    fast = starter.speak("Good morning.", voice="heart", speed=2.0, seed=1)
    assert len(fast) < 0.75 * len(heart)
    assert len(starter.speak("12", language="zh-CN", seed=1))


@pytest.mark.parametrize("ending", ["wav", "mp3", "flac", "ogg"])
def test_a_file_is_of_the_kind_that_its_ending_says(
    starter: Synthesizer, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"hello.{ending}"
    starter.save("Hello there.", path, seed=1)
    samples, rate_hz = soundfile.read(path)
    seconds = len(starter.speak("Hello there.", seed=1)) / starter.sample_rate
    assert len(samples) / rate_hz == pytest.approx(seconds, abs=0.15)


def test_mistakes_are_named_before_anything_is_made(
    starter: Synthesizer, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"no voice 'hart'.*Did you mean heart"):
        starter.stream("Hello.", voice="hart")
    with pytest.raises(ConfigError, match="Speed"):
        starter.stream("Hello.", speed=3.0)
    with pytest.raises(ConfigError, match="sound file"):
        starter.save("Hello.", tmp_path / "hello.txt")
    with pytest.raises(LanguageNotSpoken):
        starter.speak("Привет")
    with pytest.raises(ModelNotFound):
        load("no-such-model", Config(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_the_configuration_is_used(tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text("Brightside: good\n", encoding="utf-8")
    config = Config(
        tmp_path,
        ModelConfig(name="starter", threads=1),
        SpeechConfig(voice="cedar", seed=3),
        sound=SoundConfig(lead_s=0.5),
    )
    synthesizer = load(config=config)
    samples = synthesizer.speak("Brightside.")
    assert not samples[: synthesizer.sample_rate // 2].any()
    assert np.array_equal(samples, synthesizer.speak("Good.", voice="cedar", seed=3))


def test_the_import_alone_loads_nothing_heavy() -> None:
    check = (
        "import sys, wyoming_cosyvoice; "
        "print({'numpy', 'onnxruntime', 'asyncio'} & set(sys.modules))"
    )
    child = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == "set()"


@pytest.mark.parametrize("document", ["docs/python.md", "README.md", "README.zh.md"])
def test_examples_run_as_they_stand(tmp_path: Path, document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    environ = {**os.environ, "WYOMING_COSYVOICE_DATA_DIR": "", "HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env=environ, check=True
    )
    samples, rate_hz = soundfile.read(tmp_path / "hello.wav")
    assert 0.3 < len(samples) / rate_hz < 10


def test_public_names_exist_and_others_do_not() -> None:
    for name in wyoming_cosyvoice.__all__:
        assert getattr(wyoming_cosyvoice, name)
    with pytest.raises(AttributeError, match="no attribute 'Speaker'"):
        wyoming_cosyvoice.Speaker  # noqa: B018
