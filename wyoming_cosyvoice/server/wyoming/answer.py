"""One answer as a sequence of Wyoming events.

    synthesize:         audio-start  audio-chunk+  audio-stop
    synthesize-start:   audio-start  audio-chunk+  audio-stop  synthesize-stopped

A failed answer ends differently. A plain request must not get ``audio-stop``, because
clients take it as success and may keep the audio so far; a stream must get
``synthesize-stopped``, because older versions of Home Assistant ignore ``error`` and
wait:

    synthesize:         error
    synthesize-start:   error  [audio-stop]  synthesize-stopped

In both cases the connection is closed afterwards.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.tts import SynthesizeStopped

from wyoming_cosyvoice.audio import PcmFormat, to_pcm16

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from wyoming.event import Event

    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.errors import CosyVoiceError

_LOGGER = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Answer:
    """The events of one answer; tracks which were already sent."""

    is_stream: bool
    speech: Speech | None = None
    """None if there is nothing to speak."""

    error: CosyVoiceError | None = None
    """Why the request was refused or ended early."""

    _format: PcmFormat | None = None
    _sent_bytes: int = 0
    _is_over: bool = False

    def break_off(self, error: CosyVoiceError) -> None:
        """Accept no more text: speak the accepted text, then send the error."""
        if self.speech is None or not self.speech.stats.chars:
            if self.speech is not None:
                self.speech.end(error)
            return
        self.error = error
        self.speech.finish()

    def probe(self) -> list[Event]:
        """Return a harmless event that shows whether the client is still there.

        A half-closed client may still read. Only a write shows: if the client is gone,
        its system responds with a reset.
        """
        if self._is_over or self.speech is None or self.speech.is_ended:
            return []  # there is real output to write
        audio = self._format
        if audio is not None:
            return [self._chunk(audio, b"")]
        if self.speech.rate_hz is None:
            return []  # not known while the model loads
        return self._start(PcmFormat(self.speech.rate_hz))

    def audio(
        self, samples: NDArray[np.float32], samples_per_chunk: int
    ) -> list[Event]:
        """Return the events for more audio (S,) of the speech, as 16-bit integers."""
        speech = self.speech
        if speech is None or speech.rate_hz is None:
            raise RuntimeError("There is sound without a sample rate.")
        audio = PcmFormat(speech.rate_hz)
        events = [] if self._format else self._start(audio)
        for begin in range(0, len(samples), samples_per_chunk):
            pcm = to_pcm16(samples[begin : begin + samples_per_chunk])
            events.append(self._chunk(audio, pcm))
            self._sent_bytes += len(pcm)
        return events

    def finish(self) -> list[Event]:
        """Return the events that end an answer that succeeded."""
        self._is_over = True
        return [*self._stop(), *self._stopped()]

    def fail(self, error: CosyVoiceError) -> list[Event]:
        """Return the events that end an answer that failed."""
        if self._is_over:
            return [error_event(error)]
        self._is_over = True
        stop = self._stop() if self.is_stream else []
        return [error_event(error), *stop, *self._stopped()]

    def log(self, client: str, outcome: str) -> None:
        """Log one line per request, without its text."""
        if self.speech is None:
            return
        stats = self.speech.stats
        _LOGGER.info(
            "Request %d of %s: %d characters, %d sentences, %.2f s of audio, "
            "first after %.0f ms, rtf %.2f, %s",
            self.speech.id,
            client,
            stats.chars,
            stats.sentences,
            stats.audio_s,
            1000 * (stats.first_audio_s or 0.0),
            stats.computing_s / (stats.audio_s or 1.0),
            outcome,
        )

    def _start(self, audio: PcmFormat) -> list[Event]:
        self._format = audio
        start = AudioStart(
            rate=audio.rate_hz,
            width=audio.width_bytes,
            channels=audio.channels,
            timestamp=0,
        )
        return [start.event()]

    def _chunk(self, audio: PcmFormat, pcm: bytes) -> Event:
        return AudioChunk(
            rate=audio.rate_hz,
            width=audio.width_bytes,
            channels=audio.channels,
            audio=pcm,
            timestamp=self._position_ms(audio),
        ).event()

    def _stop(self) -> list[Event]:
        if self._format is None:
            return []
        return [AudioStop(timestamp=self._position_ms(self._format)).event()]

    def _stopped(self) -> list[Event]:
        return [SynthesizeStopped().event()] if self.is_stream else []

    def _position_ms(self, audio: PcmFormat) -> int:
        bytes_per_s = audio.rate_hz * audio.width_bytes * audio.channels
        return 1000 * self._sent_bytes // bytes_per_s


def error_event(error: CosyVoiceError) -> Event:
    """Return the ``error`` event: message and remedy, and the stable code."""
    return Error(text=str(error), code=error.code).event()
