"""An official release: a folder with the weights and the configuration of a model.

    with Release.open(folder) as release:
        weight = release.llm.take("llm_decoder.weight", (4097, 1024))

Releases of this project's small models have additional keys in
``cosyvoice.yaml``:

    text_tokenizer: phonemes      # or whisper-bpe; without it, see Tokenizer
    text_vocabulary: phonemes.txt # a file beside it
    speech_phones: speech_phones.json # another: the phones of the speech tokens
    flow_steps: 6                 # Euler steps that the model was tuned for
    flow_temperature: 0.6         # of the initial noise
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.cosyvoice2 import Sizes2, read_sizes_of_2
from wyoming_cosyvoice.convert.release.cosyvoice3 import Sizes3, read_sizes_of_3
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.convert.release.qwen2 import FOLDER
from wyoming_cosyvoice.convert.release.read_sizes import read_sizes
from wyoming_cosyvoice.convert.release.safetensors import SafeTensors, TensorFile
from wyoming_cosyvoice.convert.release.speakers import Speaker, read_speakers
from wyoming_cosyvoice.errors import CheckpointError
from wyoming_cosyvoice.pack.settings import SPEAKER_ENCODER, SPEECH_TOKENIZERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from wyoming_cosyvoice.convert.release.sizes import (
        Sizes,
    )


_WHISPER_TOKENS = 51866
_TOKENIZERS = ("whisper-bpe", "phonemes")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """The tokenizer of a release.

    Without the key: ``whisper-bpe`` if the vocabulary is Whisper's, else ``none``,
    which needs token ids as input.
    """

    kind: str
    """One of ``pack.manifest.TOKENIZERS``."""
    tokens: int
    vocabulary: Path | None = None
    """Its file, or the folder of a Qwen tokenizer."""
    speech_phones: Path | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """An opened release; a context manager that closes its files."""

    directory: Path
    family: str
    """One of ``pack.manifest_checks.FAMILIES``."""
    sizes: Sizes | Sizes2 | Sizes3
    tokenizer: Tokenizer
    speakers: tuple[Speaker, ...]
    llm: Network
    flow: Network
    hift: Network
    speaker_encoder: Path | None
    """``campplus.onnx``, for cloning: fbank of a recording -> speaker embedding."""
    speech_tokenizer: Path | None
    """``speech_tokenizer_v*.onnx``: a recording's log-mel -> speech tokens."""
    _files: ExitStack = field(repr=False)

    @classmethod
    def open(cls, directory: str | Path) -> Self:
        """Open a folder and check everything except the tensor data.

        Raises: CheckpointError if a file is missing or the family is not supported;
        MalformedCheckpoint and UnsafeCheckpoint as ``Checkpoint.open``.
        """
        directory = Path(directory)
        name = _find_configuration(directory)
        root = Section.read(directory / name)
        is_early = name == "cosyvoice.yaml" and "qwen_pretrain_path" in root
        contents = _READERS["cosyvoice2.yaml" if is_early else name](root, directory)
        with ExitStack() as files:
            llm, flow, hift = (
                files.enter_context(_open_network(directory, name))
                for name in ("llm", "flow", "hift")
            )
            return cls(
                directory=directory,
                family=contents.family,
                sizes=contents.sizes,
                tokenizer=contents.tokenizer,
                speakers=_speakers(directory / "spk2info.pt", contents),
                llm=Network(llm),
                flow=Network(flow),
                # Training saves the vocoder as a part of a larger network.
                hift=Network(hift, prefix="generator."),
                speaker_encoder=_if_there(directory / SPEAKER_ENCODER),
                speech_tokenizer=_if_there(directory / contents.speech_tokenizer),
                _files=files.pop_all(),
            )

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Contents:
    """Contents of a release, from its configuration."""

    family: str
    sizes: Sizes | Sizes2 | Sizes3
    tokenizer: Tokenizer
    speaker_width: int
    mel_bins: int
    speech_tokens: int
    speech_tokenizer: str


def _read_300m(root: Section, directory: Path) -> _Contents:
    sizes = read_sizes(root)
    return _Contents(
        family="cosyvoice",
        sizes=sizes,
        tokenizer=_tokenizer(root, sizes, directory),
        speaker_width=sizes.text_encoder.speaker_width,
        mel_bins=sizes.flow.mel_bins,
        speech_tokens=sizes.flow.vocabulary,
        speech_tokenizer=SPEECH_TOKENIZERS[0],
    )


