"""The context of all handlers, and the type of their operations."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import web

from wyoming_cosyvoice.files import TimeLimit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from wyoming_cosyvoice.config import Config, HttpConfig
    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.files import Result
    from wyoming_cosyvoice.server.http.metrics import Metrics
    from wyoming_cosyvoice.user_voices.sync import UserVoices

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class KnownModel(Protocol):
    """State of a model at one moment; implemented in ``fetch.known_model``."""

    @property
    def name(self) -> str:
        """Name used in requests."""

    @property
    def state(self) -> str:
        """One of the states that ``GET /models`` documents."""


class Models(Protocol):
    """Installed models and those that can be downloaded. No method blocks."""

    def models(self) -> Sequence[KnownModel]:
        """Return all known models."""

    def start(self, name: str, hub: str | None = None) -> None:
        """Start to download a model, from ``hub`` or from the configured one.

        Raises: RequestError.
        """

    def cancel(self, name: str) -> None:
        """Stop a download; partial files are kept. Raises: RequestError."""

    def use(self, name: str) -> None:
        """Start to switch to an installed model. Raises: RequestError."""


@dataclass(slots=True)
class Context:
    """The parts of the program that handlers use."""

    engine: Engine
    config: Config
    http: HttpConfig
    metrics: Metrics
    executor: Executor
    """For audio processing, which would block the event loop."""

    uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Limit on recordings read at once: each takes several times its size in memory."""

    data: TimeLimit = field(default_factory=lambda: TimeLimit("The data folder"))
    """For work on files, which hangs if their disk does."""

    user_voices: UserVoices | None = None
    models: Models | None = None

    async def with_files(self, work: Callable[[], Result]) -> Result:
        """Work on files of the data folder outside the event loop; return the result.

        Raises: FolderUnreachable if the folder does not answer; what the work raises.
        """
        return await asyncio.to_thread(self.data.run, work)


CONTEXT: web.AppKey[Context] = web.AppKey("context")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    handler: Handler
    summary: str
    body: dict[str, Any] | None = None
    """Schema of the JSON body."""

    query: dict[str, Any] | None = None
    """Schema of the query parameters."""

    answers: dict[int, str] = field(default_factory=dict)
    """Status -> content type, or several separated by commas; errors are added."""

    errors: tuple[int, ...] = ()
    """Error statuses besides the common ones."""
