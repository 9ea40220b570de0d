"""The YAML of a release, and the networks of its checkpoints."""

from __future__ import annotations

import contextlib
import re

import numpy as np
import pytest

from models.random import layout
from models.random.configuration import configuration
from models.random.torch_file import Tensor, write_torch_file
from tests.unit.release_files import DATA
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import MAX_BYTES, Section
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.convert.release.read_sizes import read_sizes
from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnsafeCheckpoint,
)


class TestConfiguration:
    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("<a>", 6),
            ("<a> * 2", 12),
            ("<a>*<b>", 24),
            ("<a> // <b>", 1),
            ("<a> / 2", 3),
            ("<a> + 1", 7),
            ("<a> - <b>", 2),
            ("<inner[c]>", 5),
            ("<inner[chain]>", 6),
        ],
    )
    def test_references(self, read_yaml, expression, value):
        section = read_yaml(
            f"a: 6\nb: 4\ninner:\n  c: 5\n  chain: !ref <a>\nx: !ref {expression}\n"
        )
        assert section.size("x") == value

    @pytest.mark.parametrize(
        "expression",
        [
            "<x>",
            "<y>",
            "<a> / 0",
            "<a> ** 9",
            "<a> * <text>",
            "__import__('os')",
            "<a>.__class__",
            "<a> * 1e99",
            "<a> * 1.2.3",
            "<a> * " + "9" * 400,
            "<a> / 0." + "0" * 320 + "1",
            "<a> // 0." + "0" * 320 + "1",
            "",
            "<inner[gone]>",
            "<a[b]>",
        ],
    )
    def test_bad_references(self, read_yaml, expression):
        section = read_yaml(
            f"a: 6\ntext: words\ninner: {{}}\ny: !ref <x>\nx: !ref {expression}\n"
        )
        with pytest.raises(MalformedCheckpoint):
            section.size("x")

    def test_tags_of_training_are_neither_obeyed_nor_refused(self, read_yaml):
        section = read_yaml(
            "seed: !apply:os.system ['exit 1']\n"
            "open: !name:builtins.open\n  file: x\n"
            "copy: !copy <seed>\n"
            "tuple: !tuple (1, 2)\n"
            "module: !new:no.such.module.Class\n"
            "width: 4\n"
        )
        assert section.size("width") == 4

    @pytest.mark.parametrize(
        "text",
        [
            "x: !!python/object/apply:os.system ['exit 1']",
            "x: !!python/name:os.system",
            "x: !!python/module:os",
        ],
    )
    def test_tags_of_python_are_refused(self, read_yaml, text):
        with pytest.raises(MalformedCheckpoint, match="not valid YAML"):
            read_yaml(text)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("a: &a [x]\nb: [*a, *a]\n", "aliases"),
            ("a: &a\n  <<: *a\n", "aliases"),
            ("a: " + "[" * 5000 + "]" * 5000, "deeper"),
            ("a: " + "{b: " * 5000 + "}" * 5000, "deeper"),
            ("a: 1\na: 2\n", "key twice"),
            ("a: " + "9" * 10_000, "not valid YAML"),
            ("a: 2020-99-99", "not valid YAML"),
            ("a: [1", "in line"),
            ("\ta: 1", "in line"),
            ("", "not a mapping"),
            ("- 1", "not a mapping"),
            ("? [1]\n: 2", "not valid YAML"),
        ],
    )
    def test_malformed(self, read_yaml, text, reason):
        with pytest.raises(MalformedCheckpoint, match=reason):
            read_yaml(text)

    @pytest.mark.parametrize(
        "value",
        [
            *('!!int ""', "!!int x", "!!int 1.2.3", "!!int [1]", "!!int 0b", "!!int +"),
            *('!!float ""', "!!float 1.2.3", "!!float {}", "!!float 1:x"),
            *("!!bool maybe", '!!bool ""', "!!bool [1]", "!!null [1]"),
            *(
                "!!timestamp x",
                '!!timestamp ""',
                "!!timestamp 2020-13-40",
                "2020-02-30",
            ),
            *("!!binary é", "!!binary [1]", "!!set x", "!!omap x", "!!pairs [1]"),
            *("!!seq x", "!!map x", "!!str [1]", "!!merge x", "!!value x"),
            *(
                "{[a]: 1}",
                "{{a: 1}: 1}",
                "{!x [a]: 1}",
                "{!x {a: b}: 1}",
                "{? [a] : 1}",
            ),
            *("9" * 5_000, "-" + "9" * 5_000, "1e" + "9" * 5_000, "0x" + "f" * 50_000),
            *("9_" * 5_000 + "9", "1:" * 3_000 + "1", "1:" * 3_000 + "1.5", ".inf"),
            *(
                ".nan",
                "-.inf",
                "1.2.3",
                "!!python/none",
                "!!x y",
                "!x",
                "!x y",
                "!<> y",
            ),
            *("{<<: x}", "{<<: [x]}", "{<<: [[x]]}", "0b2", "08", "0o9", "1__0", "\\x"),
            *('"\\ud800"', '"\\U00110000"', "'\\0'", "%YAML", "--- x", "@", "`", "*a"),
        ],
        ids=lambda value: value[:20],
    )
    @pytest.mark.parametrize("name", ["sample_rate", "seed", "llm", "text_tokenizer"])
    def test_odd_values_are_read_or_refused_with_a_reason(self, tmp_path, name, value):
        text = configuration(layout.TINY)
        text = re.sub(rf"^{name}: .*$", "", text, flags=re.MULTILINE)
        path = tmp_path / "cosyvoice.yaml"
        path.write_text(f"{name}: {value}\n{text}", encoding="utf-8")
        with contextlib.suppress(CheckpointError):
            configured = Section.read(path)
            read_sizes(configured)
            configured.text(name)

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ('!!int ""', r"in line 1: '' is not a value of the kind int\."),
            ("!!timestamp x", r"in line 1: 'x' is not a value of the kind timestamp\."),
            (
                "[1, !!float 1.2.3]",
                r"in line 1: '1.2.3' is not a value of the kind float",
            ),
            ("9" * 5_000, r"in line 1: '9{39} is not a value of the kind int"),
        ],
    )
    def test_an_odd_value_is_named_with_its_line(self, read_yaml, value, reason):
        with pytest.raises(MalformedCheckpoint, match=reason):
            read_yaml(f"x: {value}")

    def test_too_large(self, read_yaml):
        with pytest.raises(UnsafeCheckpoint, match="larger"):
            read_yaml("#" * (MAX_BYTES + 1))

    def test_not_utf8(self, tmp_path):
        (tmp_path / "x.yaml").write_bytes(b"a: \xff\xfe")
        with pytest.raises(MalformedCheckpoint):
            Section.read(tmp_path / "x.yaml")


