"""The expected speed of models that have not spoken on this machine yet.

It is an estimate: the measured real-time factor of a model that has spoken, times the
ratio of their work. docs/speed.md says how the ratios were measured.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.machine.cpu import read_cpu, usable_cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.machine.cpu import Cores, Cpu

_STARTER = "starter"
_WORK = {"cosyvoice": 50.0, "cosyvoice2": 43.0, "cosyvoice3": 72.0}
"""Family -> computing time in int8, as a multiple of the starter's, on one thread of
a CPU without int8 dot products."""

_DOT_PRODUCTS_SAVE = 0.6
"""The same multiple with dot products, which large networks gain more from."""

_TWO_THREADS_SAVE = 0.75
"""Large networks on two threads; the starter is fastest on one."""


class Machine:
    """The features of a CPU that change how much slower large models are."""

    def __init__(self, cpu: Cpu | None = None, cores: Cores | None = None) -> None:
        cpu, cores = cpu or read_cpu(), cores or usable_cores()
        self._large = _DOT_PRODUCTS_SAVE if cpu.has_dot_products else 1.0
        if min(cores.physical, cores.share) >= 2:  # noqa: PLR2004 - two threads
            self._large *= _TWO_THREADS_SAVE

    def add_expected(self, rows: Sequence[dict[str, Any]]) -> None:
        """Add ``expected_real_time_factor`` to the models that were not measured."""
        measured = (row for row in rows if row.get("real_time_factor"))
        known = next((row for row in measured if self._work(row)), None)
        if known is None:
            return
        unit = known["real_time_factor"] / self._work(known)
        for row in rows:
            if "real_time_factor" not in row and (work := self._work(row)):
                row["expected_real_time_factor"] = float(f"{unit * work:.2g}")

    def _work(self, row: dict[str, Any]) -> float:
        """Return the work for a second of speech; 0 if it is not known."""
        if row["name"] == _STARTER:
            return 1.0
        if row["precision"] not in {"", "int8"}:  # a release becomes int8
            return 0.0
        return _WORK.get(row["family"], 0.0) * self._large


@cache
def this_machine() -> Machine:
    """Return this machine, whose files are read once."""
    return Machine()
