"""Compare these networks with what the original implementation computed.

    python -m models.starter.networks.check tests/reference/cosyvoice-tiny

The folder has a checkpoint in the official layout and ``reference.npz`` with the
outputs of the original networks. Loading is strict, so the names and shapes are checked
too. The product's ONNX graphs are compared with the same file by its tests: three
implementations that agree.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import Tensor

from models.starter.networks.flow import Flow
from models.starter.networks.language_model import LanguageModel
from models.starter.networks.sizes import FlowSizes, LmSizes, VocoderSizes
from models.starter.networks.tables import load_official, official_state
from models.starter.networks.vocoder import Vocoder

TOLERANCE = 1e-3


def read_yaml(path: Path) -> dict:
    """Read the configuration, tags ignored and references resolved."""

    class Loader(yaml.SafeLoader):
        pass

    roots: dict[str, object] = {}

    def construct(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> object:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        return node.value

    Loader.add_multi_constructor("!", construct)
    found = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    roots.update({k: v for k, v in found.items() if not isinstance(v, dict)})

    def resolve(value: object) -> object:
        if isinstance(value, dict):
            return {k: resolve(v) for k, v in value.items()}
        if isinstance(value, str) and value.startswith("<"):
            return roots[value[1:-1]]
        return value

    return resolve(found)  # type: ignore[return-value]


def lm_sizes(config: dict) -> LmSizes:
    """Return the sizes of what is configured under ``llm``."""
    text, llm = config["text_encoder"], config["llm"]
    return LmSizes(
        config["text_token_size"], config["speech_token_size"], config["spk_embed_dim"],
        text["input_size"], text["output_size"], text["attention_heads"],
        text["linear_units"], text["num_blocks"], llm["output_size"],
        llm["attention_heads"], llm["linear_units"], llm["num_blocks"],
    )  # fmt: skip


def flow_sizes(config: dict) -> FlowSizes:
    """Return the sizes of what is configured under ``flow``."""
    encoder, estimator = config["encoder"], config["decoder"]["estimator"]
    return FlowSizes(
        config["vocab_size"], config["spk_embed_dim"], config["output_size"],
        encoder["output_size"], encoder["attention_heads"], encoder["linear_units"],
        encoder["num_blocks"], len(config["length_regulator"]["sampling_ratios"]),
        tuple(estimator["channels"]), estimator["n_blocks"],
        estimator["num_mid_blocks"], estimator["num_heads"],
        estimator["attention_head_dim"],
    )  # fmt: skip


class Comparison:
    """Collects the largest differences."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self._arrays = arrays
        self.worst = 0.0

    def get(self, name: str) -> Tensor:
        """Return a reference array."""
        return torch.from_numpy(self._arrays[name])

    def compare(self, name: str, made: Tensor) -> None:
        """Compare an output with the reference of that name."""
        difference = float((made - self.get(name)).abs().max())
        self.worst = max(self.worst, difference)
        print(f"{name:24} {difference:.2e}")


def check_lm(at: Comparison, config: dict, state: dict[str, Tensor]) -> None:
    """Compare the text encoder and the forced speech LM, with and without a prompt."""
    network = LanguageModel(lm_sizes(config)).eval()
    renamed = dict(state)
    renamed["llm_decoder.output.weight"] = renamed.pop("llm_decoder.weight")
    load_official(network, renamed)
    _same_names(network, state)
    for mode in ("sft", "zero_shot"):
        names = ("prompt_text", "text", "prompt_speech", "forced", "embedding")
        before, text_ids, prompt, forced, voice = (
            at.get(f"lm.{mode}.{n}") for n in names
        )
        encoded = network.encode_text(torch.cat([before, text_ids], 1).long())
        at.compare(f"lm.{mode}.text_encoded", encoded)
        speech = network.speech_embedding(torch.cat([prompt, forced], 1).long())
        hidden, _ = network(torch.cat([network.prefix(voice, encoded), speech], 1))
        logits = network.llm_decoder(hidden[0, -forced.shape[1] - 1 :])
        at.compare(f"lm.{mode}.logp", logits.log_softmax(-1))


