"""What tests of several folders share: stand-ins, servers, clients, releases."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The repository."""
