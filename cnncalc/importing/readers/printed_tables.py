"""Printouts: the rows of a table, as torchinfo, torchsummary, pytorch_model_summary and Keras' summary() print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.importing.model import START, ModelPlace, RefusedModel

_SHAPE = re.compile(r"\[[-\d, ]+\]|\((?:None|-?\d+)(?:, *(?:None|-?\d+))*,?\)")
_TORCH = re.compile(r"^\W*([A-Za-z]\w*)(?: \((\w+)\))?(?:-\d+|: \d+-\d+)?(?=\s|$)")
_KERAS = re.compile(r"^(\S+) +\((\w+)")
_NAMED = re.compile(r"(\S+?) *\(([\w ]*[\w…]?)")
_CUT = "…"
_NUMBER = re.compile(r"(?<!\S)([\d,]+)(?:\.0)?(?=\s|$)")

TOTALS = ("Total params", "Trainable params")


class PrintedRow(NamedTuple):
    """One row.

    Attributes:
        word: the type of the layer.
        label: its name; may be empty.
        depth: its indentation.
        sizes: of its output, without the batch.
        params: the values that it learns or keeps.
        line: its first line.
        entering: the sizes of its input; empty if the table does not have them.
        read: the names of the layers that it reads; None without such a column. A name that was cut ends in `…`.
    """

    word: str
    label: str
    depth: int
    sizes: tuple[int, ...]
    params: int
    line: int
    entering: tuple[int, ...] = ()
    read: tuple[str, ...] | None = None


def torch_rows(lines: Sequence[str], head: int) -> Iterator[PrintedRow]:
    """The rows of a table of PyTorch, below the line with the titles of its columns."""
    titles = {match[0]: match.start() for match in re.finditer(r"\S+(?: [\w#%(][\w:()-]*)*", lines[head])}
    if "depth-idx" not in lines[head] and "var_name" not in lines[head]:
        both = re.findall(r"(Input|Output) Shape", lines[head]) == ["Input", "Output"]
        yield from rows_of(lines[head + 1 :], head + 2, "Tr. Param" in lines[head], both)
        return
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        if line.startswith(TOTALS):
            return
        cells, named = dict(_placed(line, titles)), _TORCH.match(line)
        found, entering = (_sizes(cells.get(title, "")) for title in ("Output Shape", "Input Shape"))
        if "Output Shape" not in titles:
            found, entering = entering, ()
        if found and named is not None:
            numbers = _NUMBER.findall(cells.get("Param #", ""))
            params = whole(numbers[0]) if numbers else 0
            yield PrintedRow(named[1], named[2] or "", named.start(1), found, params, number, entering)


def rows_of(lines: Sequence[str], first: int, trained: bool = False, both: bool = False) -> Iterator[PrintedRow]:
    """The rows of a table whose columns have no places, up to its totals; `first` is the number of the first line."""
    for number, line in enumerate(lines, start=first):
        if line.startswith(TOTALS):
            return
        shapes = [match for match in _SHAPE.finditer(line) if "," in match[0]]
        keras = _KERAS.match(line)
        named = keras or _TORCH.match(line)
        if not shapes or named is None:
            continue
        entering = _sizes(shapes[-2][0]) if both and len(shapes) > 1 else ()
        numbers = _NUMBER.findall(line[shapes[-1].end() :])
        params = whole(numbers[-1 if trained else 0]) if numbers else 0
        word, label = (keras[2], keras[1]) if keras else (named[1], "")
        depth = 0 if line.startswith(" ") else named.start(1)  # other tables align their names to the right
        yield PrintedRow(word, label, depth, _sizes(shapes[-1][0]), params, number, entering)


def _placed(line: str, titles: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The cell of each column of torchinfo: the one below its title."""
    starts = sorted(titles.items(), key=lambda title: title[1])
    for (title, start), (_, end) in zip(starts, [*starts[1:], ("", len(line))], strict=True):
        yield title, line[start:end]


def keras_rows(lines: Sequence[str], head: int) -> Iterator[PrintedRow]:
    """The rows of Keras' summary(), whose cells may go over several lines."""
    connected = "Connected" in lines[head]
    for number, cells in _cells(lines, head):
        name, sizes, params, *others = (*cells, *[[""]] * 4)[:4]
        named = _NAMED.match(_joined(name, " " if name[1:] and name[1].startswith("(") else ""))
        found = _NUMBER.findall(" ".join(params))
        if named is None or not found:
            continue
        text = _joined(sizes)
        shapes = _SHAPE.findall(text)
        read = tuple(_read(others[0])) if connected and others else None
        if shapes and "None" in shapes[0].removeprefix("(None"):
            message = f"the shape {shapes[0]:.40} is left open; print the summary of a model whose input has sizes"
            raise RefusedModel((ModelPlace(number), message))
        params_of, sizes_of = whole(found[0]), _sizes(shapes[0]) if shapes else ()
        yield PrintedRow(named[2].replace(" ", ""), named[1], 0, sizes_of, params_of, number, (), read)


def _cells(lines: Sequence[str], head: int) -> Iterator[tuple[int, list[list[str]]]]:
    """The first line of each row and its cells, each with its lines."""
    titles = [match.start() for match in re.finditer(r"Layer|Output Shape|Param #|Connected", lines[head])]
    first, row = 0, list[list[str]]()
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        if line.strip().startswith(TOTALS):
            break
        if not line.strip(" _=├┼┤─│└┴┘┡╇┩━+-\t") or line.lstrip().startswith(("├", "└", "┡")):
            continue
        parts = _parts(line, titles)
        if row and not _NUMBER.search(parts[2] if len(parts) > 2 else ""):
            for cell, part in zip(row, parts, strict=False):
                cell.extend([part] * bool(part))
            continue
        if row:
            yield first, row
        first, row = number, [[part] for part in parts]
    if row:
        yield first, row


def _parts(line: str, titles: Sequence[int]) -> list[str]:
    """The texts of a line, one for each column."""
    for mark in "│|\t":
        if mark in line:
            text = line.strip(" \r\n")
            return [part.strip() for part in text[text.startswith(mark) :].split(mark)]
    starts = [0, *titles[1:]]
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _joined(texts: Sequence[str], between: str = "") -> str:
    return between.join(texts)


def _read(texts: Sequence[str]) -> Iterator[str]:
    """The names of the layers that a row reads; that of a second use has its number."""
    for text in texts:
        for one in re.findall(r"[\w./:-]+(?:\[\d+\])?[\[\d\]]*…?|…", text.replace("'", "")):
            name, bracket, rest = one.rstrip(_CUT).partition("[")
            use = re.match(r"\d+", rest)
            is_cut = one.endswith(_CUT) and not bracket
            if name not in ("", "-"):
                yield f"{name}{_CUT}" if is_cut else f"{name}#{use[0]}" if use and use[0] != "0" else name


def _sizes(text: str) -> tuple[int, ...]:
    """The sizes of a shape without its batch."""
    return tuple(whole(size) for size in re.findall(r"-?\d+|None", text)[1:] if size != "None")


def whole(text: str) -> int:
    """A whole number, with commas between its thousands."""
    digits = text.replace(",", "")
    if not re.fullmatch(r"-?\d{1,18}", digits):
        raise RefusedModel((START, f"'{text:.40}' is neither a number of params nor a size of a shape"))
    return int(digits)
