"""The HTTP API as the page uses it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.support.fake import DEADLINE_S

if TYPE_CHECKING:
    import aiohttp


class Page:
    """What a browser asks of the server."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        self.seen = b""

    async def voices(self) -> dict[str, dict[str, Any]]:
        async with self.session.get("/voices") as answer:
            self.seen += await answer.read()
            assert answer.status == 200
            return {v["id"]: v for v in (await answer.json())["voices"] if v["is_own"]}

    async def until(self, state: str, wanted: set[str]) -> dict[str, dict[str, Any]]:
        async with asyncio.timeout(6 * DEADLINE_S):  # ten thousand files, busy cores
            while True:
                voices = await self.voices()
                if wanted <= {i for i, v in voices.items() if v["state"] == state}:
                    return voices

    async def sample(self, voice_id: str) -> int:
        async with self.session.get(f"/voices/{voice_id}/sample") as answer:
            self.seen += await answer.read()
            return answer.status

    async def delete(self, voice_id: str) -> int:
        async with self.session.delete(f"/voices/{voice_id}") as answer:
            return answer.status
