"""A hub with a tiny release."""

from tests.support.hub_fixtures import hub, release_files, tiny_pack

__all__ = ["hub", "release_files", "tiny_pack"]
