"""A reference recording -> the features that the networks need to clone its voice.

CAM++ computes the speaker embedding, the speech tokenizer the speech tokens (upstream
``frontend_zero_shot``); the mel needs no network. In the 300M family tokens (50 per
second) and mel frames (86 per second) are not cut to a common length: the flow
stretches the tokens over the prompt's frames. The flows of the later families cut both,
with two frames per token.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.features.kaldi_fbank import kaldi_fbank, without_mean
from wyoming_cosyvoice.features.prompt_mel import prompt_mel
from wyoming_cosyvoice.features.whisper_mel import whisper_log_mel
from wyoming_cosyvoice.machine.memory import limit_resident_pages, trim_heap
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.session import Stage
from wyoming_cosyvoice.model.speakers import Speaker
from wyoming_cosyvoice.pack.settings import (
    SPEAKER_ENCODER,
    SPEECH_TOKENIZERS,
    MelSettings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.features.recording import Recording
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack


class Network(Protocol):
    """The part of ``session.Stage`` used here; the names in official files differ."""

    @property
    def inputs(self) -> Sequence[str]:
        """Names of the inputs, in order."""

    @property
    def outputs(self) -> Sequence[str]:
        """Names of the outputs, in order."""

    def run(self, feeds: Mapping[str, NDArray[Any]], /) -> Mapping[str, Any]:
        """Run once and return all outputs by name."""


@dataclass(frozen=True, slots=True)
class PromptFeatures:
    """Features of a recording, as input for the networks."""

    speaker_embedding: NDArray[np.float32]
    """(1, 192), of any length."""
    prompt_speech_tokens: NDArray[np.int64]
    """(1, P), 50 a second in the 300M family, 25 in the later ones."""
    prompt_mel: NDArray[np.float32]
    """(1, T, 80), 86.13 frames a second in the 300M family, 50 in the later ones."""
    prompt_text: str
    """Transcript of the recording. If it is empty, the language model does not get the
        speech tokens either (upstream's cross-lingual mode)."""
    notices: tuple[str, ...]
    """Advice on the recording for the user, one sentence each."""

    def speaker(
        self, text_tokens: Sequence[int] = (), language: str | None = None
    ) -> Speaker:
        """Return the voice, given the text tokens of ``prompt_text``."""
        tokens = tuple(self.prompt_speech_tokens[0].tolist())
        return Speaker(
            embedding=self.speaker_embedding[0],
            prompt=FlowPrompt(tokens, self.prompt_mel[0]),
            text_tokens=tuple(text_tokens),
            language=language,
        )


class Cloner:
    """Extracts features of recordings with the two networks of a release.

    ``mel`` are the mel settings, by default those of the 300M family.
    """

    def __init__(
        self,
        speaker_encoder: Network,
        speech_tokenizer: Network,
        mel: MelSettings | None = None,
    ) -> None:
        self._speaker_encoder = speaker_encoder
        self._speech_tokenizer = speech_tokenizer
        self._mel = mel or MelSettings()

    def listen(self, recording: Recording, prompt_text: str = "") -> PromptFeatures:
        """Extract all features; ``prompt_text`` is the transcript of the recording.

        It is ignored if only an excerpt is used, because it would not match.
        Raises: SynthesisError if a network fails or finds no speech.
        """
        notices = recording.notices
        if recording.is_excerpt and prompt_text:
            prompt_text = ""
            notices += (
                "The transcript is not used, because only a part of the recording is.",
            )
        mel = self._mel
        return PromptFeatures(
            speaker_embedding=self._embed(recording.samples_16k),
            prompt_speech_tokens=tokenize(
                self._speech_tokenizer, recording.samples_16k
            ),
            prompt_mel=prompt_mel(
                recording.samples(mel.sample_rate),
                rate_hz=mel.sample_rate,
                fft_size=mel.fft_size,
                hop=mel.hop,
                high_hz=mel.high_hz,
            ),
            prompt_text=prompt_text,
            notices=notices,
        )

    def _embed(self, samples_16k: NDArray[np.float32]) -> NDArray[np.float32]:
        network = self._speaker_encoder
        fbank = without_mean(kaldi_fbank(samples_16k))[None]  # (1, T, 80)
        outputs = network.run({network.inputs[0]: fbank})
        embedding = np.asarray(outputs[network.outputs[0]], np.float32).reshape(1, -1)
        if not np.isfinite(embedding).all() or not embedding.any():
            raise SynthesisError("The speaker encoder found no voice in the recording.")
        return embedding


def tokenize(network: Network, samples_16k: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the speech tokens (1, N) of samples (S,), at most 30 s of them.

    Raises: SynthesisError if the network fails or finds no speech.
    """
    log_mel = whisper_log_mel(samples_16k)  # (1, 128, T)
    length = np.array([log_mel.shape[2]], np.int32)
    mel_name, length_name = network.inputs
    outputs = network.run({mel_name: log_mel, length_name: length})
    tokens = np.asarray(outputs[network.outputs[0]], np.int64).reshape(1, -1)
    if tokens.size == 0 or tokens.min() < 0:
        raise SynthesisError("The speech tokenizer found no speech in the recording.")
    return tokens


def cloning_key(manifest: Manifest) -> str | None:
    """Return a key that identifies the cloning networks; None if the pack has none.

    Packs of one release in different precisions share these networks.
    """
    hashes = {file.name: file.sha256 for file in manifest.files}
    tokenizer = _speech_tokenizer(manifest)
    if SPEAKER_ENCODER not in hashes or tokenizer is None:
        return None
    both = hashes[SPEAKER_ENCODER] + hashes[tokenizer]
    for network in (SPEAKER_ENCODER, tokenizer):
        both += hashes.get(network.replace(".onnx", ".weights"), "")
    return sha256(both.encode()).hexdigest()[:16]


def open_cloner(pack: Pack, threads: int) -> Cloner:
    """Open the cloning networks.

    Raises: ModelCorrupt if the pack has none or they are damaged.
    """
    return Cloner(
        Stage(pack.file(SPEAKER_ENCODER), threads=threads),
        _open_tokenizer(pack, threads),
        pack.manifest.prompt_mel,
    )


def extract_once(
    pack: Pack, threads: int, recording: Recording, prompt_text: str = ""
) -> PromptFeatures:
    """Open the networks, extract the features of one recording, and free the memory.

    Raises: ModelCorrupt if the pack has none or they are damaged; SynthesisError.
    """
    try:
        cloner = open_cloner(pack, threads)
        with limit_resident_pages(_tokenizer_path(pack).with_suffix(".weights")):
            features = cloner.listen(recording, prompt_text)
        del cloner
        return features
    finally:
        trim_heap()


def tokenize_once(
    pack: Pack, threads: int, samples_16k: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Open the speech tokenizer, return the tokens (1, N), and give its memory back.

    Raises: ModelCorrupt if the pack has none or it is damaged; SynthesisError.
    """
    try:
        tokenizer = _open_tokenizer(pack, threads)
        with limit_resident_pages(_tokenizer_path(pack).with_suffix(".weights")):
            tokens = tokenize(tokenizer, samples_16k)
        del tokenizer
        return tokens
    finally:
        trim_heap()


def _open_tokenizer(pack: Pack, threads: int) -> Stage:
    return Stage(
        pack.file(_tokenizer_path(pack).name), threads=threads, is_prepacked=False
    )


def _tokenizer_path(pack: Pack) -> Path:
    name = _speech_tokenizer(pack.manifest) or SPEECH_TOKENIZERS[0]
    return pack.directory / name


def _speech_tokenizer(manifest: Manifest) -> str | None:
    names = {file.name for file in manifest.files}
    return next((name for name in SPEECH_TOKENIZERS if name in names), None)
