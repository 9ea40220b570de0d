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
"""In LUFS; broadcasts have -23, streams of music -14."""


HUBS = ("huggingface", "modelscope")

LEXICON = "lexicon.txt"
"""The user's pronunciations, in the data folder."""


VOICES = "voices"
"""Folder of the user's own voices, in the data folder."""


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which model, and how it computes."""

    name: str | None = None
    """Folder of a model, or the name of a known one; None takes what is there."""

    precision: str | None = None
    """Which of the models of a name; None takes what is there."""

    threads: int | None = None
    """None lets the program choose by the model and the CPUs it may use."""

    quality: str = "original"
    """How much of the flow's work is done: original, balanced or fast."""

    steps: int | None = None
    """Flow steps; None is what the model was made for."""

    guidance: float | None = None
    """Weight of guidance; None is what the model was made for."""

    streaming: bool = True
    """Whether a sentence is played before all of it is computed."""

    is_required: bool = False
    """Whether a model that cannot be used ends the program, as one does that was named
    by a flag; else the server speaks with the starter."""

    def __post_init__(self) -> None:
        if self.threads is not None and self.threads < 1:
            raise ConfigError(f"threads is {self.threads}; it must be above 0.")


@dataclass(frozen=True, slots=True)
class SpeechConfig:
    """How to speak when a request does not say."""

    voice: str | None = None
    """Voice id; None follows the language of the text."""

    language: str | None = None
    """What the text is taken for where a client names no language and its letters leave
    it open; None leaves such a text to the voice and the text before it."""

    speed: float = 1.0
    """0.5 (half as fast) to 2.0 (twice as fast)."""

    seed: int | None = None
    """Seed of every random draw; None draws another one for each request."""

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
    """Where it listens. Wyoming has no password: open it to trusted networks only."""

    zeroconf: str | None = None
    """Name to announce on the local network; None announces nothing."""

    zeroconf_host: str | None = None
    """Host to announce; None announces the addresses that it listens on."""

    zeroconf_port: int | None = None
    """Port to announce; None announces the port that it listens on."""

    samples_per_chunk: int = 2048
    """Samples in one ``audio-chunk``: about a tenth of a second."""

    def __post_init__(self) -> None:
        parse_uri(self.uri)
        if self.samples_per_chunk < 1:
            raise ConfigError(
                f"samples_per_chunk is {self.samples_per_chunk}; it must be above 0."
            )


MOST_SILENCE_S = 5.0
"""Of ``lead`` and ``pause``."""


@dataclass(frozen=True, slots=True)
class SoundConfig:
    """What is done to samples on their way to whoever listens. Nothing of it clips."""

    trim: bool = True
    """Whether silence at both ends is cut to a tenth of a second."""

    loudness_lufs: float | None = None
    """Loudness to bring speech to (``LOUDNESS_RANGE``); None leaves it as it is."""

    compress: bool = False
    """Whether loud parts are brought nearer to quiet ones."""

    denoise: bool = False
    """Whether what is quieter than speech is made quieter still."""

    smooth: bool = False
    """Whether the highest frequencies are softened."""

    lead_s: float = 0.0
    """Silence before an answer, for players that swallow its beginning: 0 to 5."""

    pause_s: float | None = None
    """Silence between sentences, 0 to 5; None leaves it to their punctuation."""

    tail_s: float = 0.0
    """Silence after an answer: 0 to 5."""

    def __post_init__(self) -> None:
        silence = (("lead", self.lead_s), ("tail", self.tail_s))
        for name, seconds in (*silence, ("pause", self.pause_s or 0.0)):
            if not 0 <= seconds <= MOST_SILENCE_S:
                raise ConfigError(
                    f"{name} is {seconds} s; it must be from 0 to {MOST_SILENCE_S} s."
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
    """Where it listens."""

    port: int = 8080
    """0 lets the system choose."""

    is_required: bool = True
    """Whether a port that cannot be had ends the program, as one does that was given by
    a flag; else it is a warning."""

    token: str | None = None
    """What clients must send as ``Authorization: Bearer TOKEN``; None asks for none."""

    names: tuple[str, ...] = ()
    """Host names of this machine, besides its addresses and names that no one can
    register, as ``host_name`` writes them."""

    origins: tuple[str, ...] = ()
    """Origins of other web pages that may use it, as ``web_origin`` writes them."""

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
    """Everything that a run of the program was told."""

    data_dir: Path | None = None
    """Where models, voices and the user's lexicon are; None keeps none of them."""

    model: ModelConfig = field(default_factory=ModelConfig)
    speech: SpeechConfig = field(default_factory=SpeechConfig)
    server: ServerConfig = field(default_factory=ServerConfig)
    http: HttpConfig | None = None
    """The HTTP server; None has none."""

    sound: SoundConfig = field(default_factory=SoundConfig)
    limits: Limits = field(default_factory=Limits)
    hub: str = HUBS[0]
    """Where models are downloaded from; the other is tried if it cannot be reached."""

    log_level: str | None = None
    """None leaves it to the command."""

    problems: tuple[str, ...] = ()
    """What was set and is not used, and why, in sentences for the user."""

    @property
    def data_folder(self) -> Path:
        """The data folder, for what cannot do without.

        Raises: ConfigError if there is none.
        """
        if self.data_dir is None:
            raise ConfigError("There is no data folder.", remedy="Use --data-dir DIR.")
        return self.data_dir


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return where data is kept by the customs of the system.

    A user without a home, as containers have them, has no data until --data-dir says
    where: the path does not exist then, which is not an error.
    """
    base = Path(environ.get("XDG_DATA_HOME", ""))
    home = Path(environ.get("HOME", ""))
    parent = base if base.is_absolute() else home / ".local/share"
    return parent / "wyoming-cosyvoice"
