"""The tensors of a network, requested by name and shape.

The graph builders take each tensor once; ``Network.unused`` lists the remaining ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from wyoming_cosyvoice.errors import MalformedCheckpoint

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.release.safetensors import TensorFile


_Real = TypeVar("_Real", np.float32, np.float64)
_WRAPPED = "module."
"""Prefix of all names after training on several GPUs."""
_HOW_TO_SAVE = (
    "If it was trained further, save the network alone: "
    "torch.save(model.state_dict(), 'llm.pt')."
)
_NORM_PAIRS = (
    ("weight_g", "weight_v"),
    ("parametrizations.weight.original0", "parametrizations.weight.original1"),
)


class Network:
    """The tensors of one network, by the names that upstream's modules give them."""

    def __init__(self, checkpoint: TensorFile, prefix: str = "") -> None:
        self._checkpoint = checkpoint
        is_wrapped = all(name.startswith(_WRAPPED) for name in checkpoint.names)
        wrapped = _WRAPPED if is_wrapped else ""
        self._names = {
            name.removeprefix(wrapped).removeprefix(prefix): name
            for name in reversed(checkpoint.names)
        }
        if len(self._names) != len(checkpoint.names):
            raise MalformedCheckpoint(
                f"{checkpoint.path} holds tensors both with and without {prefix!r}."
            )
        self._unused = set(checkpoint.names)

    @property
    def path(self) -> Path:
        """The file of the tensors."""
        return self._checkpoint.path

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return a tensor of exactly this shape, weight norm resolved.

        Raises: MalformedCheckpoint if it is missing, of another shape or not finite.
        """
        return self._take(name, shape, np.float32)

    def take_double(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """Like ``take``, with weight norm resolved in double precision."""
        return self._take(name, shape, np.float64)

    def _take(
        self, name: str, shape: tuple[int, ...], dtype: type[_Real]
    ) -> NDArray[_Real]:
        if name in self._names:
            return self._read(name, shape).astype(dtype, copy=False)
        if name.endswith("weight"):
            stem = name.removesuffix("weight")
            for gain, direction in _NORM_PAIRS:
                if stem + gain in self._names and stem + direction in self._names:
                    return self._normed(stem + gain, stem + direction, shape, dtype)
        held = f" It holds {next(iter(self._names))!r}." if self._names else ""
        raise MalformedCheckpoint(
            f"{self.path} lacks the tensor {name!r}.{held}", remedy=_HOW_TO_SAVE
        )

    def skip(self, name: str) -> None:
        """Mark a tensor as unused on purpose, if it exists."""
        if name in self._names:
            self._unused.discard(self._names[name])

    def unused(self) -> tuple[str, ...]:
        """Return the names of the tensors that were never taken."""
        return tuple(sorted(self._unused))

    def _normed(
        self, gain: str, direction: str, shape: tuple[int, ...], dtype: type[_Real]
    ) -> NDArray[_Real]:
        """Return gain * direction / |direction|, the norm over all axes but the first.

        A transposed convolution is normalised the same way, although its first axis is
        that of the inputs.
        """
        v = self._read(direction, shape).astype(dtype, copy=False)
        g = self._read(gain, (shape[0], *(1 for _ in shape[1:]))).astype(dtype)
        axes = tuple(range(1, v.ndim))
        norm = np.sqrt(np.square(v).sum(axis=axes, keepdims=True))
        if not norm.all():
            raise MalformedCheckpoint(
                f"{self.path} has a row without direction in {direction!r}."
            )
        plain: NDArray[_Real] = v * (g / norm)
        return plain

    def _read(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        stored = self._names[name]
        found = self._checkpoint.shape(stored)
        if found != shape:
            raise MalformedCheckpoint(
                f"{self.path} holds {name!r} of shape {found} where {shape} belongs."
            )
        if self._checkpoint.dtype(stored).startswith("int"):
            raise MalformedCheckpoint(f"{self.path} holds integers in {name!r}.")
        numbers = self._checkpoint.read(stored).astype(np.float32, copy=False)
        if not np.isfinite(numbers).all():
            raise MalformedCheckpoint(
                f"{self.path} holds numbers in {name!r} that are not finite."
            )
        self._unused.discard(stored)
        return numbers
