"""The training loop: phases, learning rate, checkpoints, and going on after a stop."""

from __future__ import annotations

import json
import os
import signal

import pytest

torch = pytest.importorskip("torch", reason="needs PyTorch")

from models.starter.settings import Phase  # noqa: E402
from models.starter.training import loop  # noqa: E402
from models.starter.training.loop import Checkpoint, Task, Training, scale  # noqa: E402

PHASES = (Phase("first", 150, 1e-2), Phase("second", 150, 1e-2, falls=True))


class Line(Task):
    """Learns a line; remembers what it was asked for."""

    averaged_after = 20

    def __init__(self, stop_at=None):
        super().__init__(bf16=False)
        torch.manual_seed(0)
        self.network = torch.nn.Linear(3, 1)
        self.seen, self._stop_at = [], stop_at

    def batch(self, rng, phase):
        self.seen.append(phase.objective)
        if len(self.seen) == self._stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        x = torch.from_numpy(rng.standard_normal((8, 3)).astype("float32"))
        return x, x.sum(1, keepdim=True)

    def losses(self, batch, phase):
        del phase
        x, y = batch
        return {"loss": (self.network(x) - y).square().mean()}


def test_phases_follow_each_other_and_the_network_learns(tmp_path):
    task = Line()
    Training(task, PHASES, tmp_path, "line").run()
    assert task.seen == ["first"] * 150 + ["second"] * 150
    curve = [*map(json.loads, Checkpoint(tmp_path, "line").curve.open())]
    assert [line["step"] for line in curve] == [*range(50, 301, 50)]
    assert curve[-1]["loss"] < curve[0]["loss"] / 10


def test_the_learning_rate_rises_and_falls():
    steady, falling = PHASES
    assert scale(steady, 0) == 1 / loop.WARM_UP
    assert scale(steady, 149) == 1
    assert scale(falling, 149) == pytest.approx(loop.LEAST_RATE)


def test_a_stopped_run_resumes_from_its_checkpoint(tmp_path):
    with pytest.raises(SystemExit, match="stopped after 120 steps"):
        Training(Line(stop_at=120), PHASES, tmp_path, "line").run()
    task = Line()
    Training(task, PHASES, tmp_path, "line").run()
    assert task.seen == ["first"] * 30 + ["second"] * 150
    found = Checkpoint(tmp_path, "line").read()
    assert found["step"] == 300
    assert len(found["optimizer"]["state"]) == 2


def test_a_finished_stage_does_nothing(tmp_path):
    Training(Line(), PHASES, tmp_path, "line").run()
    before = Checkpoint(tmp_path, "line").path.read_bytes()
    task = Line()
    Training(task, PHASES, tmp_path, "line").run()
    assert not task.seen
    assert Checkpoint(tmp_path, "line").path.read_bytes() == before


def test_a_checkpoint_is_whole_when_writing_it_fails(tmp_path, monkeypatch):
    checkpoint = Checkpoint(tmp_path, "line")
    checkpoint.write({"step": 1})

    def fail(_content, path):
        path.write_bytes(b"half")
        raise OSError

    monkeypatch.setattr(torch, "save", fail)
    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        checkpoint.write({"step": 2})
    assert checkpoint.read() == {"step": 1}


def test_released_weights_are_the_averages(tmp_path):
    Training(Line(), PHASES, tmp_path, "line").run()
    found = Checkpoint(tmp_path, "line").read()
    weights = Checkpoint(tmp_path, "line").weights()
    assert weights.keys() == found["network"].keys()
    for name, value in weights.items():
        assert torch.equal(value, found["average"][f"module.{name}"])
        assert not torch.equal(value, found["network"][name])