def _read_later(
    number: int,
    read: Callable[[Section, Path], Sizes2 | Sizes3],
    root: Section,
    directory: Path,
) -> _Contents:
    """Read the configuration of a release of CosyVoice2 or 3 (``number``)."""
    sizes = read(root, directory)
    vocabulary = sizes.language.text_vocabulary
    return _Contents(
        family=f"cosyvoice{number}",
        sizes=sizes,
        tokenizer=_qwen(f"qwen-bpe-{number}", vocabulary, directory),
        speaker_width=sizes.flow.speaker_width,
        mel_bins=sizes.flow.mel_bins,
        speech_tokens=sizes.flow.vocabulary,
        speech_tokenizer=SPEECH_TOKENIZERS[number - 1],
    )


# The latest first: a folder may contain several configurations.
# Early copies of CosyVoice2 call theirs cosyvoice.yaml, too.
_READERS: dict[str, Callable[[Section, Path], _Contents]] = {
    "cosyvoice3.yaml": partial(_read_later, 3, read_sizes_of_3),
    "cosyvoice2.yaml": partial(_read_later, 2, read_sizes_of_2),
    "cosyvoice.yaml": _read_300m,
}


def _open_network(directory: Path, name: str) -> TensorFile:
    """Open the file of a network, as PyTorch saves it or as safetensors."""
    pickled, plain = directory / f"{name}.pt", directory / f"{name}.safetensors"
    if plain.exists() and not pickled.exists():
        return SafeTensors(plain)
    return Checkpoint.open(pickled)


def _find_configuration(directory: Path) -> str:
    if not directory.is_dir():
        raise CheckpointError(
            f"There is no folder {directory}.",
            remedy="Give the folder that holds cosyvoice.yaml and llm.pt.",
        )
    for name in _READERS:
        if (directory / name).exists():
            return name
    raise CheckpointError(
        f"{directory} holds no cosyvoice.yaml, cosyvoice2.yaml or cosyvoice3.yaml.",
        remedy="Give the folder of a release with all its files.",
    )


def _qwen(kind: str, tokens: int, directory: Path) -> Tokenizer:
    folder = directory / FOLDER
    for name in ("vocab.json", "merges.txt"):
        if not (folder / name).is_file():
            raise CheckpointError(
                f"There is no {folder / name}, a part of the tokenizer.",
                remedy=f"Give the folder of a release with its folder {FOLDER}.",
            )
    return Tokenizer(kind, tokens, folder)


def _tokenizer(configuration: Section, sizes: Sizes, directory: Path) -> Tokenizer:
    tokens = sizes.text_encoder.vocabulary
    if "text_tokenizer" not in configuration:
        kind = "whisper-bpe" if tokens == _WHISPER_TOKENS else "none"
        return Tokenizer(kind, tokens)
    kind = configuration.text("text_tokenizer")
    if kind not in _TOKENIZERS:
        configuration.unsupported(f"text_tokenizer is {kind[:40]!r}")
    vocabulary = _beside(configuration, "text_vocabulary", directory)
    if vocabulary is None and kind == "phonemes":
        configuration.fail("text_vocabulary is missing")
    phones = _beside(configuration, "speech_phones", directory)
    return Tokenizer(kind, tokens, vocabulary, phones)


def _beside(configuration: Section, key: str, directory: Path) -> Path | None:
    """Return the file of the release named by a key, if the key exists."""
    if key not in configuration:
        return None
    name = configuration.text(key)
    if not _FILE_NAME.fullmatch(name):
        configuration.fail(f"{key} is {name[:40]!r}, not a file name")
    path = directory / name
    if not path.is_file():
        raise CheckpointError(f"There is no {path}, the {key} of the model.")
    return path


def _speakers(path: Path, contents: _Contents) -> tuple[Speaker, ...]:
    # Releases that only clone do not have it.
    if not path.exists():
        return ()
    return read_speakers(
        path,
        contents.speaker_width,
        contents.mel_bins,
        speech_tokens=contents.speech_tokens,
        text_tokens=contents.tokenizer.tokens,
    )


def _if_there(path: Path) -> Path | None:
    """Return the path if it exists, whatever it is."""
    return path if path.exists() or path.is_symlink() else None
