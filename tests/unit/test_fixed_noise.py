"""The table of noise is the one that PyTorch draws with the seed 0."""

import numpy as np

from wyoming_cosyvoice.model.fixed_noise import fixed_noise

# The first numbers of two mel bins: torch.manual_seed(0); torch.randn(1, 80, 15000).
FIRST = [
    [-1.1258398, -1.1523602, -0.2505786, -0.4338788],
    [0.8691794, 0.5761969, -0.4119531, 0.6464039],
]


def test_first_numbers_are_those_of_pytorch():
    assert np.abs(fixed_noise()[0, :4, :2].T - FIRST).max() < 1e-6


def test_it_is_standard_normal_and_cannot_be_changed():
    noise = fixed_noise()
    assert noise.shape == (1, 15_000, 80)
    assert abs(noise.mean()) < 0.01
    assert abs(noise.std() - 1) < 0.01
    assert not noise.flags.writeable
