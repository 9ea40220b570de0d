"""Stage 4c: weights between those of the flow before and after stage 4b.

    python models/starter/train/blend.py before.pt ~/starter/state/flow.pt --share 0.6

What listening to a recogniser brings in words it costs in sound. Between the two there
is more of both than at either end, as the weights did not go far. The state that is
written over is that after 4b; its optimizer is left behind.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import torch
from export import read_state


def main() -> None:
    """Read the options and write the state."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("before", type=Path, help="the state before, which is kept")
    parser.add_argument("after", type=Path, help="the state after, written over")
    parser.add_argument("--share", type=float, default=0.6, help="of what came after")
    options = parser.parse_args()
    first, second = (
        read_state(path.parent, path.stem) for path in (options.before, options.after)
    )
    # Whole numbers, such as counters, are the same in both.
    network = {
        name: first[name].lerp(value, options.share)
        if value.is_floating_point()
        else value
        for name, value in second.items()
    }
    found = torch.load(options.after, map_location="cpu", weights_only=False)
    kept = {name: found[name] for name in ("step", "ranges", "cpu_s")}
    part = options.after.with_suffix(".part")
    torch.save({"network": network, **kept}, part)
    part.replace(options.after)
    print(f"Wrote {options.after}.")


if __name__ == "__main__":
    main()
