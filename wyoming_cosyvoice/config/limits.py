"""Every number that protects the machine or a peer, each with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from wyoming_cosyvoice.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of the program; positive numbers."""

    line_bytes: int = 64 * 1024
    """Header line of a Wyoming frame; same limit as the reference implementation."""

    json_depth: int = 32
    """Nesting of the JSON in a frame; real events have three levels."""

    json_items: int = 2000
    """Values in the JSON of a frame; real events have ten. Each costs parsing time."""

    data_bytes: int = 256 * 1024
    """Data block of a frame: the longest text, each character as two escapes, twice."""

    payload_bytes: int = 1024 * 1024
    """Payload of a frame. It is skipped: clients do not send audio to this server."""

    frame_s: float = 10.0
    """Time from the first byte of a frame to its last."""

    idle_s: float = 300.0
    """Idle time of a connection without a request."""

    stream_s: float = 120.0
    """Wait for the next event of an open stream; a language model may call tools."""

    text_pause_s: float = 0.5
    """Time without new text after which a complete sentence is spoken, although more
    might follow."""

    flood_s: float = 5.0
    """Throttling pauses of a connection that floods, after which it is closed."""

    refusal_s: float = 0.25
    """Delay between a framing error and the end of the connection, which slows down
    repeat offenders."""

    write_s: float = 20.0
    """Timeout of one write to a client that does not read."""

    linger_s: float = 1.0
    """Wait for the client to close after our last byte, so that it can read it."""

    connections: int = 64
    """Open connections per listener."""

    connections_per_address: int = 48
    """Open connections per network address: a home has one address for all rooms."""

    answers_per_connection: int = 4
    """Unfinished requests per connection."""

    text_chars: int = 10_000
    """Characters of one request, over all its chunks."""

    waiting: int = 23
    """Queued requests, enough for a house with many rooms."""

    idle_streams: int = 56
    """Open streams that are still waiting for text; more than one address may hold."""

    waiting_s: float = 60.0
    """Wait until the first sentence of a request is started."""

    sentence_s: float = 30.0
    """Minimum computing time limit of a sentence."""

    sentence_per_audio: float = 40.0
    """Computing time limit per second of the longest speech of a sentence."""

    stuck_s: float = 10.0
    """Wait for a cancelled stage to return; after that the engine is lost."""

    audio_s: float = 3600.0
    """Audio of one request; reached only by a runaway model."""

    http_body_bytes: int = 64 * 1024
    """Body of an HTTP request without a recording."""

    http_recording_bytes: int = 16 * 1024 * 1024
    """Body of an HTTP request with a recording: 30 s in any format, as base64."""

    http_header_s: float = 10.0
    """Time from connecting to a complete request header."""

    http_body_s: float = 30.0
    """Time for the body of an HTTP request to arrive."""

    buffered_s: float = 4.0
    """Audio buffered for a slow client before its synthesis is paused."""

    drain_s: float = 0.7
    """Time for running answers when the program stops."""

    stop_s: float = 0.4
    """Time after that for cancelled answers to report it and for the model to stop."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if not value > 0 or not math.isfinite(value):
                raise ConfigError(f"Limit {limit.name} is {value}; it must be above 0.")
