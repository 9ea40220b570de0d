"""The number of threads follows the size of the pack and the machine."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.machine.cpu import Cores, count_cores, usable_cores
from wyoming_cosyvoice.model.threads import (
    SMALL_PACK_BYTES,
    choose_threads,
    threads_for,
)
from wyoming_cosyvoice.pack.pack import read_manifest

LARGE = 10 * SMALL_PACK_BYTES


@pytest.mark.parametrize("cores", [1, 2, 64])
def test_the_starter_computes_on_one_core_of_any_machine(cores):
    size = sum(file.size for file in read_manifest(STARTER_DIR).files)
    assert threads_for(size, Cores(cores, float(cores))).count == 1


@pytest.mark.parametrize(
    ("physical", "share", "expected"),
    [
        (1, 1.0, 1),
        (1, 2.0, 1),  # two hyper-threads of one core
        (2, 2.0, 2),
        (2, 4.0, 2),
        (8, 16.0, 4),
        (8, 1.5, 1),  # a container's quota
        (8, 2.0, 2),
        (8, 0.1, 1),
        (8, 6.0, 4),
    ],
)
def test_a_large_pack_takes_the_cores_that_are_free(physical, share, expected):
    assert threads_for(LARGE, Cores(physical, share)).count == expected


def test_what_the_user_set_wins():
    threads = choose_threads(read_manifest(STARTER_DIR), 3)
    assert (threads.count, threads.reason) == (3, "as set")


def test_hyper_threads_of_one_core_count_once(tmp_path):
    for cpu, siblings in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        folder = tmp_path / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(f"{siblings}\n")
    assert count_cores({0, 1, 2, 3}, tmp_path) == 2
    assert count_cores({0, 2}, tmp_path) == 1
    # Two more whose place is unknown.
    assert count_cores({0, 7, 8}, tmp_path) == 3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("max 100000", 8.0),
        ("150000 100000", 1.5),
        ("1600000 100000", 8.0),
        ("nonsense", 8.0),
    ],
)
def test_a_containers_quota_counts(monkeypatch, tmp_path, content, expected):
    quota = tmp_path / "cpu.max"
    quota.write_text(content)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))
    assert usable_cores(tmp_path, quota) == Cores(8, expected)
