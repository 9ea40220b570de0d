"""The records in the tree of a checkpoint, and the rules for each kind.

A name in the program, such as ``torch.FloatStorage``, is looked up in a fixed table and
stands for a tag; "calling" a tag checks its arguments and builds one of these records.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import NoReturn, TypeGuard

MAX_DIMENSIONS = 8

_TENSOR_ARGUMENTS = 6
_PARAMETER_ARGUMENTS = 3
_STORAGE_ARGUMENTS = 5


class Tag(enum.Enum):
    """Meaning of a name in the program."""

    ORDERED_DICT = "collections OrderedDict"
    TENSOR = "torch._utils _rebuild_tensor_v2"
    PARAMETER = "torch._utils _rebuild_parameter"
    FLOAT32 = "torch FloatStorage"
    FLOAT16 = "torch HalfStorage"
    BFLOAT16 = "torch BFloat16Storage"
    INT64 = "torch LongStorage"
    INT32 = "torch IntStorage"
    RECONSTRUCT = "numpy.core.multiarray _reconstruct"
    NDARRAY = "numpy ndarray"
    DTYPE = "numpy dtype"
    ENCODE = "_codecs encode"


TAGS = {tag.value: tag for tag in Tag}
TAGS["numpy._core.multiarray _reconstruct"] = Tag.RECONSTRUCT  # since NumPy 2
_ELEMENT_TYPES = {
    Tag.FLOAT32: "float32",
    Tag.FLOAT16: "float16",
    Tag.BFLOAT16: "bfloat16",
    Tag.INT64: "int64",
    Tag.INT32: "int32",
}


@dataclass(frozen=True, slots=True)
class Storage:
    """An array of numbers in an entry ``data/<key>`` of the archive."""

    key: str
    dtype: str
    count: int


@dataclass(frozen=True, slots=True)
class TensorRecord:
    """A view on a storage; offset and strides count elements, not bytes."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(slots=True)
class ArrayRecord:
    """A NumPy array inside the tree; empty until it is built."""

    dtype: str = ""
    """f2, f4, f8, i4 or i8, little-endian."""
    shape: tuple[int, ...] = ()
    content: bytes = b""
    is_fortran: bool = False


@dataclass(slots=True)
class ArrayType:
    """The type of the elements of an array, ``order`` set when it is built."""

    code: str
    order: str = ""


class OrderedData(dict[str, object]):
    """A dict that the program made as an OrderedDict: the only one BUILD may touch."""


class Refused(Exception):
    """The program is damaged or, if ``is_unsafe``, requests more than data."""

    def __init__(self, reason: str, *, is_unsafe: bool = False) -> None:
        super().__init__(reason)
        self.is_unsafe = is_unsafe


def malformed(reason: str) -> NoReturn:
    """Refuse the program as damaged."""
    raise Refused(reason)


def unsafe(reason: str) -> NoReturn:
    """Refuse the program because it requests more than data."""
    raise Refused(reason, is_unsafe=True)


def _is_index(value: object) -> TypeGuard[int]:
    # A bool is an int to isinstance.
    return type(value) is int and value >= 0


def make_storage(reference: object) -> Storage:
    """Return a storage that the tree refers to."""
    if not isinstance(reference, tuple) or len(reference) != _STORAGE_ARGUMENTS:
        unsafe("refers to an external object that is not a storage")
    kind, tag, key, location, count = reference
    # The location is the original device, "cpu" or "cuda:0".
    if kind != "storage" or not isinstance(location, str):
        unsafe("refers to an external object that is not a storage")
    if not isinstance(tag, Tag) or tag not in _ELEMENT_TYPES:
        unsafe("has a storage of an unknown type")
    if not isinstance(key, str) or not _is_index(count):
        malformed("has a damaged storage")
    return Storage(key, _ELEMENT_TYPES[tag], count)


def make_tensor(arguments: tuple[object, ...]) -> TensorRecord:
    """Return the tensor that ``torch._utils._rebuild_tensor_v2`` would build."""
    if len(arguments) != _TENSOR_ARGUMENTS:
        unsafe("makes a tensor from unusual arguments")
    storage, offset, shape, strides, _, hooks = arguments
    if not isinstance(storage, Storage) or not _is_index(offset):
        malformed("has a tensor without storage")
    if not isinstance(shape, tuple) or not isinstance(strides, tuple):
        malformed("has a tensor without shape")
    if len(shape) != len(strides) or len(shape) > MAX_DIMENSIONS:
        malformed("has a tensor with a damaged shape")
    if not all(map(_is_index, (*shape, *strides))):
        malformed("has a tensor with a negative or damaged shape or stride")
    if type(hooks) is not OrderedData or hooks:
        unsafe("has a tensor with hooks")
    return TensorRecord(storage, offset, shape, strides)


def make_parameter(arguments: tuple[object, ...]) -> TensorRecord:
    """Return the tensor of a parameter."""
    if len(arguments) != _PARAMETER_ARGUMENTS:
        unsafe("makes a parameter from unusual arguments")
    tensor, _, hooks = arguments
    if not isinstance(tensor, TensorRecord):
        malformed("has a parameter without tensor")
    if type(hooks) is not OrderedData or hooks:
        unsafe("has a parameter with hooks")
    return tensor


def make_bytes(arguments: tuple[object, ...]) -> bytes:
    """Return the bytes that ``_codecs.encode(text, "latin1")`` stands for."""
    match arguments:
        case (str(text), "latin1"):
            try:
                return text.encode("latin1")
            except UnicodeEncodeError:
                malformed("has an array of bytes above 255")
    unsafe("encodes something that is not an array")


def make_array(arguments: tuple[object, ...]) -> ArrayRecord:
    """Return an array that is still to be built."""
    if arguments != (Tag.NDARRAY, (0,), b"b"):
        unsafe("makes an array from unusual arguments")
    return ArrayRecord()


def make_array_type(arguments: tuple[object, ...]) -> ArrayType:
    """Return the type of the elements of an array."""
    match arguments:
        case ("f2" | "f4" | "f8" | "i4" | "i8" as code, bool(), bool()):
            return ArrayType(code)
    unsafe("has an array whose elements are not plain numbers")


def build_array_type(target: ArrayType, state: object) -> None:
    """Set the byte order of a type."""
    if not isinstance(state, tuple) or len(state) < 2 or state[1] != "<":  # noqa: PLR2004 - version and order
        malformed("holds an array that is not little-endian")
    target.order = "<"


def build_array(target: ArrayRecord, state: object) -> None:
    """Set shape, type and content of an array."""
    match state:
        case (
            1,
            tuple(shape),
            ArrayType(code, "<"),
            bool(is_fortran),
            bytes(content),
        ) if len(shape) <= MAX_DIMENSIONS and all(map(_is_index, shape)):
            if len(content) != math.prod(shape) * int(code[1]):
                malformed("holds an array that is not as long as its shape")
            target.dtype, target.shape = code, shape
            target.content, target.is_fortran = content, is_fortran
        case _:
            malformed("holds a damaged array")
