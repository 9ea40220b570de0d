"""A model of the 300M family: text tokens and a speaker -> samples.

The networks are listed in the order of the data flow. One thread at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.alignment import Alignment
from wyoming_cosyvoice.model.flow import Flow
from wyoming_cosyvoice.model.model import Model
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.streaming import Sound, SoundStream, Windows
from wyoming_cosyvoice.model.text_encoder import TextEncoder
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.model.utterance import Settings, Utterance
from wyoming_cosyvoice.model.vocoder import Vocoder
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES

if TYPE_CHECKING:
    import numpy as np

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.pack.pack import Pack


class VoiceModel(Model):
    """Text encoder, language model, flow and vocoder of one pack."""

    text_encoder: TextEncoder

    def __init__(
        self,
        pack: Pack,
        *,
        threads: int | None = None,
        settings: Settings | None = None,
    ) -> None:
        manifest, folder = pack.manifest, pack.directory
        count = choose_threads(manifest, threads).count
        speech_lm = SpeechLm(folder, threads=count)
        alignment = None
        if any(file.name == SPEECH_PHONES for file in manifest.files):
            path = pack.file(SPEECH_PHONES)
            alignment = Alignment.open(path, speech_lm.end_token)
        super().__init__(
            pack,
            settings or Settings(manifest.flow, Windows()),
            text_encoder=TextEncoder(folder, threads=count),
            speech_lm=speech_lm,
            alignment=alignment,
        )
        self.flow = Flow(
            folder,
            threads=count,
            token_rate=manifest.token_rate,
            frame_rate=manifest.sample_rate / manifest.vocoder.hop,
            device=self.settings.device,
        )
        self.vocoder = Vocoder(
            folder,
            threads=count,
            settings=manifest.vocoder,
            device=self.settings.device,
        )

    def frames(self, tokens: int) -> int:
        """Return the number of mel frames for a number of speech tokens."""
        return self.flow.frames(tokens)

    def _begin_sound(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        cancel: CancelToken | None,
    ) -> SoundStream:
        sound = Sound(
            speaker_embedding=utterance.speaker.embedding,
            prompt=utterance.speaker.prompt,
            settings=self.settings.flow,
            speed=utterance.speed,
            prosody=utterance.prosody,
            rise=utterance.rise,
        )
        return SoundStream(
            self.flow,
            self.vocoder,
            sound,
            SeededNoise(rng),
            windows=self.settings.windows,
            cancel=cancel,
        )
