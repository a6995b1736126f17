"""Files of models that are not read: the format of each, and what to do."""

from __future__ import annotations

import os.path
from typing import NamedTuple


class ForeignFormat(NamedTuple):
    """A format that is not read.

    Attributes:
        suffixes: of its files.
        magic: the bytes by which it is recognised under any name; empty for none.
        at: the place of these bytes.
        words: its name, and what to do.
    """

    suffixes: tuple[str, ...]
    magic: bytes
    at: int
    words: str


KERAS = "save the model as .keras, or model.to_json() as text"
EXPORT = "torch.export.save(torch.export.export(model, inputs), file)"
PICKLE = f"a pickle, as of torch.save, which could run code; export the model with {EXPORT}"

FOREIGN = (
    ForeignFormat((".h5", ".hdf5"), b"\x89HDF\r\n\x1a\n", 0, f"an HDF5 file; {KERAS}"),
    ForeignFormat((".tflite",), b"TFL3", 4, f"a TensorFlow Lite file, without its original layers; {KERAS}"),
    *(ForeignFormat((".pkl", ".pickle"), bytes((0x80, protocol)), 0, PICKLE) for protocol in range(2, 6)),
    ForeignFormat((".pb", ".pbtxt"), b"", 0, f"a graph of TensorFlow; {KERAS}, or convert it to ONNX with tf2onnx"),
    ForeignFormat((".mlmodel",), b"", 0, "a Core ML model; export the model that it was made of"),
)
"""Only formats that people have when they look for figures."""

FOREIGN_SUFFIXES = tuple(dict.fromkeys(suffix for one in FOREIGN for suffix in one.suffixes))

SAVED = f"a SavedModel of TensorFlow; {KERAS}, or convert it to ONNX with tf2onnx"


def foreign_words(file: str, head: bytes) -> str:
    """The words about a file that is not read, and what to do; empty if it is none of these."""
    suffix = os.path.splitext(file)[1].lower()
    for one in FOREIGN:
        if suffix in one.suffixes or (one.magic and head[one.at :].startswith(one.magic)):
            return f"this is {one.words}"
    return ""


def foreign_folder(path: str) -> str:
    """The words about a model's folder that is not read, and what to do; empty for other folders."""
    return f"this is {SAVED}" if os.path.isfile(os.path.join(path, "saved_model.pb")) else ""
