"""An agent that answers as a language model does: piece by piece, with a pause.

Home Assistant hands the pieces to the voice as they come. In the middle the agent stops
for a while, as one that calls a tool.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from homeassistant.components import conversation
from homeassistant.components.conversation.const import DATA_COMPONENT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant

BEFORE_TOOL = (
    "I have turned off the lights in the kitchen and closed the garage door. "
    "Now I will look at the weather."
)
AFTER_TOOL = (
    " It will rain in the afternoon, so please take an umbrella with you. "
    "The washing machine will be done in twenty minutes."
)
PIECE_S = 0.02
TOOL_S = 2.0


class Storyteller(conversation.ConversationEntity):
    """Says the same to everything."""

    _attr_name = "Storyteller"
    _attr_unique_id = "storyteller"
    _attr_supports_streaming = True

    @property
    def supported_languages(self) -> str:
        """All of them: it does not listen."""
        return conversation.MATCH_ALL if hasattr(conversation, "MATCH_ALL") else "*"

    async def _async_handle_message(
        self,
        user_input: conversation.ConversationInput,
        chat_log: conversation.ChatLog,
    ) -> conversation.ConversationResult:
        """Put the answer into the log, as it comes."""
        async for _ in chat_log.async_add_delta_content_stream(
            self.entity_id, _pieces()
        ):
            pass
        return conversation.async_get_result_from_chat_log(user_input, chat_log)


async def _pieces() -> AsyncIterator[dict[str, Any]]:
    yield {"role": "assistant"}
    for text in (BEFORE_TOOL, AFTER_TOOL):
        for piece in re.findall(r" ?[^ ]+", text):
            yield {"content": piece}
            await asyncio.sleep(PIECE_S)
        if text is BEFORE_TOOL:
            await asyncio.sleep(TOOL_S)


async def async_setup(hass: HomeAssistant, _: dict[str, Any]) -> bool:
    """Add the agent."""
    await hass.data[DATA_COMPONENT].async_add_entities([Storyteller()])
    return True
