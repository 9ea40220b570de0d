"""Progress of a stage: the share done, the rate and the time left."""

from __future__ import annotations

import time


class Progress:
    """Prints a line from time to time: done, wanted, rate and time left."""

    def __init__(self, stage: str, unit: str, every_s: float = 30.0) -> None:
        self._stage, self._unit, self._every_s = stage, unit, every_s
        self._first = self._wanted = 0.0
        self._started = self._shown = time.monotonic()
        self._cpu_s = time.process_time()

    def begin(self, done: float, wanted: float) -> None:
        """Print where the stage is when it is started or resumed."""
        self._first, self._wanted = done, wanted
        self._started = self._shown = time.monotonic()
        self._cpu_s = time.process_time()
        note = "resumes" if done else "begins"
        if done >= wanted:
            note = "is done"
        print(f"{self._stage} {note}: {self._share(done)}", flush=True)

    def show(self, done: float, note: str = "") -> None:
        """Print where the stage is, if the last line is long enough ago."""
        now = time.monotonic()
        if done < self._wanted and now - self._shown < self._every_s:
            return
        self._shown = now
        gained = done - self._first
        wall_s = now - self._started
        cpu_s = time.process_time() - self._cpu_s
        left_s = wall_s / gained * max(0.0, self._wanted - done) if gained else 0.0
        print(
            f"{self._stage}: {self._share(done)}{note}, {cpu_s:,.0f} CPU s, "
            f"{duration(left_s)} left",
            flush=True,
        )

    def _share(self, done: float) -> str:
        return f"{done:,.5g} of {self._wanted:,g} {self._unit}"


def duration(seconds: float) -> str:
    """Write seconds as people read them."""
    minutes = round(seconds / 60)
    return (
        f"{minutes // 60} h {minutes % 60:02} min"
        if minutes >= 60
        else f"{minutes} min"
    )
