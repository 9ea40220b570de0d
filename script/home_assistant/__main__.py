"""The check: add the server as a user would, speak in each way, take pictures."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from home_assistant.house import HomeAssistant
from home_assistant.pictures import take_discovery, take_film, take_pictures
from home_assistant.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from numpy.typing import NDArray

DISCOVERY_S = 120
SPEAKER = "media_player.speaker"
RATE_HZ = 16_000
MOST_ERRORS = 0.2
"""Largest word error rate of the judge; with other words it is above a half."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("script/home-assistant-check", description=__doc__)
    parser.add_argument("--hass", default="hass", help="command of Home Assistant")
    parser.add_argument("--model", required=True, help="model that the server speaks")
    parser.add_argument("--pictures", type=Path, help="folder for screenshots")
    parser.add_argument(
        "--discovery", action="store_true", help="let Home Assistant find the server"
    )
    parser.add_argument(
        "--judge",
        action="store_true",
        help="compare recognized words and answer",
    )
    parser.add_argument("--folder", type=Path, help="configuration, default: temporary")
    parser.add_argument("--language", default="en", help="of Home Assistant")
    parser.add_argument("--country", default="GB", help="of Home Assistant")
    return parser.parse_args()


@contextlib.asynccontextmanager
async def server(model: str, *, announced: bool) -> AsyncIterator[int]:
    """Start the server as a program; return its port."""
    command = ["serve", "--model", model, "--no-http"]
    command += (
        ["--uri", "tcp://0.0.0.0:0", "--zeroconf"]
        if announced
        else ["--uri", "tcp://127.0.0.1:0"]
    )
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "wyoming_cosyvoice", *command],
        stderr=asyncio.subprocess.PIPE,
    )
    log = process.stderr or asyncio.StreamReader()
    try:
        async for line in log:
            if match := re.search(rb"Listening on tcp://[^ ]*:(\d+)", line):
                break
        else:
            raise SystemExit("the server ended; try wyoming-cosyvoice doctor")
        drain = asyncio.create_task(log.read())
        yield int(match[1])
        process.terminate()
        await drain
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def wait_for_discovery(house: HomeAssistant) -> str:
    """Wait until Home Assistant has found the server; return the dialogue it offers."""
    async with asyncio.timeout(DISCOVERY_S):
        while True:
            for flow in await house.ask("config_entries/flow/progress"):
                context = flow["context"]
                if (flow["handler"], context["source"]) == ("wyoming", "zeroconf"):
                    print(f"discovered as {context['title_placeholders']['name']!r}")
                    return str(flow["flow_id"])
            await asyncio.sleep(1)


async def begin_adding(house: HomeAssistant) -> str:
    """Press "Add integration"; return the dialogue."""
    flow = await house.post("/api/config/config_entries/flow", {"handler": "wyoming"})
    return str(flow["flow_id"])


async def add_server(house: HomeAssistant, flow: str, filled_in: object) -> str:
    """Submit the dialogue; return the entity that speaks."""
    added = await house.post(f"/api/config/config_entries/flow/{flow}", filled_in)
    if added["type"] != "create_entry":
        raise SystemExit(f"the server was not added: {added}")
    print(f"added as {added['title']!r}")
    return next(
        entity["entity_id"]
        for entity in await house.ask("config/entity_registry/list")
        if entity["config_entry_id"] == added["result"]["entry_id"]
        and entity["entity_id"].startswith("tts.")
    )


async def make_assistant(house: HomeAssistant, entity: str) -> dict[str, Any]:
    """Make the assistant that is preferred speak with the server's English voice."""
    voices = (await house.ask("tts/engine/voices", engine_id=entity, language="en"))[
        "voices"
    ]
    print(f"voices for en: {[voice['name'] for voice in voices]}")
    found = await house.ask("assist_pipeline/pipeline/list")
    assistant: dict[str, Any] = found["pipelines"][0]
    identifier = assistant.pop("id")
    assistant |= {
        "tts_engine": entity,
        "tts_language": "en",
        "tts_voice": voices[0]["voice_id"],
    }
    await house.ask(
        "assist_pipeline/pipeline/update", pipeline_id=identifier, **assistant
    )
    return assistant


def decode(sound: bytes) -> NDArray[np.float32]:
    """Return the samples (S,) of what a player would play, at ``RATE_HZ``.

    By ffmpeg: an MP3 that was written into a pipe does not say how long it is, and
    libsndfile guesses it too short.
    """
    decoder = ["ffmpeg", "-loglevel", "error", "-i", "pipe:0", "-f", "f32le"]
    done = subprocess.run(  # noqa: S603 - nothing of the command is from outside
        [*decoder, "-ac", "1", "-ar", str(RATE_HZ), "pipe:1"],
        input=sound,
        capture_output=True,
        check=True,
    )
    return np.frombuffer(done.stdout, np.float32)


def check_sound(sound: bytes, how: str) -> None:
    """See that a player could play it."""
    samples = decode(sound)
    seconds, loudest = len(samples) / RATE_HZ, max(abs(samples), default=0.0)
    print(f"{how}: {seconds:.2f} s, {len(sound)} bytes")
    if not (seconds > 0.2 and loudest > 0.001):  # noqa: PLR2004
        raise SystemExit(f"{how}: that is not sound")


