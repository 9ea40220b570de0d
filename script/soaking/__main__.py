"""The soak: clients for minutes, then the figures and a verdict."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import aiohttp

from soaking.clients import BusyAnswer, Clients, Watch, WrongAnswer
from soaking.server import Server, State, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_GROWTH_MB = 96
"""Arenas keep what they got in a busy moment, and grow by doubling; leaks continue."""

MOST_THREADS = 2
"""More than after the warm-up: pools grow to the number of clients."""

QUIET_S = 30
"""In which an idle server has freed everything."""

SAMPLE_S = 0.25
MEMORY_SAMPLES = 10

WARM_UP = 0.2
"""Of the time, before it."""

IDLE_SHARE = 0.1
"""A server that used less of a stall than this did nothing in it."""
SUSPICIOUS_S = 10.0


class Soak:
    """What clients have seen, and what the server used meanwhile."""

    def __init__(self, server: Server, clients: Clients, rng: random.Random) -> None:
        self._server, self._clients, self._rng = server, clients, rng
        self.watches: dict[str, list[Watch]] = defaultdict(list)
        self.busy: Counter[str] = Counter()
        self.failures: list[str] = []
        self.stalls: list[str] = []
        self.hangs: list[str] = []
        self._usage: list[tuple[float, Usage, int]] = []
        self.memory_mb: list[float] = []
        self._open = 0

    async def run(self, seconds: float, clients: int) -> None:
        """Send clients until the time is over, and wait for the last ones."""
        until = time.monotonic() + seconds
        sampling = asyncio.create_task(self._sample(seconds / MEMORY_SAMPLES))
        await asyncio.gather(
            *(self._one_after_the_other(until) for _ in range(clients))
        )
        sampling.cancel()

    async def warm_up(self, seconds: float, clients: int) -> None:
        """Do all that will be done, so that what is kept for good is there."""
        self._usage.append((time.monotonic(), self._server.usage(), 0))
        await self._clients.speak_all()
        for kind in self._clients.kinds():
            await self._send(kind)
        await self.run(seconds, clients)
        for figures in (self.watches, self.busy, self.memory_mb, self.stalls):
            figures.clear()

    async def quiet(self) -> State:
        """Wait until the server has nothing to do; return what it holds then."""
        async with asyncio.timeout(QUIET_S):
            # Another program's, so there is no event to wait for.
            while await self._clients.open_requests():  # noqa: ASYNC110
                await asyncio.sleep(SAMPLE_S)
        await asyncio.sleep(2)
        return self._server.state()

    async def _one_after_the_other(self, until: float) -> None:
        kinds = self._clients.kinds()
        weights = [weight for weight, _ in kinds.values()]
        while time.monotonic() < until and not self._server.has_ended:
            (kind,) = self._rng.choices([*kinds], weights)
            await self._send(kind)
            await asyncio.sleep(self._rng.choice([0, 0, 0.1, 0.5]))

    async def _send(self, kind: str) -> None:
        watch = Watch()
        self._open += 1
        try:
            await self._clients.kinds()[kind][1](watch)
        except BusyAnswer:
            self.busy[kind] += 1
        except TimeoutError:
            self.hangs.append(f"{kind} after {time.monotonic() - watch.began:.0f} s")
        except (WrongAnswer, OSError, aiohttp.ClientError) as error:
            self.failures.append(f"{kind}: {type(error).__name__}: {error}")
        else:
            self.watches[kind].append(watch)
            self._explain(kind, watch)
        finally:
            self._open -= 1

    async def _sample(self, every_s: float) -> None:
        begin = time.monotonic()
        while True:
            with contextlib.suppress(OSError):
                now, usage = time.monotonic(), self._server.usage()
                self._usage.append((now, usage, self._open))
                if now >= begin + len(self.memory_mb) * every_s:
                    self.memory_mb.append(self._server.state().memory_mb)
            await asyncio.sleep(SAMPLE_S)

    def _explain(self, kind: str, watch: Watch) -> None:
        """Say of a long wait what the server did, and whether that was nothing."""
        if watch.stall_s < SUSPICIOUS_S:
            return
        self._usage.append((time.monotonic(), self._server.usage(), self._open))
        samples = list(self._usage)
        end = watch.stalled_at + watch.stall_s
        # From the last sample before the wait to the first one after it.
        first = max(i for i, (at, *_) in enumerate(samples) if at <= watch.stalled_at)
        last = min(i for i, (at, *_) in enumerate(samples) if at >= end)
        used = samples[last][1].since(samples[first][1])
        busiest = max(clients for _, _, clients in samples[first : last + 1])
        self.stalls.append(
            f"{kind} waited {watch.stall_s:.1f} s; the server computed "
            f"{used.computing_s:.1f} s and waited {used.waiting_s:.1f} s for a "
            f"processor, with {busiest} clients"
        )
        if used.computing_s + used.waiting_s < IDLE_SHARE * watch.stall_s:
            self.hangs.append(
                f"{kind}: the server did nothing for {watch.stall_s:.1f} s"
            )


def percentiles(values: Sequence[float]) -> str:
    """Return median, nineteen of twenty, and the worst, in seconds."""
    ordered = sorted(values)
    most = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{statistics.median(ordered):8.3f}{most:8.3f}{ordered[-1]:8.3f}"


def report(soak: Soak, seconds: float) -> None:
    """Print how long clients have waited."""
    print(f"\n{'':20}{'':>6}{'':>6}   first answer (s)          longest wait (s)")
    worst = f"{'median':>8}{'95 %':>8}{'worst':>8}"
    print(f"{'client':20}{'ok':>6}{'busy':>6} {worst}  {worst}")
    for kind in sorted({*soak.watches, *soak.busy}):
        watches = soak.watches[kind]
        answered = [watch for watch in watches if watch.first_s is not None]
        line = f"{kind:20}{len(watches):6}{soak.busy[kind]:6} "
        if answered:
            line += percentiles([watch.first_s or 0.0 for watch in answered])
            line += "  " + percentiles([watch.stall_s for watch in answered])
        print(line)
    done = sum(map(len, soak.watches.values()))
    print(f"{done} requests in {seconds:.0f} s")
    for line in soak.stalls:
        print(f"stall: {line}")


def troubles(soak: Soak, server: Server, before: State, after: State) -> list[str]:
    """Return all that is wrong."""
    found = [f"hang: {one}" for one in soak.hangs]
    found += [f"failed: {one}" for one in soak.failures]
    found += [f"log: {line}" for line in server.complaints]
    if after.memory_mb > before.memory_mb + MOST_GROWTH_MB:
        found.append(f"memory grew by {after.memory_mb - before.memory_mb:.0f} MB")
    if after.threads > before.threads + MOST_THREADS:
        found.append(f"{after.threads - before.threads} threads more")
    if (after.files, after.sockets) > (before.files, before.sockets):
        found.append("files or sockets were left open")
    return found


async def soak(args: argparse.Namespace, folder: str) -> list[str]:
    """Do all of it; return what is wrong."""
    rng = random.Random(args.seed)  # noqa: S311 - to be repeated, not to be secret
    words = ("--model", args.model, "--threads", str(args.threads))
    async with Server([*words, "--data-dir", folder]) as it:
        clients = Clients(it.wyoming_port, it.http_port, rng)
        await clients.learn_voices()
        watching = Soak(it, clients, rng)
        await watching.warm_up(args.minutes * 60 * WARM_UP, args.clients)
        before = await watching.quiet()
        began = time.monotonic()
        await watching.run(args.minutes * 60, args.clients)
        seconds = time.monotonic() - began
        if it.has_ended:
            return ["the server ended"]
        try:
            after = await watching.quiet()
        except TimeoutError:
            return [*watching.hangs, "requests were left open"]
        report(watching, seconds)
        print(f"before: {before}\nafter:  {after}")
        print("MB meanwhile:", *(f"{mb:.0f}" for mb in watching.memory_mb))
        try:
            code = await it.stop()
        except TimeoutError:
            return [*watching.hangs, "the server does not stop"]
        found = troubles(watching, it, before, after)
        return found if code == 0 else [*found, f"it ended with {code}"]


def main() -> int:
    """Run the soak."""
    parser = argparse.ArgumentParser("script/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--clients", type=int, default=4, help="at the same time")
    parser.add_argument("--model", default="starter")
    parser.add_argument("--threads", type=int, default=1, help="of the server")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logging.disable()
    # So that the server is ended as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(soak(args, folder))
    for line in found:
        print(f"soak: {line}")
    print("soak: " + ("something is wrong" if found else "all is well"))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
