"""``wyoming-cosyvoice`` and ``python -m wyoming_cosyvoice``."""

from __future__ import annotations

import sys

from wyoming_cosyvoice.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