def check_words(sound: bytes, text: str) -> None:
    """Check that the audio has the words that Home Assistant's agent answered."""
    from models.judge.asr import Judge  # noqa: PLC0415 - needs the extra 'judge'
    from models.judge.error_rates import word_error_rate  # noqa: PLC0415

    recognized = Judge().transcribe(decode(sound), RATE_HZ, "en")
    print(f"answered {text!r}, recognized {recognized!r}")
    if word_error_rate(text, recognized) > MOST_ERRORS:
        raise SystemExit("those are other words")


async def speak(house: HomeAssistant, entity: str, voice: str) -> None:
    """Ask for speech in the three ways that Home Assistant has."""
    for name, options in {"no voice": {}, "a voice": {"voice": voice}}.items():
        found = await house.post(
            "/api/tts_get_url",
            {
                "engine_id": entity,
                "message": f"The house speaks with {name}.",
                "language": "en",
                "options": options,
            },
        )
        check_sound(await house.sound(found["path"]), f"tts_get_url, {name}")

    await house.post(
        "/api/services/tts/speak",
        {
            "entity_id": entity,
            "media_player_entity_id": SPEAKER,
            "message": "The washing machine is done.",
            "language": "en",
        },
    )
    played = await house.ask("persistent_notification/get")
    media = next(one for one in played if one["notification_id"] == "played")
    found = await house.ask(
        "media_source/resolve_media", media_content_id=media["message"]
    )
    check_sound(await house.sound(found["url"]), "tts.speak")

    events = await house.messages(
        "assist_pipeline/run",
        until="run-end",
        start_stage="intent",
        end_stage="tts",
        input={"text": "What time is it?"},
    )
    answer = next(event for event in events if event.get("type") == "tts-end")
    sound = await house.sound(answer["data"]["tts_output"]["url"])
    # "11:02 AM" is too short to be judged by its words.
    check_sound(sound, "assistant")


def _spoken_by(events: list[dict[str, Any]]) -> str:
    """Return what the agent of a run answered."""
    intent = next(event for event in events if event.get("type") == "intent-end")
    response = intent["data"]["intent_output"]["response"]
    return str(response["speech"]["plain"]["speech"])


async def stream(
    house: HomeAssistant,
    recorder: Recorder,
    assistant: dict[str, Any],
    *,
    is_recognized: bool,
) -> str:
    """Speak an agent's answer that arrives in pieces; return its assistant.

    Its first sentence sounds before the last is written.
    """
    added = await house.ask(
        "assist_pipeline/pipeline/create",
        **{
            **assistant,
            "name": "Storyteller",
            "conversation_engine": "conversation.storyteller",
        },
    )
    events = await house.messages(
        "assist_pipeline/run",
        until="run-end",
        start_stage="intent",
        end_stage="tts",
        input={"text": "How is the house?"},
        pipeline=added["id"],
    )
    answer = next(event for event in events if event.get("type") == "tts-end")
    sound = await house.sound(answer["data"]["tts_output"]["url"])
    check_sound(sound, "streamed from an agent")
    (conversation,) = recorder.take()
    print(f"  {conversation}")
    print(f"  {len(conversation.text_after_sound)} pieces of text came after sound")
    if not conversation.text_after_sound:
        raise SystemExit("nothing was spoken before the text was complete")
    if is_recognized:
        check_words(sound, _spoken_by(events))
    return str(added["id"])


async def picture(
    take: Callable[[str, dict[str, Any], Path], None],
    house: HomeAssistant,
    folder: Path,
) -> None:
    """Take pictures while Home Assistant runs."""
    await asyncio.to_thread(take, house.url, house.tokens, folder)


async def check(args: argparse.Namespace, folder: Path) -> None:
    """Do all of it."""
    async with contextlib.AsyncExitStack() as stack:
        recorder = Recorder(
            await stack.enter_async_context(
                server(args.model, announced=args.discovery)
            )
        )
        await recorder.start()
        house = await stack.enter_async_context(
            HomeAssistant(
                shlex.split(args.hass),
                folder,
                args.language,
                args.country,
                discovers=args.discovery,
            )
        )
        version = (await house.get("/api/config"))["version"]
        print(f"Home Assistant {version}")
        if args.pictures:
            args.pictures.mkdir(parents=True, exist_ok=True)
        if args.discovery:
            flow = await wait_for_discovery(house)
            if args.pictures:
                await picture(take_discovery, house, args.pictures)
            entity = await add_server(house, flow, {})
        else:
            flow = await begin_adding(house)
            address = {"host": "127.0.0.1", "port": recorder.port}
            entity = await add_server(house, flow, address)
        for conversation in recorder.conversations:
            print(f"  {conversation}")
        recorder.take()
        assistant = await make_assistant(house, entity)
        await speak(house, entity, assistant["tts_voice"])
        for conversation in recorder.take():
            print(f"  {conversation}")
        talker = await stream(house, recorder, assistant, is_recognized=args.judge)
        if args.pictures and not args.discovery:
            await picture(take_pictures, house, args.pictures)
            await house.ask(
                "assist_pipeline/pipeline/set_preferred", pipeline_id=talker
            )
            await picture(take_film, house, args.pictures)


def main() -> None:
    """Run the check."""
    args = arguments()
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(check(args, args.folder or Path(temporary)))


if __name__ == "__main__":
    main()
