"""Download official releases and convert them to model packs.

This is the only package that opens outgoing connections. ``catalogue`` lists the
releases, ``sources`` queries a hub for their files, ``transport`` opens connections,
``download`` downloads and verifies one file, ``pins`` records the hashes of a release,
and ``ensure`` combines these to get a pack; ``downloads`` runs it in a thread and
reports progress for the page:

    pack = ensure("cosyvoice-300m-sft", data_dir, progress=print)

It blocks for minutes and should run in a separate thread.
"""

from wyoming_cosyvoice.fetch.catalogue import RELEASES, Release, find_release
from wyoming_cosyvoice.fetch.downloads import ReleaseDownloads
from wyoming_cosyvoice.fetch.install import ensure
from wyoming_cosyvoice.fetch.progress import Progress
from wyoming_cosyvoice.fetch.sources import choose_source

__all__ = [
    "RELEASES",
    "Progress",
    "Release",
    "ReleaseDownloads",
    "choose_source",
    "ensure",
    "find_release",
]
