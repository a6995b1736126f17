"""Ways to damage a file: its bytes, its lines, its numbers and words, and the trees inside of JSON, zip and ONNX.

A mutation gives other bytes of the same kind for a source of chance, bytes, and the other seeds of their format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

Mutation = Callable[[Random, bytes, Sequence[bytes]], bytes]

NUMBERS = (b"0", b"1", b"-1", b"2", b"7", b"1.5", b"1e400", b"nan", b"-0", b"65536", b"2147483648",
           b"-9223372036854775809", b"99999999999999999999", b"9" * 5000)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3.5, -0.0, 1e308, float("inf"), float("nan"), 2**31, 2**63, -(2**70), "", "x",
    "same", "half", "\ud800", "\x1b[31m", "a" * 3000, [], {}, [[]], [None], [1], [3, 3], [0, 0, 0], [-1, 1e9],
    [2**40] * 8, {"a": 1}, {"class_name": "x"}, [["x", 0, 0]], [[[["x", 0, 0]]]],
)  # fmt: skip
NAMES = (" ", "../x", "config.json", "x/models/model.json", "data.pkl", "\ud7ff" * 90, "a" * 60_000)
PIECE = re.compile(rb"\w+|\s+|[^\w\s]")


def raw(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Bytes changed, left out, doubled, taken from elsewhere, or a few of them very often."""
    at = chance.randrange(len(content) + 1)
    before, after = content[:at], content[at:]
    match chance.randrange(8):
        case 0:
            return before + bytes([chance.randrange(256)]) + after[1:]
        case 1:
            return before + after[chance.randint(1, 40) :]
        case 2:
            return before + after[: chance.randint(1, 400)] + after
        case 3:
            return before + chance.choice(others)[at:]
        case 4:
            return before if chance.random() < 0.3 else content
        case 5 if chance.random() < 0.05:
            piece = after[: chance.randint(1, 12)] or b" "
            return before + piece * (60_000 // len(piece)) + after
        case 6:
            return (
                before
                + chance.choice([b"\0", b"\xff", b"\xe2\x80\xa8", b"\r", b"\x0c", b"{", b"]", b'"', b"#"])
                + after
            )
    return content


def lines(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Lines left out, doubled, swapped, moved in and out, cut, or one from another file."""
    made = content.split(b"\n")
    here, there = chance.randrange(len(made)), chance.randrange(len(made))
    match chance.randrange(7):
        case 0:
            del made[here : here + chance.randint(1, 3)]
        case 1:
            made[there:there] = made[here : here + chance.randint(1, 5)]
        case 2:
            made[here], made[there] = made[there], made[here]
        case 3:
            made[here] = b" " * chance.randint(0, 9) + made[here].lstrip()
        case 4:
            made[here] = made[here][: chance.randrange(len(made[here]) + 1)]
        case 5:
            made.insert(here, chance.choice(chance.choice(others).split(b"\n")))
        case _ if chance.random() < 0.02:
            made[here:here] = [made[here]] * 3000
    return b"\n".join(made)


def numbers(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A number replaced by another one of the file, or by an extreme one."""
    found = list(re.finditer(rb"\d+(?:\.\d+)?", content))
    if not found:
        return content
    one = chance.choice(found)
    new = chance.choice(NUMBERS) if chance.random() < 0.6 else chance.choice(found)[0]
    return content[: one.start()] + new + content[one.end() :]


def words(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A word or a sign replaced by one of any seed, left out, or swapped with another one."""
    made = list(pieces(content))
    if not made:
        return content
    here, there = chance.randrange(len(made)), chance.randrange(len(made))
    match chance.randrange(4):
        case 0:
            made[here] = b""
        case 1:
            made[here], made[there] = made[there], made[here]
        case _:
            made[here] = chance.choice(pieces(chance.choice(others)) or (b"",))
    return b"".join(made)


@cache
def pieces(content: bytes) -> tuple[bytes, ...]:
    """The words, blanks and signs of a text."""
    return tuple(PIECE.findall(content))


def tree(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A node of JSON replaced, left out, doubled, wrapped, or swapped with another one."""
    try:
        data, other = json.loads(content), json.loads(chance.choice(others))
    except (ValueError, RecursionError):
        return raw(chance, content, others)
    return json.dumps(_changed(chance, data, other)).encode()


def _changed(chance: Random, data: Any, other: Any) -> Any:
    inside = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    if inside and chance.random() < 0.93:
        key = chance.choice(inside)
        made: Any = dict(data) if isinstance(data, dict) else list(data)
        match chance.randrange(12):
            case 0:
                del made[key]
            case 1:
                there = chance.choice(inside)
                made[key], made[there] = made[there], made[key]
            case 2 if isinstance(made, list):
                made[key:key] = made[key : key + chance.randint(1, 3)]
            case _:
                made[key] = _changed(chance, made[key], other)
        return made
    match chance.randrange(6):
        case 0:
            return [data]
        case 1:
            return _picked(chance, other)
        case 2 if isinstance(data, int | float):
            return chance.choice([-data, data + 1, data * 2, data * 10**6, float(data), str(data)])
    return chance.choice(VALUES)


def _picked(chance: Random, data: Any) -> Any:
    """Any node of a tree."""
    while isinstance(data, dict | list) and data and chance.random() < 0.85:
        data = chance.choice(list(data.values()) if isinstance(data, dict) else data)
    return data


def members(inside: Sequence[Mutation]) -> Mutation:
    """What changes the text of a member of an archive, or its name, or the bytes of the archive."""

    def change(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
        if chance.random() < 0.1:
            return raw(chance, content, others)
        try:
            return _repacked(chance, _unpacked(content), [text for one in others for text in _unpacked(one).values()])
        except Exception:  # an archive that is damaged already, or a name that none can have
            return raw(chance, content, others)

    def _repacked(chance: Random, parts: dict[str, bytes], texts: list[bytes]) -> bytes:
        name = chance.choice(list(parts))
        new = NAMES[chance.randrange(len(NAMES))] if chance.random() < 0.05 else name
        text = parts[name] if new != name else chance.choice(inside)(chance, parts[name], texts)
        return packed({**{one: parts[one] for one in parts if one != name}, new: text})

    return change


@cache
def _unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of these members."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def fields(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A field of an ONNX model replaced, left out, doubled or swapped."""
    import onnx

    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
        _change_field(chance, model)
        changed: bytes = model.SerializeToString()
    except Exception:  # what protobuf says of bytes that were changed before, or of a value that a field cannot have
        return raw(chance, content, others)
    return changed


def _change_field(chance: Random, message: Any) -> None:
    filled = message.ListFields()
    if not filled:
        return
    field, value = chance.choice([pair for pair in filled if pair[0].message_type] * 4 + list(filled))
    if chance.random() < 0.06:
        message.ClearField(field.name)
    elif not field.is_repeated:
        _change_field(chance, value) if field.message_type else setattr(message, field.name, _scalar(chance, value))
    else:
        at, there = chance.randrange(len(value)), chance.randrange(len(value))
        match chance.randrange(10):
            case 0:
                del value[at]
            case 1:
                value.append(value[there])
            case 2 if field.message_type:
                value[at].CopyFrom(value[there])
            case _ if field.message_type:
                _change_field(chance, value[at])
            case _:
                value[at] = _scalar(chance, value[there])


def _scalar(chance: Random, value: Any) -> Any:
    if isinstance(value, str | bytes):
        other = chance.choice(["", "x", "Conv", "Reshape", "Concat", value[::-1], value * 300])
        return other.encode() if isinstance(value, bytes) and isinstance(other, str) else other
    return type(value)(chance.choice([0, 1, -1, 2, 3, 7, 11, 2**31 - 1, -(2**63), 2**63 - 1, value + 1]))
