"""The format of a file, by its content; its name says nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.importing.foreign import FOREIGN_SUFFIXES
from cnncalc.importing.model import START, ModelGraph, RefusedModel
from cnncalc.importing.source.wanted import Wanted
from cnncalc.targets import SOURCES

if TYPE_CHECKING:
    from cnncalc.executor.files.reading import AnyArray

HEAD = 65_536
"""Bytes by which a file is recognised."""

SUFFIXES = (".pt2", ".onnx", ".prototxt", ".cfg", ".keras", ".json", *SOURCES, ".pt", ".pth", *FOREIGN_SUFFIXES)
"""Those of files in which models are looked for; their content says what they are."""

_DARKNET = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:[#;][^\n]*)?\r?\n)*[ \t]*\[(?:net|network)\]")
_TABLE = re.compile(rb"^[^\w\n]*+Layer \(type(?=[^\n]{0,400}Param)[^\n]{0,400}(?:Output|Input) Shape", re.MULTILINE)
_MODULE = re.compile(rb"\A\s*+[A-Za-z]\w*+\([^\S\n]*+\n\s++\([^)\n]*+\): (?:\d++ x )?[A-Za-z]\w*+\(")
_CAFFE = re.compile(rb"^[ \t]*+layers?[ \t]*+:?[ \t]*+\{", re.MULTILINE)
_KERAS = re.compile(rb'\A\s*\{[\s\S]{0,60000}?"(?:class_name|modelTopology|model_config)"\s*:')
_PYTHON = re.compile(
    rb"^[ \t>]*[^\n]{0,12}\b(?:import|from)[ \t]+(?:torch|tensorflow|keras|\.)|nn\.Module|keras\."
    rb'|"cell_type"\s*:\s*"code"',
    re.MULTILINE,
)
_NUMPY = re.compile(rb"^[^\n]{0,12}\b(?:import|from)[ \t]+numpy", re.MULTILINE)
_HOMEWORK = re.compile(
    rb"^[^\n]{0,12}\b(?:class|def)[ \t]+(?=\w*?(?:conv|pool|dense|linear|fully_?connected|affine|flatten))"
    rb"\w++[ \t]*[(:]",
    re.MULTILINE | re.IGNORECASE,
)
"""A pattern for layers that somebody has written with numpy."""

_NETWORKS = re.compile(rb'"(?:Functional|Model|Sequential)"|"(?:modelTopology|model_config)"')


class Format(NamedTuple):
    """A format.

    Attributes:
        name: for people.
        fits: whether a file has it, by its first bytes and its size.
        module: the one with the reader.
        reader: the name of the function from bytes to a graph.
        weighed: whether files of it have weights, which the function `tensors` of the module reads.
        has_several: whether a file may have several models, of which the reader is given the wanted one.
    """

    name: str
    fits: Callable[[bytes], bool]
    module: str
    reader: str
    weighed: bool = False
    has_several: bool = False

    def read(self, content: bytes, wanted: Wanted) -> ModelGraph:
        """The graph of a file; `wanted` has the sizes of its input, if they are to be others, or it has none."""
        reader: Callable[..., ModelGraph] = getattr(
            import_module(f"cnncalc.importing.readers.{self.module}"), self.reader
        )
        if self.has_several:
            return reader(content, wanted)
        return reader(content, wanted.input) if wanted.input else reader(content)

    def tensors(self, content: bytes, names: Iterable[str]) -> Mapping[str, AnyArray]:
        """The named tensors of a file, but for those that it does not have.

        Raises:
            RefusedModel: files of this format have none.
        """
        if not self.weighed:
            raise RefusedModel((START, f"the weights of a {self.name} are not in this file; give theirs as --weights"))
        module = import_module(f"cnncalc.importing.readers.{self.module}")
        read: Callable[[bytes, Iterable[str]], Mapping[str, AnyArray]] = module.tensors
        return read(content, names)


def _is_onnx(head: bytes) -> bool:
    """Whether the first fields are those of an ONNX model: its version of the format, then more known ones."""
    return len(head) > 2 and head[0] == 0x08 and head[1] < 0x40 and (head[2] & 7) in (0, 2) and 2 <= head[2] >> 3 <= 25


def _is_python(head: bytes) -> bool:
    """Whether a file has code of a framework, or layers that are written with numpy."""
    return _PYTHON.search(head) is not None or bool(_NUMPY.search(head) and _HOMEWORK.search(head))


PYTHON = Format("Python", _is_python, "python_source", "read", has_several=True)

FORMATS = (
    Format("torch.export", lambda head: head[:4] == b"PK\x03\x04", "archives", "read", weighed=True),
    Format("ONNX", _is_onnx, "onnx_file", "read", weighed=True),
    Format("Darknet", lambda head: _DARKNET.match(head) is not None, "darknet", "read"),
    Format("Keras", lambda head: bool(_KERAS.match(head) and _NETWORKS.search(head)), "keras", "read"),
    Format("Caffe", lambda head: _CAFFE.search(head) is not None, "caffe", "read"),
    PYTHON,
    Format("printout", lambda head: _TABLE.search(head) is not None, "printouts", "read"),
    Format("printed module", lambda head: _MODULE.match(head) is not None, "modules", "read"),
)
"""The formats, in the order in which they are tried."""


def format_of(head: bytes, file: str = "") -> Format | None:
    """The format of a file with these first bytes; None if it is not a model's."""
    found = next((format_ for format_ in FORMATS if format_.fits(head[:HEAD])), None)
    return found or (PYTHON if file.endswith(SOURCES) else None)