class TestNetwork:
    def open(self, path, **tensors):
        tree = {
            name.replace("__", "."): Tensor(array.shape, lambda array=array: array)
            for name, array in tensors.items()
        }
        write_torch_file(path, tree)
        return Checkpoint.open(path)

    def test_take_checks_the_shape(self, tmp_path):
        with self.open(tmp_path / "x.pt", a=np.ones((2, 3), np.float32)) as checkpoint:
            network = Network(checkpoint)
            with pytest.raises(MalformedCheckpoint, match=r"\(2, 3\) where \(3, 2\)"):
                network.take("a", (3, 2))
            assert network.take("a", (2, 3)).shape == (2, 3)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_take_refuses_what_is_not_finite(self, tmp_path, value):
        array = np.array([1, value], np.float32)
        with self.open(tmp_path / "x.pt", a=array) as checkpoint:
            network = Network(checkpoint)
            with pytest.raises(MalformedCheckpoint, match="not finite"):
                network.take("a", (2,))

    def test_unused_names_what_was_never_taken(self, tmp_path):
        one = np.ones(1, np.float32)
        with self.open(tmp_path / "x.pt", a=one, b=one, c=one) as checkpoint:
            network = Network(checkpoint)
            network.take("b", (1,))
            assert network.unused() == ("a", "c")

    def test_missing(self, tmp_path):
        one = np.ones(1, np.float32)
        with self.open(tmp_path / "x.pt", a=one) as checkpoint:
            with pytest.raises(MalformedCheckpoint, match="lacks the tensor 'b'"):
                Network(checkpoint).take("b", (1,))
            with pytest.raises(MalformedCheckpoint, match=r"lacks .* 'b\.weight'"):
                Network(checkpoint).take("b.weight", (1,))

    def test_integers_are_not_weights(self):
        with (
            Checkpoint.open(DATA / "torch_tensors.pt") as checkpoint,
            pytest.raises(MalformedCheckpoint, match="integers"),
        ):
            Network(checkpoint).take("int64", (5,))

    @pytest.mark.parametrize(
        ("kind", "shape"), [("new", (3, 2, 2)), ("old", (2, 3, 2))]
    )
    def test_weight_norm_is_resolved_as_pytorch_does(self, kind, shape):
        with Checkpoint.open(DATA / "torch_state.pt") as checkpoint:
            network = Network(checkpoint)
            weight = network.take(f"{kind}.weight", shape)
            expected = checkpoint.read(f"effective.{kind}")
            assert not any(name.startswith(f"{kind}.w") for name in network.unused())
        np.testing.assert_allclose(weight, expected, rtol=1e-6)

    def test_weight_norm_of_zeros_is_refused(self, tmp_path):
        parts = {
            "a__weight_g": np.ones((2, 1, 1), np.float32),
            "a__weight_v": np.zeros((2, 3, 1), np.float32),
        }
        with (
            self.open(tmp_path / "x.pt", **parts) as checkpoint,
            pytest.raises(MalformedCheckpoint, match="without direction"),
        ):
            Network(checkpoint).take("a.weight", (2, 3, 1))

    def test_prefix_is_removed(self, tmp_path):
        one = np.ones(1, np.float32)
        with self.open(tmp_path / "x.pt", generator__a=one, b=one) as checkpoint:
            network = Network(checkpoint, prefix="generator.")
            assert network.take("a", (1,)) == 1
            assert network.take("b", (1,)) == 1

    @pytest.mark.parametrize("prefix", ["", "generator."])
    def test_names_of_training_on_several_devices_are_read(self, tmp_path, prefix):
        weight = Tensor((2,), lambda: np.ones(2, np.float32))
        tree = {f"module.{prefix}a": weight, f"module.{prefix}b": weight}
        write_torch_file(tmp_path / "x.pt", tree)
        with Checkpoint.open(tmp_path / "x.pt") as checkpoint:
            network = Network(checkpoint, prefix="generator.")
            assert network.take("a", (2,)).tolist() == [1, 1]
            assert network.unused() == (f"module.{prefix}b",)

    @pytest.mark.parametrize(
        "tree",
        [
            lambda state: {"state_dict": state, "epoch": 1},
            lambda state: {"model": state, "optimizer": {"momentum": state}},
            lambda state: {"generator": state, "step": 3},
            lambda state: {"ema": {"state_dict": {"module": state}}},
        ],
    )
    def test_a_network_in_a_dict_of_training_is_read(self, tmp_path, tree):
        state = {"a": Tensor((2,), lambda: np.ones(2, np.float32))}
        write_torch_file(tmp_path / "x.pt", tree(state))
        with Checkpoint.open(tmp_path / "x.pt") as checkpoint:
            assert Network(checkpoint).take("a", (2,)).tolist() == [1, 1]

    def test_several_networks_get_a_hint(self, tmp_path):
        state = {"a": Tensor((2,), lambda: np.ones(2, np.float32))}
        write_torch_file(tmp_path / "x.pt", {"g": state, "d": state})
        with (
            Checkpoint.open(tmp_path / "x.pt") as checkpoint,
            pytest.raises(MalformedCheckpoint, match=r"torch\.save\(model\.state_dict"),
        ):
            Network(checkpoint).take("a", (2,))

    def test_a_name_with_and_without_prefix_is_refused(self, tmp_path):
        one = np.ones(1, np.float32)
        with (
            self.open(tmp_path / "x.pt", generator__a=one, a=one) as checkpoint,
            pytest.raises(MalformedCheckpoint, match="with and without"),
        ):
            Network(checkpoint, prefix="generator.")
