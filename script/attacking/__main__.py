"""Attack a server of our own on this machine; report what exceeded the promises."""

from __future__ import annotations

import argparse
import asyncio
import sys

from attacking import files, floods, texts


def main() -> int:
    """Run the attack that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    attacks = parser.add_subparsers(dest="attack", required=True)
    flooding = attacks.add_parser("floods", help="one client that sends without end")
    flooding.add_argument("--connections", type=int, nargs="+", default=[1, 4, 16])
    flooding.add_argument("--kinds", nargs="+", default=list(floods.KINDS))
    attacks.add_parser("files", help="pipes, holes, links and junk in the data folder")
    reading = attacks.add_parser("texts", help="texts that cost time to read")
    reading.add_argument("--texts", type=int, default=400)
    reading.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.attack == "floods":
        failures = asyncio.run(floods.attack(options.kinds, options.connections))
    elif options.attack == "files":
        failures = asyncio.run(files.attack())
    else:
        failures = texts.report(options.texts, options.seed)
    for failure in failures:
        print("beyond the promise:", failure)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
