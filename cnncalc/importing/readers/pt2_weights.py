"""The weights of a .pt2 file: bytes beside the graph, with a table of types and strides. Pickles are not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cnncalc.importing.bounds import JsonFields, member, member_names, parsed_json
from cnncalc.importing.model import START, RefusedModel

if TYPE_CHECKING:
    from cnncalc.executor.files.reading import AnyArray

TYPES = {1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
         12: "bool", 13: "bfloat16"}  # fmt: skip
"""The numbers that torch.export's schema has for types of values."""

TABLES = ("data/weights/model_weights_config.json", "data/constants/model_constants_config.json")


def tensors(content: bytes, names: Iterable[str]) -> Mapping[str, AnyArray]:
    """The named tensors, but for those that the file does not have.

    Raises:
        RefusedModel: it has no weights at all, or some as pickles.
    """
    from cnncalc.executor.files.stored import raw_array  # numpy

    entries, arrays = dict(_entries(content)), {}
    if not entries:
        raise RefusedModel((START, "no weights are in this .pt2, or only as a pickle, which could run code"))
    for name in names:
        if name not in entries:
            continue
        folder, entry = entries[name]
        if entry.flag("use_pickle", False):
            raise RefusedModel((START, f"{name:.80} is stored as a pickle, which could run code"))
        meta = entry.inner("tensor_meta")
        dtype = TYPES.get(meta.number("dtype", 0))
        if dtype is None:
            raise RefusedModel((START, f"{name:.80} has values of a type that is not read"))
        path = f"{folder}{entry.text('path_name')}"
        sizes, strides = (tuple(map(_whole, meta.items(key))) for key in ("sizes", "strides"))
        # Members that are not compressed have no more bytes than the archive.
        storage = member(content, path, len(content))
        arrays[name] = raw_array(storage, dtype, sizes, strides, _whole(meta.data.get("storage_offset")), name)
    return arrays


def _entries(content: bytes) -> Iterator[tuple[str, tuple[str, JsonFields]]]:
    """The name of each tensor, with its folder and its line of the table."""
    for path in member_names(content):
        if path.endswith(TABLES):
            table = JsonFields(parsed_json(member(content, path))).inner("config")
            for name in table.data:
                yield name, (path.rpartition("/")[0] + "/", table.inner(name))


def _whole(data: object) -> int:
    """A known number of 0 or more, from a number that may be symbolic."""
    number = data.get("as_int") if isinstance(data, dict) else None
    if type(number) is not int or not 0 <= number < 2**40:
        raise RefusedModel((START, "a size in the table of weights is not a whole number"))
    return number
