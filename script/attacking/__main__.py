"""Attack a server of our own on this machine, and tell what was beyond the promises."""

from __future__ import annotations

import argparse
import asyncio
import sys

from attacking import floods


def main() -> int:
    """Run the attacks that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attack", choices=["floods"])
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--kinds", nargs="+", default=list(floods.KINDS))
    options = parser.parse_args()
    failures = asyncio.run(floods.attack(options.kinds, options.connections))
    for failure in failures:
        print("beyond the promise:", failure)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
