"""The hub and its releases, as the tests of fetching have them."""

from tests.support.hub_fixtures import hub, release_files, tiny_pack

__all__ = ["hub", "release_files", "tiny_pack"]
