"""The server program with the stand-in model: ``python -m tests.faults.program``.

It is run in processes of its own, to be sent signals.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from pathlib import Path
from typing import Any

from tests.support.cloning_fake import ListeningFake
from tests.support.fake import VOICES, FakeSynthesizer
from tests.support.harness import SEED
from wyoming_cosyvoice.config import (
    Config,
    HttpConfig,
    Limits,
    ServerConfig,
    SpeechConfig,
)
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.errors import ConfigError, ModelNotFound
from wyoming_cosyvoice.server.lifecycle import run


def forbid_connections(event: str, args: tuple[Any, ...]) -> None:
    """Note it in the log if the program connects to anything."""
    if event == "socket.connect":
        logging.getLogger("program").error("Connected to %r", args[1])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--uri", default="tcp://127.0.0.1:0")
    parser.add_argument("--model", choices=["ok", "missing", "endless"], default="ok")
    parser.add_argument("--hold", action="store_true", help="never speak a sentence")
    parser.add_argument("--data-dir", type=Path, help="with voices, and a web page")
    parser.add_argument("--limit", action="append", default=[], help="NAME=SECONDS")
    options = parser.parse_args()
    limits: dict[str, Any] = {
        name: float(value)
        for name, value in (limit.split("=") for limit in options.limit)
    }
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")

    sys.addaudithook(forbid_connections)
    fake = FakeSynthesizer() if options.data_dir is None else ListeningFake()
    if options.hold:
        fake.pace.hold()

    def load() -> FakeSynthesizer:
        if options.model == "missing":
            raise ModelNotFound("There is no model.", remedy="Fetch one.")
        if options.model == "endless":
            threading.Event().wait()
        return fake

    try:
        config = Config(
            server=ServerConfig(uri=options.uri),
            speech=SpeechConfig(seed=SEED),
            limits=Limits(**limits),
            data_dir=options.data_dir,
            http=HttpConfig(port=0) if options.data_dir is not None else None,
        )
    except ConfigError as error:
        logging.getLogger("program").error("%s", error)  # noqa: TRY400
        return error.exit_code
    return run(
        lambda on_ended: Engine(
            load,
            VOICES,
            limits=config.limits,
            defaults=config.speech,
            on_ended=on_ended,
        ),
        config,
    )


if __name__ == "__main__":
    sys.exit(main())
