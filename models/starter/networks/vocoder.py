"""The vocoder network in the layout of the official ``hift.pt``.

HiFT (arXiv 2309.09493): a source of nine sines at the pitch, and noise; a generator
that upsamples the mel in stages, adds the source's spectrum at each, and predicts a
short-time spectrum; and a predictor of the pitch. The names of the modules are those of
the layout.

The sizes are free, and this project uses that: three stages of four instead of two of
eight, so that most weights work at a low rate, where a CPU is fastest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm

if TYPE_CHECKING:
    from models.starter.networks.sizes import VocoderSizes

_SNAKE_EPSILON = 1e-9
_MAGNITUDE_LIMIT = 100.0


class Snake(nn.Module):
    """x + sin(alpha x)^2 / alpha, written so that it takes one cosine."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C, T) -> (B, C, T)."""
        alpha = self.alpha[None, :, None]
        return x + (1 - torch.cos(2 * alpha * x)) / (2 * (alpha + _SNAKE_EPSILON))


class ResidualBlock(nn.Module):
    """Pairs of convolutions, the first of each dilated, around identity paths."""

    def __init__(self, channels: int, taps: int, dilations: tuple[int, ...]) -> None:
        super().__init__()

        def convolution(dilation: int, gain: float) -> nn.Module:
            padding = (taps - 1) * dilation // 2
            made = nn.Conv1d(channels, channels, taps, 1, padding, dilation)
            nn.init.normal_(made.weight, 0.0, gain / (channels * taps) ** 0.5)
            return weight_norm(made)

        self.convs1 = nn.ModuleList(convolution(d, 1.0) for d in dilations)
        self.convs2 = nn.ModuleList(convolution(1, 0.1) for _ in dilations)
        self.activations1 = nn.ModuleList(Snake(channels) for _ in dilations)
        self.activations2 = nn.ModuleList(Snake(channels) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C, T) -> (B, C, T)."""
        for act1, conv1, act2, conv2 in zip(
            self.activations1, self.convs1, self.activations2, self.convs2, strict=True
        ):
            x = x + conv2(act2(conv1(act1(x))))
        return x


class PitchPredictor(nn.Module):
    """Five convolutions over the mel, then the pitch in Hz, not negative."""

    def __init__(self, mel_bins: int, channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in (mel_bins, *[channels] * 4):
            layers += [weight_norm(nn.Conv1d(inputs, channels, 3, padding=1)), nn.ELU()]
        self.condnet = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, 1)

    def forward(self, mel: Tensor, mean: Tensor, spread: Tensor) -> Tensor:
        """Shapes: mel (B, M, T), mean and spread (M, 1) -> (B, T) in Hz."""
        x = self.condnet[1:](convolve_scaled(self.condnet[0], mel, mean, spread))
        return self.classifier(x.transpose(1, 2)).squeeze(-1).abs()


def convolve_scaled(
    layer: nn.Conv1d, x: Tensor, mean: Tensor, spread: Tensor
) -> Tensor:
    """Apply a convolution to (x - mean) / spread, the padding scaled as well.

    So the weights can take the scaling in, and leave the same function.
    """
    side = layer.kernel_size[0] // 2
    scaled = (functional.pad(x, (side, side)) - mean) / spread
    return functional.conv1d(scaled, layer.weight, layer.bias)


class SourceModule(nn.Module):
    """Mixes the harmonics into one excitation."""

    def __init__(self, harmonics: int) -> None:
        super().__init__()
        self.l_linear = nn.Linear(harmonics + 1, 1)

    def forward(self, sines: Tensor) -> Tensor:
        """Shapes: (B, H, S) -> (B, 1, S)."""
        return torch.tanh(self.l_linear(sines.transpose(1, 2))).transpose(1, 2)


class Vocoder(nn.Module):
    """The whole vocoder."""

    def __init__(self, sizes: VocoderSizes) -> None:
        super().__init__()
        self.sizes = sizes
        base, spectrum = sizes.base_channels, sizes.n_fft + 2
        self.m_source = SourceModule(sizes.harmonics)
        self.f0_predictor = PitchPredictor(sizes.mel_bins, sizes.f0_channels)
        self.conv_pre = weight_norm(nn.Conv1d(sizes.mel_bins, base, 7, 1, 3))
        self.ups = nn.ModuleList()
        self.source_downs = nn.ModuleList()
        self.source_resblocks = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for stage, (rate, taps) in enumerate(
            zip(sizes.upsample_rates, sizes.upsample_taps, strict=True)
        ):
            channels = base >> (stage + 1)
            up = nn.ConvTranspose1d(
                2 * channels, channels, taps, rate, (taps - rate) // 2
            )
            nn.init.normal_(up.weight, 0.0, (rate / (2 * channels * taps)) ** 0.5)
            self.ups.append(weight_norm(up))
            down = 1
            for later in sizes.upsample_rates[stage + 1 :]:
                down *= later
            self.source_downs.append(
                nn.Conv1d(spectrum, channels, 1)
                if down == 1
                else nn.Conv1d(spectrum, channels, 2 * down, down, down // 2)
            )
            self.source_resblocks.append(
                ResidualBlock(
                    channels, sizes.source_taps[stage], sizes.source_dilations[stage]
                )
            )
            for block, dilations in zip(
                sizes.block_taps, sizes.block_dilations, strict=True
            ):
                self.resblocks.append(ResidualBlock(channels, block, dilations))
        self.conv_post = weight_norm(nn.Conv1d(channels, spectrum, 7, 1, 3))
        nn.init.normal_(self.conv_post.parametrizations.weight.original1, 0.0, 0.01)
        self.register_buffer("window", torch.hann_window(sizes.n_fft), persistent=False)
        # Training sees the mel with mean 0 and deviation 1; the layout knows no such
        # thing, and ``fold_scale`` puts it into the weights.
        self.register_buffer("mean", torch.zeros(sizes.mel_bins, 1), persistent=False)
        self.register_buffer("spread", torch.ones(sizes.mel_bins, 1), persistent=False)

    def excite(
        self, f0: Tensor, phase: Tensor | None = None, noise: Tensor | None = None
    ) -> Tensor:
        """Make the source: pitch in Hz (B, T) -> (B, 1, S), S = 256 T.

        ``phase`` (B, 9, 1) and ``noise`` (B, 9, S) are the random draws, if given.
        """
        sizes = self.sizes
        hop = sizes.hop
        for rate in sizes.upsample_rates:
            hop *= rate
        hertz = f0.repeat_interleave(hop, dim=1)[:, None]  # (B, 1, S)
        orders = torch.arange(1, sizes.harmonics + 2, device=f0.device)[None, :, None]
        turns = torch.cumsum((hertz * orders / sizes.sample_rate).double(), dim=2) % 1
        if phase is None:
            phase = (torch.rand(f0.shape[0], sizes.harmonics + 1, 1) * 2 - 1) * torch.pi
            phase[:, 0] = 0
        sines = sizes.alpha * torch.sin(2 * torch.pi * turns.float() + phase)
        if noise is None:
            noise = torch.randn_like(sines)
        voiced = (hertz > sizes.threshold_hz).float()
        level = voiced * sizes.sigma + (1 - voiced) * sizes.alpha / 3
        return self.m_source(sines * voiced + level * noise)

    def decode(self, mel: Tensor, source: Tensor) -> Tensor:
        """Shapes: mel (B, M, T), source (B, 1, S) -> samples (B, S)."""
        magnitude, phase = self.spectrum(mel, self.analyse(source))
        return self.synthesize(magnitude, phase)

    def analyse(self, source: Tensor) -> Tensor:
        """Shapes: (B, 1, S) -> real and imaginary parts (B, n_fft + 2, F)."""
        sizes = self.sizes
        found = torch.stft(
            source.squeeze(1),
            sizes.n_fft,
            sizes.hop,
            window=self.window,
            return_complex=True,
        )
        return torch.cat([found.real, found.imag], dim=1)

    def spectrum(self, mel: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes: mel (B, M, T), source (B, n_fft + 2, F) -> two (B, bins, F)."""
        sizes = self.sizes
        x = convolve_scaled(self.conv_pre, mel, self.mean, self.spread)
        for stage, up in enumerate(self.ups):
            x = up(functional.leaky_relu(x, sizes.slope))
            if stage == len(self.ups) - 1:
                x = torch.cat([x[:, :, 1:2], x], dim=2)
            x = x + self.source_resblocks[stage](self.source_downs[stage](source))
            count = len(sizes.block_taps)
            blocks = self.resblocks[stage * count : (stage + 1) * count]
            x = sum(block(x) for block in blocks) / count
        with torch.autocast("cpu", enabled=False):  # log magnitudes need their digits
            x = self.conv_post(functional.leaky_relu(x.float()))
        bins = sizes.n_fft // 2 + 1
        return x[:, :bins].exp().clamp(max=_MAGNITUDE_LIMIT), torch.sin(x[:, bins:])

    def synthesize(self, magnitude: Tensor, phase: Tensor) -> Tensor:
        """Shapes: two (B, n_fft / 2 + 1, F) -> (B, S)."""
        sizes = self.sizes
        complex_ = torch.complex(
            magnitude * torch.cos(phase), magnitude * torch.sin(phase)
        )
        samples = torch.istft(complex_, sizes.n_fft, sizes.hop, window=self.window)
        return samples.clamp(-sizes.limit, sizes.limit)

    def predict_pitch(self, mel: Tensor) -> Tensor:
        """Shapes: (B, M, T) -> (B, T) in Hz."""
        return self.f0_predictor(mel, self.mean, self.spread)

    def forward(self, mel: Tensor) -> Tensor:
        """Shapes: (B, M, T) -> (B, S), with the pitch that it predicts itself."""
        return self.decode(mel, self.excite(self.predict_pitch(mel)))

    @torch.no_grad()
    def fold_scale(self) -> None:
        """Put the scaling of the mel into the first weights."""
        for layer in (self.conv_pre, self.f0_predictor.condnet[0]):
            weight = layer.weight / self.spread
            layer.bias -= (weight * self.mean).sum(dim=(1, 2))
            layer.weight = weight
        self.mean.zero_()
        self.spread.fill_(1)

    @torch.no_grad()
    def unfold_scale(self, mean: Tensor, spread: Tensor) -> None:
        """Take a scaling of the mel (80, 1) out of the first weights again."""
        for layer in (self.conv_pre, self.f0_predictor.condnet[0]):
            layer.bias += (layer.weight * mean).sum(dim=(1, 2))
            layer.weight = layer.weight * spread
        self.mean.copy_(mean)
        self.spread.copy_(spread)


