"""Every number that protects the machine or a peer, each with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from wyoming_cosyvoice.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the program. All must be positive numbers."""

    line_bytes: int = 64 * 1024
    """Header line of a Wyoming frame; the reference reader has the same limit."""

    json_depth: int = 32
    """Nesting of the JSON in a frame; real events have three levels."""

    json_items: int = 2000
    """Values in the JSON of a frame; real events have ten. Parsing costs by value."""

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

    flood_s: float = 5.0
    """Waits of a connection that sends far too much, after which it is closed."""

    refusal_s: float = 0.25
    """Between an error about the framing and the end of the connection, so that one who
    comes again and again is slow."""

    write_s: float = 20.0
    """One write to a client that does not read."""

    linger_s: float = 1.0
    """Wait for the client to close after our last byte, so that it can read it."""

    connections: int = 64
    """Open connections per listener."""

    connections_per_address: int = 48
    """Open connections of one network address: a home has one for all its rooms."""

    answers_per_connection: int = 4
    """Requests of one connection that are not yet answered in full."""

    text_chars: int = 10_000
    """Characters of one request, over all its chunks."""

    waiting: int = 23
    """Requests that may wait beside the one that is spoken: a house of many rooms."""

    idle_streams: int = 56
    """Streams that are open and have nothing to speak, because their text is still to
    come; more than one address may hold."""

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

    drain_s: float = 0.7
    """For answers under way when the program is told to stop."""

    stop_s: float = 0.4
    """For cut answers to say so, and the model to come to rest, after that."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if not value > 0 or not math.isfinite(value):
                raise ConfigError(f"Limit {limit.name} is {value}; it must be above 0.")
