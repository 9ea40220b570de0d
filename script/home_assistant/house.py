"""A separate Home Assistant: started, set up for one owner, used and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

START_S = ANSWER_S = 900
"""Home Assistant installs what it needs at its first start, and what an integration
needs when it is added; some of it is compiled.
"""


class UnknownCommand(Exception):
    """Raised for a command that this Home Assistant is too old for."""


# No default_config: nothing here is to call other machines.
CONFIGURATION = """\
homeassistant:
  name: Home
  country: {country}
  language: {language}
  time_zone: UTC
  unit_system: metric
http:
  server_host: 127.0.0.1
  server_port: {port}
frontend:
config:
assist_pipeline:
conversation:
media_source:
tts:
media_player:
  # A player that plays nothing: it notes what it was given.
  - platform: universal
    name: Speaker
    commands:
      play_media:
        action: persistent_notification.create
        data:
          notification_id: played
          message: "{{{{ media_content_id }}}}"
storyteller:
"""

AGENT = Path(__file__).with_name("storyteller")
"""An agent that answers piece by piece."""

# As after the first three pages of the assistant for newcomers, whose third one would
# add services of other companies.
ONBOARDING = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config", "analytics", "integration"]},
}


class HomeAssistant:
    """One instance in a folder, with a client that is signed in as its owner."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        language: str,
        country: str,
        *,
        discovers: bool = False,
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens: dict[str, Any] = {}
        self._command = [*command, "--config", str(folder)]
        self._folder = folder
        self._language, self._country = language, country
        self._discovers = discovers
        self._process: asyncio.subprocess.Process | None = None
        self._http = aiohttp.ClientSession(self.url)
        self._ids = iter(range(1, 1_000_000))

    async def __aenter__(self) -> Self:
        try:
            await self._start()
            await self._sign_in()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _start(self) -> None:
        storage = self._folder / ".storage"
        storage.mkdir(parents=True, exist_ok=True)
        (storage / "onboarding").write_text(json.dumps(ONBOARDING), encoding="utf-8")
        (self._folder / "configuration.yaml").write_text(
            CONFIGURATION.format(
                port=self.port, language=self._language, country=self._country
            )
            + "zeroconf:\n" * self._discovers,
            encoding="utf-8",
        )
        agent = self._folder / "custom_components" / AGENT.name
        shutil.copytree(AGENT, agent, dirs_exist_ok=True)
        with (self._folder / "output.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdout=log, stderr=log
            )
        async with asyncio.timeout(START_S):
            while not await self._is_up():
                if self._process.returncode is not None:
                    raise SystemExit(f"Home Assistant ended; see {log.name}")
                await asyncio.sleep(1)

    async def _is_up(self) -> bool:
        try:
            async with self._http.get("/api/onboarding") as response:
                return response.ok
        except aiohttp.ClientError:
            return False

    async def _sign_in(self) -> None:
        client = f"{self.url}/"
        owner = await self.post(
            "/api/onboarding/users",
            {
                "client_id": client,
                "name": "Owner",
                "username": "owner",
                "password": "only-on-loopback",
                "language": self._language,
            },
        )
        form = {
            "grant_type": "authorization_code",
            "code": owner["auth_code"],
            "client_id": client,
        }
        async with self._http.post("/auth/token", data=form) as response:
            response.raise_for_status()
            self.tokens = await response.json()
        self._http.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        # Or a new Home Assistant takes its port back and restarts after five minutes;
        # those of before 2026 do not know the command and need none.
        with contextlib.suppress(UnknownCommand):
            await self.ask("http/config/promote")

    @contextlib.asynccontextmanager
    async def _in_time(self, what: str) -> AsyncIterator[None]:
        """End the check with a message if Home Assistant does not answer in time."""
        try:
            async with asyncio.timeout(ANSWER_S):
                yield
        except TimeoutError:
            log = self._folder / "output.log"
            raise SystemExit(f"{what}: no answer in {ANSWER_S} s; see {log}") from None

    async def get(self, path: str) -> Any:
        """Get from the REST interface."""
        async with self._http.get(path) as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, body: object) -> Any:
        """Post to the REST interface."""
        async with (
            self._in_time(path),
            self._http.post(path, json=body) as answer,
        ):
            if not answer.ok:
                raise SystemExit(f"{path}: {answer.status} {await answer.text()}")
            return await answer.json()

    async def sound(self, path: str) -> bytes:
        """Fetch what a player would play."""
        async with self._in_time(path), self._http.get(path) as response:
            response.raise_for_status()
            return await response.read()

    async def messages(
        self, kind: str, /, until: str = "result", **fields: object
    ) -> list[dict[str, Any]]:
        """Send a message to the websocket; return the answers up to the one of a type.

        An answer's type is that of its event, if it carries one.
        """
        answers = []
        async with (
            self._in_time(kind),
            self._http.ws_connect("/api/websocket", max_msg_size=0) as socket_,
        ):
            await socket_.receive_json()
            await socket_.send_json(
                {"type": "auth", "access_token": self.tokens["access_token"]}
            )
            await socket_.receive_json()
            await socket_.send_json({"id": next(self._ids), "type": kind, **fields})
            while True:
                answer = await socket_.receive_json()
                if answer["type"] == "result" and not answer["success"]:
                    if answer["error"]["code"] == "unknown_command":
                        raise UnknownCommand(kind)
                    raise SystemExit(f"{kind}: {answer['error']['message']}")
                answers.append(answer.get("event", answer))
                if answers[-1].get("type") == until:
                    return answers

    async def ask(self, kind: str, /, **fields: object) -> Any:
        """Return the result of a message to the websocket."""
        return (await self.messages(kind, **fields))[-1]["result"]