@torch.no_grad()
def open_source_path(network: Vocoder) -> None:
    """Start the vocoder as one that plays its source, so that it only learns to filter.

    From its usual start it learns to ignore the source for long. All sines are as loud;
    in the last stage each number of the source's spectrum has a channel, and its
    negative another (a rectifier follows); the last layer makes them small changes
    around a common offset: exp(h + x) is nearly linear, and an offset that all bins
    share is an impulse where the window is zero.
    """
    sizes = network.sizes
    bins = sizes.n_fft // 2 + 1
    offset, gain = 2.0, 4.0
    network.m_source.l_linear.weight[:] = 0.25
    network.m_source.l_linear.bias[:] = 0
    parts = [k for k in range(2 * bins) if k not in (bins, 2 * bins - 1)]  # these are 0
    down, post = network.source_downs[-1], network.conv_post
    weight = torch.zeros_like(post.weight)
    weight.normal_(0, 1e-3)
    down.weight.normal_(0, 1e-2)
    down.bias[:] = 0
    middle = weight.shape[2] // 2
    for place, k in enumerate(parts[: down.weight.shape[0] // 2]):
        for channel, sign in ((2 * place, 1.0), (2 * place + 1, -1.0)):
            down.weight[channel] = 0
            down.weight[channel, k] = sign * gain
            weight[k, channel, middle] += sign / gain / math.exp(offset)
    post.weight = weight
    post.bias[:] = 0
    post.bias[:bins] = offset
