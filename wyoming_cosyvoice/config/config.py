"""One class for each part of the configuration, and ``Config`` for all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config.addresses import MAX_PORT, parse_uri
from wyoming_cosyvoice.config.limits import Limits
from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEED_RANGE = (0.5, 2.0)
LOUDNESS_RANGE = (-36.0, -10.0)
"""In LUFS; broadcasts use -23, music streaming -14."""


HUBS = ("huggingface", "modelscope")

LEXICON = "lexicon.txt"
"""The user's pronunciations, in the data folder."""


VOICES = "voices"
"""Folder of the user's voices, in the data folder."""


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The model and its performance settings."""

    name: str | None = None
    """Folder or name of a model; None chooses an installed one."""

    precision: str | None = None
    """Precision of the model; None chooses an installed one."""

    threads: int | None = None
    """None chooses by the model and the available CPUs."""

    device: str = "auto"
    """Where flow and vocoder are computed (model/device.py)."""

    quality: str = "original"
    """How much work the flow does: original, balanced or fast."""

    steps: int | None = None
    """Flow steps; None for the model's setting."""

    guidance: float | None = None
    """Guidance weight; None for the model's setting."""

    streaming: bool = True
    """Whether playback of a sentence starts before all of it is computed."""

    text_ahead: bool = False
    """Whether streamed text is spoken before its sentence is complete, by CosyVoice2
    and 3."""

    is_required: bool = False
    """Whether an unusable model is a fatal error, as for one named by a flag; otherwise
    the starter is used."""

    def __post_init__(self) -> None:
        if self.threads is not None and self.threads < 1:
            raise ConfigError(f"threads is {self.threads}; it must be above 0.")


@dataclass(frozen=True, slots=True)
class SpeechConfig:
    """Defaults for requests."""

    voice: str | None = None
    """Voice id; None follows the language of the text."""

    language: str | None = None
    """Language of ambiguous text without a requested language; None decides by the
    voice and the previous text."""

    speed: float = 1.0
    """0.5 (half as fast) to 2.0 (twice as fast)."""

    seed: int | None = None
    """Random seed; None uses a new seed for each request."""

    instruct: str | None = None
    """How to speak, such as a dialect, for requests without an instruction or an
    emotion; models that do not follow instructions ignore it."""

    def __post_init__(self) -> None:
        slowest, fastest = SPEED_RANGE
        if not slowest <= self.speed <= fastest:
            raise ConfigError(
                f"Speed is {self.speed}; it must be from {slowest} to {fastest}."
            )


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """The Wyoming server."""

    uri: str = "tcp://127.0.0.1:10200"
    """URI to listen on. Wyoming has no password: use it in trusted networks only."""

    zeroconf: str | None = None
    """Name to announce on the local network; None announces nothing."""

    zeroconf_host: str | None = None
    """Host to announce; None for the addresses that the server listens on."""

    zeroconf_port: int | None = None
    """Port to announce; None for the port that the server listens on."""

    samples_per_chunk: int = 2048
    """Samples in one ``audio-chunk``: about a tenth of a second."""

    def __post_init__(self) -> None:
        parse_uri(self.uri)
        if self.samples_per_chunk < 1:
            raise ConfigError(
                f"samples_per_chunk is {self.samples_per_chunk}; it must be above 0."
            )


MAX_SILENCE_S = 5.0
"""Limit of ``lead``, ``pause`` and ``tail``."""


@dataclass(frozen=True, slots=True)
class SoundConfig:
    """Audio processing after the model; never clips."""

    trim: bool = True
    """Whether silence at both ends is cut to a tenth of a second."""

    loudness_lufs: float | None = None
    """Target loudness (``LOUDNESS_RANGE``); None leaves it unchanged."""

    compress: bool = False
    """Whether the dynamic range is compressed."""

    denoise: bool = False
    """Whether sounds quieter than speech are attenuated."""

    smooth: bool = False
    """Whether the highest frequencies are softened."""

    lead_s: float = 0.0
    """Silence before an answer, for players that swallow its beginning: 0 to 5."""

    pause_s: float | None = None
    """Silence between sentences, 0 to 5; None depends on their punctuation."""

    tail_s: float = 0.0
    """Silence after an answer: 0 to 5."""

    def __post_init__(self) -> None:
        silence = (("lead", self.lead_s), ("tail", self.tail_s))
        for name, seconds in (*silence, ("pause", self.pause_s or 0.0)):
            if not 0 <= seconds <= MAX_SILENCE_S:
                raise ConfigError(
                    f"{name} is {seconds} s; it must be from 0 to {MAX_SILENCE_S} s."
                )
        lufs = self.loudness_lufs
        softest, loudest = LOUDNESS_RANGE
        if lufs is not None and not softest <= lufs <= loudest:
            raise ConfigError(
                f"Loudness is {lufs}; it must be from {softest} to {loudest} LUFS."
            )


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """The HTTP server: API and page."""

    host: str = "127.0.0.1"
    """Host to listen on."""

    port: int = 8080
    """0 for any free port."""

    is_required: bool = True
    """Whether an unavailable port is a fatal error, as for one given by a flag; if not,
    it is a warning."""

    token: str | None = None
    """Token for ``Authorization: Bearer TOKEN``; None requires no token."""

    names: tuple[str, ...] = ()
    """Host names of this machine besides its addresses and private names, in the form
    of ``host_name``."""

    origins: tuple[str, ...] = ()
    """Origins of other allowed web pages, in the form of ``web_origin``."""

    ingress: str | None = None
    """Address of Home Assistant's ingress proxy, which needs no token. Other clients
    are then served only if there is a token, and they send it."""

    def __post_init__(self) -> None:
        if not 0 <= self.port <= MAX_PORT:
            raise ConfigError(f"Port {self.port} is not from 0 to {MAX_PORT}.")
        if self.token is not None and not self.token.strip():
            raise ConfigError("The HTTP token is empty.")


@dataclass(frozen=True, slots=True)
class Config:
    """The complete configuration."""

    data_dir: Path | None = None
    """Folder of models, user voices and the lexicon; None for none."""

    model: ModelConfig = field(default_factory=ModelConfig)
    speech: SpeechConfig = field(default_factory=SpeechConfig)
    server: ServerConfig = field(default_factory=ServerConfig)
    http: HttpConfig | None = None
    """The HTTP server; None disables it."""

    sound: SoundConfig = field(default_factory=SoundConfig)
    limits: Limits = field(default_factory=Limits)
    hub: str = HUBS[0]
    """Hub for downloads; the other one is tried if it cannot be reached."""

    log_level: str | None = None
    """None for the default of the command."""

    problems: tuple[str, ...] = ()
    """Settings that are not used and why, as sentences for the user."""

    @property
    def data_folder(self) -> Path:
        """The data folder.

        Raises: ConfigError if there is none.
        """
        if self.data_dir is None:
            raise ConfigError("There is no data folder.", remedy="Use --data-dir DIR.")
        return self.data_dir


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return the default data folder of the system.

    A user without a home, as in containers, needs --data-dir: the path does not exist
    then, which is not an error.
    """
    base = Path(environ.get("XDG_DATA_HOME", ""))
    home = Path(environ.get("HOME", ""))
    parent = base if base.is_absolute() else home / ".local/share"
    return parent / "wyoming-cosyvoice"
