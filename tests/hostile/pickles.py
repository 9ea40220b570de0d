"""Pickle programs and tensors that no checkpoint may hold, and the error of each."""

from __future__ import annotations

import struct

from tests.support import torch_files as tf
from wyoming_cosyvoice.convert.release.pickle_data import MAX_INSTRUCTIONS

UNSAFE, MALFORMED = "UnsafeCheckpoint", "MalformedCheckpoint"


CALL = tf.tuple_of(tf.text("touch /tmp/owned")) + tf.REDUCE


DANGEROUS_NAMES = [
    ("os", "system"),
    ("posix", "system"),
    ("nt", "system"),
    ("subprocess", "Popen"),
    ("subprocess", "check_output"),
    ("builtins", "eval"),
    ("builtins", "exec"),
    ("builtins", "compile"),
    ("builtins", "getattr"),
    ("builtins", "__import__"),
    ("builtins", "open"),
    ("__builtin__", "eval"),
    ("runpy", "_run_code"),
    ("runpy", "run_path"),
    ("functools", "partial"),
    ("importlib", "import_module"),
    ("operator", "attrgetter"),
    ("operator", "methodcaller"),
    ("pip", "main"),
    ("pydoc", "locate"),
    ("timeit", "timeit"),
    ("code", "InteractiveInterpreter"),
    ("ctypes", "CDLL"),
    ("socket", "create_connection"),
    ("webbrowser", "open"),
    ("shutil", "rmtree"),
    ("copyreg", "_reconstructor"),
    ("_io", "open"),
    ("torch", "load"),
    ("torch.hub", "load"),
    ("torch.serialization", "load"),
    ("torch.jit", "load"),
    ("torch.storage", "_load_from_bytes"),
    ("torch._utils", "_rebuild_tensor"),
    ("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ("torch._utils", "_rebuild_device_tensor_from_numpy"),
    ("torch", "serialization.os.system"),
    ("torch", "FloatStorage.from_file"),
    ("torch", "DoubleStorage"),
    ("collections", "OrderedDict.fromkeys"),
    ("collections", "namedtuple"),
    ("collections", "defaultdict"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.f2py.crackfortran", "getlincoef"),
    ("cosyvoice.llm.llm", "TransformerLM"),
    ("", ""),
    ("collections.OrderedDict", ""),
    ("collections ", "OrderedDict"),
    (" collections", "OrderedDict"),
    ("COLLECTIONS", "OrderedDict"),
]
ALLOWED_CODES = set(b".(}])N\x88\x89XKMJG\x8aqrhjct\x85\x86\x87QRbsuae")
"""All that files of PyTorch hold; PROTO, 0x80, stands at their start only."""

ONE = tf.integer(1)
NOT_A_DICT = tf.name("collections", "OrderedDict")
STATE = tf.dict_of({"_metadata": tf.ORDERED_DICT})
GOOD_TENSOR = tf.tensor(tf.storage("0", 4))
HUGE = 2**62
DEEP_LISTS = tf.EMPTY_LIST * 200 + b"a" * 199
LONG_TEXT = b"X" + struct.pack("<L", 1 << 17) + b"a" * (1 << 17)
LINK = b"\x85"  # wraps the value below in a tuple of one

PROGRAMS = {
    # Calls, attributes and items on what is not data
    "call-a-dict": (tf.EMPTY_DICT + CALL, UNSAFE),
    "call-a-storage": (tf.storage("0", 4) + CALL, UNSAFE),
    "call-a-storage-type": (tf.name("torch", "FloatStorage") + CALL, UNSAFE),
    "call-ordered-dict-with-arguments": (NOT_A_DICT + CALL, UNSAFE),
    "call-without-tuple": (NOT_A_DICT + tf.EMPTY_LIST + tf.REDUCE, UNSAFE),
    "build-on-a-tag": (NOT_A_DICT + STATE + tf.BUILD, UNSAFE),
    "build-on-a-dict": (tf.EMPTY_DICT + STATE + tf.BUILD, UNSAFE),
    "build-on-a-tensor": (GOOD_TENSOR + STATE + tf.BUILD, UNSAFE),
    "build-other-attributes": (
        tf.ORDERED_DICT + tf.dict_of({"__class__": ONE}) + tf.BUILD,
        UNSAFE,
    ),
    "build-slots": (
        tf.ORDERED_DICT + tf.tuple_of(STATE, STATE) + tf.BUILD,
        UNSAFE,
    ),
    "build-metadata-no-dict": (
        tf.ORDERED_DICT + tf.dict_of({"_metadata": ONE}) + tf.BUILD,
        UNSAFE,
    ),
    "setitem-on-a-tag": (NOT_A_DICT + tf.text("a") + ONE + b"s", UNSAFE),
    "setitem-on-a-tensor": (GOOD_TENSOR + tf.text("a") + ONE + b"s", UNSAFE),
    "setitem-on-a-list": (tf.EMPTY_LIST + tf.text("a") + ONE + b"s", UNSAFE),
    "setitem-on-nothing": (tf.text("a") + ONE + b"s", UNSAFE),
    "setitems-on-a-tag": (NOT_A_DICT + b"(" + tf.text("a") + ONE + b"u", UNSAFE),
    "append-to-a-dict": (tf.EMPTY_DICT + ONE + b"a", UNSAFE),
    "append-to-a-tuple": (tf.EMPTY_TUPLE + ONE + b"a", UNSAFE),
    "appends-to-a-tensor": (GOOD_TENSOR + b"(" + ONE + b"e", UNSAFE),
    # References to what is outside
    "persistent-text": (tf.text("storage") + b"Q", UNSAFE),
    "persistent-of-other-kind": (
        tf.tuple_of(tf.text("module"), ONE, ONE, ONE, ONE) + b"Q",
        UNSAFE,
    ),
    "persistent-of-no-type": (
        tf.tuple_of(tf.text("storage"), NOT_A_DICT, tf.text("0"), tf.text("cpu"), ONE)
        + b"Q",
        UNSAFE,
    ),
    "tensor-with-hooks": (
        tf.tensor(tf.storage("0", 4), hooks=tf.dict_of({"a": ONE}, tf.ORDERED_DICT)),
        UNSAFE,
    ),
    "tensor-hooks-are-a-tag": (
        tf.tensor(tf.storage("0", 4), hooks=NOT_A_DICT),
        UNSAFE,
    ),
    "tensor-with-metadata": (
        tf.name("torch._utils", "_rebuild_tensor_v2")
        + tf.tuple_of(tf.storage("0", 4), *[ONE] * 6)
        + tf.REDUCE,
        UNSAFE,
    ),
    "parameter-with-two-arguments": (
        tf.name("torch._utils", "_rebuild_parameter")
        + tf.tuple_of(GOOD_TENSOR, b"\x88")
        + tf.REDUCE,
        UNSAFE,
    ),
    "parameter-with-hooks": (
        tf.name("torch._utils", "_rebuild_parameter")
        + tf.tuple_of(GOOD_TENSOR, b"\x88", tf.dict_of({"a": ONE}, tf.ORDERED_DICT))
        + tf.REDUCE,
        UNSAFE,
    ),
    "parameter-of-no-tensor": (
        tf.name("torch._utils", "_rebuild_parameter")
        + tf.tuple_of(ONE, b"\x88", tf.ORDERED_DICT)
        + tf.REDUCE,
        MALFORMED,
    ),
    # Memory and time
    "memo-index-2^31": (tf.EMPTY_DICT + b"r" + struct.pack("<L", 1 << 31), UNSAFE),
    "memo-index-2^32-1": (tf.EMPTY_DICT + b"r\xff\xff\xff\xff", UNSAFE),
    "memo-of-nothing": (b"q\x00" + tf.EMPTY_DICT, MALFORMED),
    "recall-what-was-never-set": (b"h\x00", MALFORMED),
    "text-of-4-GiB": (b"X\xff\xff\xff\xff", UNSAFE),
    "text-of-128-KiB": (LONG_TEXT, UNSAFE),
    "number-of-255-bytes": (b"\x8a\xff" + b"\xff" * 255, UNSAFE),
    "marks": (b"(" * 490_000, UNSAFE),
    "lists-in-lists": (
        tf.dict_of({"a": tf.EMPTY_LIST * 240_000 + b"a" * 239_999}),
        UNSAFE,
    ),
    "tuples-in-tuples": (tf.dict_of({"a": tf.EMPTY_TUPLE + LINK * 490_000}), UNSAFE),
    "dicts-in-dicts": (
        (tf.EMPTY_DICT + tf.text("a")) * 100_000 + ONE + b"s" * 100_000,
        UNSAFE,
    ),
    "lists-200-deep": (tf.dict_of({"a": DEEP_LISTS}), UNSAFE),
    "too-many-instructions": (b"N" * (MAX_INSTRUCTIONS + 1), UNSAFE),
    "too-large": (b"N" * (9 << 20), UNSAFE),
    "nothing-500000-times-in-a-list": (
        tf.dict_of({"a": tf.EMPTY_LIST + b"(" + b"N" * 490_000 + b"e"}) + b"N",
        MALFORMED,
    ),
    "doubling": (
        # Each list holds the one before it twice.
        tf.EMPTY_LIST
        + b"q\x00"
        + b"".join(b"]q%c(h%ch%ce" % (i + 1, i, i) for i in range(60)),
        UNSAFE,
    ),
    "list-in-itself": (b"]q\x00h\x00a", UNSAFE),
    "dict-in-itself": (b"}q\x00" + tf.text("a") + b"h\x00s", UNSAFE),
    # Values in the wrong place
    "root-is-a-list": (tf.EMPTY_LIST, MALFORMED),
    "root-is-none": (b"N", MALFORMED),
    "root-is-a-tensor": (GOOD_TENSOR, MALFORMED),
    "root-is-a-tag": (NOT_A_DICT, MALFORMED),
    "two-roots": (tf.EMPTY_DICT + tf.EMPTY_DICT, MALFORMED),
    "no-root": (b"", MALFORMED),
    "mark-left-open": (b"(" + tf.EMPTY_DICT, MALFORMED),
    "group-never-begun": (b"t", MALFORMED),
    "pair-of-nothing": (b"\x86", MALFORMED),
    "value-is-a-tag": (tf.dict_of({"a": NOT_A_DICT}), MALFORMED),
    "value-is-a-storage": (tf.dict_of({"a": tf.storage("0", 4)}), MALFORMED),
    "key-is-a-number": (tf.EMPTY_DICT + ONE + ONE + b"s", MALFORMED),
    "key-is-a-deep-tuple": (
        tf.EMPTY_DICT + tf.EMPTY_TUPLE + LINK * 490_000 + ONE + b"s",
        MALFORMED,
    ),
    "key-without-value": (tf.EMPTY_DICT + b"(" + tf.text("a") + b"u", MALFORMED),
    "key-twice": (
        tf.EMPTY_DICT + (tf.text("a") + ONE + b"s") * 2,
        MALFORMED,
    ),
    "text-not-utf8": (b"X\x02\x00\x00\x00\xff\xfe", MALFORMED),
    "text-with-surrogate": (b"X\x03\x00\x00\x00\xed\xa0\x80", MALFORMED),
    "name-without-end": (b"c" + b"a" * 300, MALFORMED),
    "name-not-ascii": ("cоs\nsystem\n".encode(), UNSAFE),  # a Cyrillic o
}

TENSORS = {
    "stride-negative": tf.tensor(tf.storage("0", 4), strides=(-1,)),
    "shape-negative": tf.tensor(tf.storage("0", 4), shape=(-4,)),
    "offset-negative": tf.tensor(tf.storage("0", 4), offset=-1),
    "offset-overflow": tf.tensor(tf.storage("0", 4), offset=HUGE),
    "offset-and-length-overflow": tf.tensor(tf.storage("0", 4), offset=1),
    "shape-overflow": tf.tensor(
        tf.storage("0", 4), shape=(HUGE, HUGE), strides=(HUGE, 1)
    ),
    "shape-larger-than-storage": tf.tensor(tf.storage("0", 4), shape=(5,)),
    "stride-0-bomb": tf.tensor(tf.storage("0", 4), shape=(1 << 40,), strides=(0,)),
    "stride-past-the-end": tf.tensor(tf.storage("0", 4), shape=(2,), strides=(4,)),
    "empty-but-giant": tf.tensor(tf.storage("0", 4), shape=(0, HUGE), strides=(1, 1)),
    "shape-and-strides-differ": tf.tensor(tf.storage("0", 4), shape=(2, 2)),
    "shape-of-nine-axes": tf.tensor(
        tf.storage("0", 4), shape=(1,) * 9, strides=(1,) * 9
    ),
    "shape-is-true": tf.tensor(tf.storage("0", 4)).replace(
        tf.tuple_of(tf.integer(4)), tf.tuple_of(b"\x88"), 1
    ),
    "shape-is-a-float": tf.tensor(tf.storage("0", 4)).replace(
        tf.tuple_of(tf.integer(4)), tf.tuple_of(b"G" + struct.pack(">d", 4)), 1
    ),
    "shape-is-no-tuple": tf.tensor(tf.storage("0", 4)).replace(
        tf.tuple_of(tf.integer(4)), b"N", 1
    ),
    "storage-with-a-number-as-name": tf.tensor(
        tf.storage("0", 4).replace(tf.text("0"), ONE)
    ),
    "tensor-of-no-storage": tf.tensor(ONE),
    "storage-negative": tf.tensor(tf.storage("0", -4)),
    "storage-too-short": tf.tensor(tf.storage("0", 5), shape=(5,)),
    "storage-too-long": tf.tensor(tf.storage("0", 3), shape=(3,)),
    "storage-of-other-type": tf.tensor(tf.storage("0", 4, "LongStorage")),
    "storage-missing": tf.tensor(tf.storage("1", 4)),
    "storage-outside": tf.tensor(tf.storage("../../data/0", 4)),
    "storage-is-the-tree": tf.tensor(tf.storage("../data.pkl", 4)),
}
