"""Stage 4c: weights between those of the flow before and after stage 4b.

    python models/starter/train/blend.py before.pt --share 0.6

What listening to a recogniser brings in words it costs in sound. Between the two there
is more of both than at either end, as the weights did not go far. The state that is
written over is that after 4b; its optimizer is left behind.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from data import Run
from export import read_state


def main() -> None:
    """Read the options and write the state."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("before", type=Path, help="a copy of the state before 4b")
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--share", type=float, default=0.6, help="of what came after")
    options = parser.parse_args()
    run = Run(options.state / "state", "flow")
    found = run.load() or sys.exit(f"{run.path} is not there: train the flow first.")
    first = read_state(options.before.parent, options.before.stem)
    second = read_state(run.path.parent, run.path.stem)
    # Whole numbers, such as counters, are the same in both.
    network = {
        name: first[name].lerp(value, options.share)
        if value.is_floating_point()
        else value
        for name, value in second.items()
    }
    state = {"network": network, "step": found["step"], "ranges": found["ranges"]}
    run.save_now_and_then(lambda: state, force=True)
    print(f"Wrote {run.path}.")


if __name__ == "__main__":
    main()
