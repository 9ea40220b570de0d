"""What every handler may use, and the table from which routes and description come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import web

from wyoming_cosyvoice.files import Patience

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from wyoming_cosyvoice.config import Config, HttpConfig
    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.files import Result
    from wyoming_cosyvoice.server.http.metrics import Metrics
    from wyoming_cosyvoice.user_voices.sync import OwnVoices

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class KnownModel(Protocol):
    """What is known of a model at one moment; ``fetch.known_model`` has the class."""

    @property
    def name(self) -> str:
        """What it is asked for by."""

    @property
    def state(self) -> str:
        """One of the states that ``GET /models`` documents."""


class Models(Protocol):
    """Models that are here or can be had. All methods return at once."""

    def models(self) -> Sequence[KnownModel]:
        """Return all models that are known."""

    def start(self, name: str, hub: str | None = None) -> None:
        """Begin to download a model, from a hub or from that of the settings.

        Raises: RequestError.
        """

    def cancel(self, name: str) -> None:
        """Stop a download; what was fetched is kept. Raises: RequestError."""

    def use(self, name: str) -> None:
        """Begin to load an installed model, which then speaks. Raises: RequestError."""


@dataclass(slots=True)
class Context:
    """The parts of the program that answers are made of."""

    engine: Engine
    config: Config
    http: HttpConfig
    metrics: Metrics
    executor: Executor
    """For work on sound, which would hold up the event loop."""

    uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Recordings that may be read at once: each is several times its size in memory."""

    data: Patience = field(default_factory=lambda: Patience("The data folder"))
    """For work on files, which may hang with their disk."""

    own_voices: OwnVoices | None = None
    models: Models | None = None

    async def with_files(self, work: Callable[[], Result]) -> Result:
        """Return what work on files of the data folder returns, beside the event loop.

        Raises: UnusableFile if the folder does not answer; what the work raises.
        """
        return await asyncio.to_thread(self.data.run, work)


CONTEXT: web.AppKey[Context] = web.AppKey("context")


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a client can ask for."""

    method: str
    path: str
    handler: Handler
    summary: str
    body: dict[str, Any] | None = None
    """Schema of the JSON body."""

    query: dict[str, Any] | None = None
    """Schema of the parameters after the question mark."""

    answers: dict[int, str] = field(default_factory=dict)
    """Content type by status, or several with commas; errors need not be listed."""

    errors: tuple[int, ...] = ()
    """Error statuses beside those that any request can get."""
