"""The features of a recording: mel spectrogram and fundamental frequency."""

from __future__ import annotations

import numpy as np
import parselmouth

SAMPLE_RATE = 22050
TOKEN_RATE = 50
HOP = 256
FFT = 1024
MEL_BINS = 80
MEL_TOP_HZ = 8000.0


def mel_filters(
    bins: int = MEL_BINS, top_hz: float = MEL_TOP_HZ, fft: int = FFT
) -> np.ndarray:
    """Slaney's mel filter bank, area-normalised: float32 (bins, fft / 2 + 1)."""

    def to_mel(hz: np.ndarray) -> np.ndarray:
        log_part = 15 + np.log(np.maximum(hz, 1e-9) / 1000) / (np.log(6.4) / 27)
        return np.where(hz < 1000, hz * 3 / 200, log_part)

    def to_hz(mel: np.ndarray) -> np.ndarray:
        return np.where(
            mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27)
        )

    edges = to_hz(np.linspace(0, to_mel(np.array(top_hz)), bins + 2))
    frequencies = np.linspace(0, SAMPLE_RATE / 2, fft // 2 + 1)
    rising = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
    filters = np.maximum(0, np.minimum(rising, falling))
    return (filters * 2 / (edges[2:] - edges[:-2])[:, None]).astype(np.float32)


_FILTERS = mel_filters()
_WINDOW = np.hanning(FFT + 1)[:-1].astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Log-mel of float samples (S,), S a multiple of 256: float32 (S / 256, 80)."""
    padded = np.pad(samples.astype(np.float32), (FFT - HOP) // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP] * _WINDOW
    magnitude = np.sqrt(np.abs(np.fft.rfft(frames, axis=1)) ** 2 + 1e-9)
    return np.log(np.maximum(magnitude @ _FILTERS.T, 1e-5)).astype(np.float32)


def pitch(samples: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    """Fundamental frequency at the centre of each mel frame, 0 where unvoiced."""
    frames = len(samples) // HOP
    sound = parselmouth.Sound(samples.astype(np.float64), SAMPLE_RATE)
    step = HOP / SAMPLE_RATE / 2
    if sound.duration < 3 / low_hz + 2 * step:
        return np.zeros(frames, np.float32)
    found = sound.to_pitch_ac(time_step=step, pitch_floor=low_hz, pitch_ceiling=high_hz)
    values = found.selected_array["frequency"]
    centres = (np.arange(frames) + 0.5) * HOP / SAMPLE_RATE
    index = np.rint((centres - found.x1) / found.dx).astype(int)
    inside = (index >= 0) & (index < len(values))
    return np.where(inside, values[np.clip(index, 0, len(values) - 1)], 0).astype(
        np.float32
    )


def frames_of(tokens: int) -> int:
    """Return the number of mel frames for a number of speech tokens."""
    return int(tokens / TOKEN_RATE * SAMPLE_RATE / HOP)