def check_flow(at: Comparison, config: dict, state: dict[str, Tensor]) -> None:
    """Compare mean mel, speaker, one velocity and the mel after ten steps."""
    network = Flow(flow_sizes(config)).eval()
    load_official(network, state)
    _same_names(network, state)
    for mode in ("sft", "short"):
        names = ("token", "embedding", "noise", "cond", "mu")
        said, voice, noise, cond, mu = (at.get(f"flow.{mode}.{n}") for n in names)
        made = network.mean(said.long(), mu.shape[2], head_and_tail=20)
        at.compare(f"flow.{mode}.mu", made)
        speaker = network.voice(voice)
        at.compare(f"flow.{mode}.spks", speaker)
        rows = [torch.cat([x, torch.zeros_like(x)]) for x in (made, speaker, cond)]
        time = torch.full((2,), 0.3)
        velocity = network.decoder.estimator(
            torch.cat([noise, noise]), rows[0], time, rows[1], rows[2]
        )
        at.compare(f"flow.{mode}.velocity_t0.3", velocity)
        at.compare(f"flow.{mode}.mel", network.generate(made, speaker, noise, cond))


def check_hift(at: Comparison, config: dict, state: dict[str, Tensor]) -> None:
    """Compare pitch, source and samples."""
    pairs = zip(
        ("resblock_dilation_sizes", "source_resblock_dilation_sizes"),
        (0, 1),
        strict=True,
    )
    dilations = [tuple(map(tuple, config[name])) for name, _ in pairs]
    sizes = VocoderSizes(
        config["in_channels"], config["base_channels"], config["nb_harmonics"],
        config["sampling_rate"], config["nsf_alpha"], config["nsf_sigma"],
        config["nsf_voiced_threshold"], tuple(config["upsample_rates"]),
        tuple(config["upsample_kernel_sizes"]), config["istft_params"]["n_fft"],
        config["istft_params"]["hop_len"], tuple(config["resblock_kernel_sizes"]),
        dilations[0], tuple(config["source_resblock_kernel_sizes"]), dilations[1],
        config["lrelu_slope"], config["audio_limit"],
        config["f0_predictor"]["cond_channels"],
    )  # fmt: skip
    network = Vocoder(sizes).eval()
    network.load_state_dict({k.removeprefix("generator."): v for k, v in state.items()})
    names = ("mel", "f0", "phase", "sine_noise", "source")
    mel, f0, phase, noise, source = (at.get(f"hift.whole.{n}") for n in names)
    at.compare("hift.whole.f0", network.predict_pitch(mel))
    at.compare("hift.whole.source", network.excite(f0, phase, noise))
    at.compare("hift.whole.wav", network.decode(mel, source))


def _same_names(network: torch.nn.Module, state: dict[str, Tensor]) -> None:
    made = {k: tuple(v.shape) for k, v in official_state(network).items()}
    wanted = {k: tuple(v.shape) for k, v in state.items()}
    if made != wanted:
        raise SystemExit(f"names or shapes differ: {made.items() ^ wanted.items()}")


def main() -> None:
    """Check all three networks; exit code 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    checkpoint = options.folder / "checkpoint"
    config = read_yaml(checkpoint / "cosyvoice.yaml")
    at = Comparison(dict(np.load(options.folder / "reference.npz")))
    with torch.no_grad():
        for name, check in (
            ("llm", check_lm),
            ("flow", check_flow),
            ("hift", check_hift),
        ):
            state = torch.load(checkpoint / f"{name}.pt", weights_only=True)
            check(at, config[name], state)
    print(f"largest difference {at.worst:.1e}, allowed {TOLERANCE:.0e}")
    if at.worst > TOLERANCE:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
