"""Recordings that pass for speech, and what a model extracts from one."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from wyoming_cosyvoice.model.cloning import PromptFeatures


def wav(seconds: float = 3.0, hertz: float = 150.0) -> bytes:
    """Give a recording that passes for speech: a buzz in syllables, with pauses."""
    rate = 16_000
    times = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 12))
    syllables = np.clip(np.sin(2 * np.pi * 1.5 * times) * 3, 0, 1)
    file = io.BytesIO()
    soundfile.write(file, 0.25 * buzz * syllables, rate, format="WAV")
    return file.getvalue()


def features(transcript: str = "") -> PromptFeatures:
    return PromptFeatures(
        speaker_embedding=np.ones((1, 192), np.float32),
        prompt_speech_tokens=np.arange(10)[None],
        prompt_mel=np.zeros((1, 20, 80), np.float32),
        prompt_text=transcript,
        notices=("It is short.",),
    )
