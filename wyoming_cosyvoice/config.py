"""What the program was told to do, checked once and then only read.

Every class here is frozen. The command line builds one ``Config``; everything below it
gets the part that it needs and never sees flags or environment variables. Numbers that
protect the machine or a peer are all in ``Limits``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from wyoming_cosyvoice.errors import ConfigError

SPEED_RANGE = (0.5, 2.0)
LOUDNESS_RANGE = (-36.0, -10.0)
"""In LUFS; broadcasts have -23, streams of music -14."""


LEXICON = "lexicon.txt"
"""The user's pronunciations, in the data folder."""


VOICES = "voices"
"""Folder of the user's own voices, in the data folder."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the program. All must be positive numbers."""

    line_bytes: int = 64 * 1024
    """Header line of a Wyoming frame; the reference reader has the same limit."""

    json_depth: int = 32
    """Nesting of the JSON in a frame; real events have three levels."""

    data_bytes: int = 256 * 1024
    """Data block of a frame: the longest text, each character as two escapes, twice."""

    payload_bytes: int = 1024 * 1024
    """Payload of a frame. It is skipped, never kept: clients have no sound for us."""

    frame_s: float = 10.0
    """From the first byte of a frame to its last."""

    idle_s: float = 300.0
    """A connection on which nothing was asked and nothing is being answered."""

    stream_s: float = 120.0
    """Next event of an open text stream; a language model may be calling tools."""

    text_pause_s: float = 0.5
    """Without text, after which a sentence that is complete waits no longer for what
    might follow it."""

    write_s: float = 20.0
    """One write to a client that does not read."""

    linger_s: float = 1.0
    """Wait for the client to close after our last byte, so that it can read it."""

    connections: int = 32
    """Open connections per listener."""

    connections_per_address: int = 16
    """Open connections of one network address."""

    answers_per_connection: int = 4
    """Requests of one connection that are not yet answered in full."""

    text_chars: int = 10_000
    """Characters of one request, over all its chunks."""

    waiting: int = 23
    """Requests that may wait beside the one that is spoken: a house of many rooms."""

    waiting_s: float = 60.0
    """Until the first sentence of a request has its turn."""

    sentence_s: float = 30.0
    """Computing time of a sentence, at least."""

    sentence_per_audio: float = 40.0
    """Computing time of a sentence, per second of speech that it may take."""

    stuck_s: float = 10.0
    """A stage that was told to stop and does not return; the engine is then lost."""

    audio_s: float = 3600.0
    """Sound of one request; only a model that runs wild gets there."""

    http_body_bytes: int = 64 * 1024
    """Body of an HTTP request without a recording."""

    http_recording_bytes: int = 16 * 1024 * 1024
    """Body of an HTTP request with a recording: 30 s in any kind, as base64."""

    http_header_s: float = 10.0
    """From connecting to a whole request line with its headers."""

    http_body_s: float = 30.0
    """For the body of an HTTP request to arrive."""

    buffered_s: float = 4.0
    """Sound made ahead of a client that reads slowly; then its work is parked."""

    drain_s: float = 3.0
    """For answers under way when the program is told to stop."""

    stop_s: float = 1.0
    """For cut answers to say so, and the model to come to rest, after that."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if not value > 0 or not math.isfinite(value):
                raise ConfigError(f"Limit {limit.name} is {value}; it must be above 0.")


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """``tcp://HOST:PORT``; port 0 lets the system choose."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """``unix://PATH``, and who may connect: ``unix://PATH?mode=660&group=audio``."""

    path: Path
    mode: int | None = None
    """Permissions of the socket; None leaves them to the umask."""

    group: str | None = None
    """Name or number of the group that it belongs to; None is the program's own."""


@dataclass(frozen=True, slots=True)
class StdioAddress:
    """``stdio://``: one client, on standard input and output."""


Address = TcpAddress | UnixAddress | StdioAddress

_MAX_PORT = 65_535


def parse_uri(uri: str) -> Address:
    """Read where to listen or connect. ``*`` as a host means all addresses.

    Raises: ConfigError if it is none of ``tcp://HOST:PORT``, ``unix://PATH``,
    ``stdio://``.
    """
    refusal = ConfigError(
        f"Cannot use {uri!r} as an address.",
        remedy="Write tcp://HOST:PORT, unix://PATH or stdio://.",
    )
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise refusal from None
    if parts.fragment or parts.username is not None:
        raise refusal
    if parts.query and parts.scheme != "unix":
        raise refusal
    match parts:
        case SplitResult(scheme="tcp", hostname=str(host), path="" | "/"):
            if port is not None and 0 <= port <= _MAX_PORT:
                return TcpAddress(host, port)
        case SplitResult(scheme="unix"):
            # unix://relative/path puts the first part where a host would be
            path = parts.netloc + parts.path
            if path:
                return UnixAddress(Path(path), **_unix_options(parts.query))
        case SplitResult(scheme="stdio", netloc="", path="" | "/"):
            return StdioAddress()
    raise refusal


def _unix_options(query: str) -> dict[str, Any]:
    """Read the mode and the group of a Unix socket.

    Raises: ConfigError.
    """
    options: dict[str, Any] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        value = unquote(value)
        if name == "mode" and re.fullmatch("0?[0-7]{3}", value):
            options["mode"] = int(value, 8)
        elif name == "group" and value:
            options["group"] = value
        else:
            raise ConfigError(
                f"{part!r} does not say who may use a Unix socket.",
                remedy="Write unix://PATH?mode=660&group=NAME; both may be left out.",
            )
    return options


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


def host_name(name: str) -> str:
    """Return a host name as it is compared: without blanks, port and final dot."""
    return name.strip().casefold().partition(":")[0].removesuffix(".")


def web_origin(url: str) -> str:
    """Return the origin of a URL, as browsers write it.

    Raises: ConfigError if it is not an http or https URL.
    """
    try:
        parts = urlsplit(url.strip().casefold())
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in {"http", "https"} or not host:
        raise ConfigError(
            f"{url!r} is not the address of a web page.",
            remedy="Write it like this: https://chat.example.org",
        )
    usual = 80 if scheme == "http" else 443
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port not in {None, usual} else "")


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """The HTTP server: API and page."""

    host: str = "127.0.0.1"
    """Where it listens."""

    port: int = 8080
    """0 lets the system choose."""

    is_required: bool = True
    """Whether a port that cannot be had ends the program; else it is a warning."""

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
        if not 0 <= self.port <= _MAX_PORT:
            raise ConfigError(f"Port {self.port} is not from 0 to {_MAX_PORT}.")
        if self.token is not None and not self.token.strip():
            raise ConfigError("The HTTP token is empty.")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a run of the program was told."""

    model: str | None = None
    """Directory of a model pack, or the name of a known one."""

    data_dir: Path | None = None
    """Where packs, voices and the user's lexicon are."""

    threads: int | None = None
    """Threads of the model; None lets the program choose by the CPUs it may use."""

    speech: SpeechConfig = field(default_factory=SpeechConfig)
    server: ServerConfig = field(default_factory=ServerConfig)
    http: HttpConfig | None = None
    """The HTTP server; None has none."""

    sound: SoundConfig = field(default_factory=SoundConfig)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if self.threads is not None and self.threads < 1:
            raise ConfigError(f"threads is {self.threads}; it must be above 0.")
