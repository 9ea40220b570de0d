"""Official releases from a hub -> model packs. Nothing else connects to anywhere.

``catalogue`` knows the releases, ``sources`` asks a hub which files they have,
``transport`` opens connections, ``download`` brings one file and checks it, ``pins``
remembers what a release was made of, and ``ensure`` joins all that to a pack;
``downloads`` does it in a thread, for a page that shows how far it is:

    pack = ensure("cosyvoice-300m-sft", data_dir, progress=print)

It blocks for minutes and belongs into a thread of its own.
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
