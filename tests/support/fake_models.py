"""A stand-in for the models of this machine."""

from __future__ import annotations

from wyoming_cosyvoice.errors import Conflict, UnknownModel
from wyoming_cosyvoice.fetch.known_model import KnownModel


class FakeModels:
    """Two that are here and one to be had; remembers what it is asked for."""

    def __init__(self) -> None:
        self.states = {"starter": "in-use", "mine": "installed", "big": "available"}
        self.asked: list[str] = []
        self.hub: str | None = None

    def models(self) -> list[KnownModel]:
        return [
            KnownModel(
                name,
                state,
                description=name.title(),
                kind="sft",
                family="cosyvoice",
                languages=("zh", "en"),
                abilities=("clone",) if name == "big" else (),
                licence="Apache-2.0",
                precision="int8",
                voices=2,
                size_bytes=2_300_000_000 if name == "big" else 20_000_000,
                size_is_about=name == "big",
                done_bytes=10 if state == "downloading" else None,
            )
            for name, state in self.states.items()
        ]

    def start(self, name: str, hub: str | None = None) -> None:
        self._ask("start", name)
        self.hub = hub
        self.states[name] = "downloading"

    def cancel(self, name: str) -> None:
        self._ask("cancel", name)
        self.states[name] = "available"

    def use(self, name: str) -> None:
        self._ask("use", name)
        if "loading" in self.states.values():
            raise Conflict("Another is being loaded.")
        self.states[name] = "loading"

    def finish(self) -> None:
        """Let what is being loaded speak."""
        after = {"in-use": "installed", "loading": "in-use"}
        self.states = {name: after.get(s, s) for name, s in self.states.items()}

    def _ask(self, what: str, name: str) -> None:
        if name not in self.states:
            raise UnknownModel(f"There is no {name}.")
        self.asked.append(f"{what} {name}")
