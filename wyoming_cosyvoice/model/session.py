"""ONNX Runtime sessions: the only module that imports onnxruntime.

A ``Stage`` may be run from any thread, one at a time. Cancelling the token of a run
ends it at the next node of the graph.
"""

from __future__ import annotations

import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import onnxruntime

from wyoming_cosyvoice.errors import (
    ModelCorrupt,
    ModelUnsupported,
    SynthesisCancelled,
    SynthesisError,
)
from wyoming_cosyvoice.machine.cpu import read_cpu
from wyoming_cosyvoice.model.device import CPU

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.device import Device

    Array = NDArray[np.generic]

_LOGGER = logging.getLogger(__name__)

# Errors only: ONNX Runtime warns about hardware that it does not find.
_LOG_ERRORS = 3
# How long a thread spins for more work before it sleeps. Measured on two cores: with
# the default (1 ms or more) the six sessions of one model spin against each other and
# take up to three times as long; without spinning the language model takes a sixth
# longer.
_SPIN_US = "100"


def runtime_version() -> str:
    """Return the version of ONNX Runtime, whichever package it came with."""
    return str(onnxruntime.__version__)


def available_providers() -> list[str]:
    """Return the execution providers that the installed ONNX Runtime has."""
    providers: list[str] = onnxruntime.get_available_providers()
    return providers


class Stage:
    """A loaded network.

    Raises: ModelCorrupt if the file is not one of our networks, ModelUnsupported if
    this build of ONNX Runtime lacks an operator that it needs.
    """

    def __init__(
        self,
        path: Path,
        *,
        threads: int,
        is_prepacked: bool = True,
        device: Device = CPU,
    ) -> None:
        """Open a network.

        If it cannot be opened or run on ``device``, that is logged, and the CPU
        computes it from then on. ``is_prepacked`` lets ONNX Runtime
        keep a second copy of the weights in the layout of its kernels, for networks
        that run often.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _LOG_ERRORS
        # Lengths differ in every run, so a memory pattern of the last run is useless.
        options.enable_mem_pattern = False
        options.add_session_config_entry("session.intra_op.spin_duration_us", _SPIN_US)
        # Stop spinning between runs, while another network runs or nothing does.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        if read_cpu().sums_overflow:
            options.add_session_config_entry("session.x64quantprecision", "1")
        # Releases for ARM leak in KleidiAI convolutions (microsoft/onnxruntime#28231).
        options.add_session_config_entry("mlas.disable_kleidiai", "1")
        if not is_prepacked:
            options.add_session_config_entry("session.disable_prepacking", "1")
        self.name = path.stem
        self._path = path
        self._options = options
        self._device = device
        self._session = self._open()
        self.inputs = tuple(value.name for value in self._session.get_inputs())
        self.outputs = tuple(value.name for value in self._session.get_outputs())
        ports = (*self._session.get_inputs(), *self._session.get_outputs())
        self._shapes = {port.name: tuple(port.shape) for port in ports}
        self._types = {port.name: str(port.type) for port in ports}

    def shape(self, name: str) -> tuple[int | str, ...]:
        """Return the shape of an input or output: numbers are fixed, names are free."""
        return self._shapes[name]

    def type(self, name: str) -> str:
        """Return the type of an input or output, such as ``tensor(float)``."""
        return self._types[name]

    def run(
        self, feeds: Mapping[str, Array], *, cancel: CancelToken | None = None
    ) -> dict[str, Any]:
        """Run once and return all outputs by name.

        Raises: SynthesisCancelled, SynthesisError.
        """
        with self._run_options(cancel) as options:
            try:
                results = self._session.run(None, dict(feeds), options)
            except Exception as error:
                if self._device == CPU or (cancel is not None and cancel.is_cancelled):
                    raise
                self._leave_device(error)
                results = self._session.run(None, dict(feeds), options)
        return dict(zip(self.outputs, results, strict=True))

    def bind(
        self, inputs: Mapping[str, Array], outputs: Mapping[str, Array]
    ) -> Binding:
        """Bind inputs and outputs to arrays, which are read and written in place."""
        return Binding(self._session.io_binding(), inputs, outputs)

    def run_bound(self, binding: Binding, *, cancel: CancelToken | None = None) -> None:
        """Run once on bound arrays.

        Raises: SynthesisCancelled, SynthesisError.
        """
        with self._run_options(cancel) as options:
            self._session.run_with_iobinding(binding.io, options)

    def _open(self) -> onnxruntime.InferenceSession:
        providers = [(self._device.provider, dict(self._device.options))]
        if self._device != CPU:
            providers.append((CPU.provider, {}))  # for what the device has no code for
        try:
            session = onnxruntime.InferenceSession(
                self._path, self._options, providers=providers
            )
        except Exception as error:
            if self._device == CPU:
                raise _load_error(self._path, error) from error
            self._leave_device(error)
            return self._session
        # ONNX Runtime falls back to the CPU if a device cannot be set up.
        if self._device.provider not in session.get_providers():
            self._note_left("it cannot be set up")
        return session

    def _leave_device(self, error: Exception) -> None:
        self._note_left(str(error))
        self._session = self._open()

    def _note_left(self, reason: str) -> None:
        _LOGGER.warning(
            "The device %s cannot be used for %s (%s); the CPU computes it",
            self._device.name,
            self.name,
            reason,
        )
        self._device = CPU

    @contextlib.contextmanager
    def _run_options(
        self, cancel: CancelToken | None
    ) -> Iterator[onnxruntime.RunOptions]:
        # For this run only: a late cancel must not end the next one.
        options = onnxruntime.RunOptions()
        # No captured CUDA graph. Without this entry, ONNX Runtime's Python code raises
        # and catches an exception in each run on bound arrays: 5% of a small language
        # model's step.
        options.add_run_config_entry("gpu_graph_id", "-1")
        if cancel is not None:
            cancel.raise_if_cancelled()
            cancel.on_cancel(partial(setattr, options, "terminate", True))
        try:
            yield options
        except Exception as error:
            if cancel is not None and cancel.is_cancelled:
                raise SynthesisCancelled from error
            # ONNX Runtime's message is for developers and can be very long.
            _LOGGER.warning("The network %s failed: %s", self.name, error)
            raise SynthesisError(
                f"The network {self.name} failed.", remedy="See the log for details."
            ) from error
        finally:
            if cancel is not None:
                cancel.on_cancel(None)


class Binding:
    """Arrays that a network reads and writes in place; keeps them alive."""

    def __init__(
        self,
        io: onnxruntime.IOBinding,
        inputs: Mapping[str, Array],
        outputs: Mapping[str, Array],
    ) -> None:
        self.io = io
        self._arrays: Sequence[Array] = [*inputs.values(), *outputs.values()]
        for name, array in inputs.items():
            io.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        for name, array in outputs.items():
            io.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)


def _load_error(path: Path, error: Exception) -> Exception:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if isinstance(error, onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented):
        return ModelUnsupported(
            f"ONNX Runtime {onnxruntime.__version__} cannot run {path.name}: {reason}.",
            remedy="Update onnxruntime.",
        )
    return ModelCorrupt(
        f"{path.name} cannot be loaded as a network: {reason}.",
        remedy="Convert or fetch the model again.",
    )
