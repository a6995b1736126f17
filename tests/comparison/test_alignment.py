"""Pairs of lines, by hand-made lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.comparison import alignment
from cnncalc.comparison.alignment import align, likeness
from cnncalc.comparison.written import WrittenLine


def line(text: str) -> WrittenLine:
    """`stem=conv 64 3` → a line named stem, of kind conv, with the settings 0: 64 and 1: 3."""
    name, _, rest = text.rpartition("=")
    word, *values = rest.split()
    return WrittenLine(1, name, word, "", dict(zip("abcdef", values, strict=False)), {}, {}, ())


def pairs(old: str, new: str) -> list[tuple[str, str]]:
    """The pairs as words; `-` for none."""
    olds, news = ([line(text.strip()) for text in texts.split(",") if text.strip()] for texts in (old, new))
    return [(_text(a), _text(b)) for a, b in align(olds, news)]


def _text(one: WrittenLine | None) -> str:
    return "-" if one is None else " ".join(filter(None, (one.name, one.word, *one.settings.values())))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("", "", [], id="nothing"),
        pytest.param("", "relu", [("-", "relu")], id="only new ones"),
        pytest.param("relu", "", [("relu", "-")], id="only old ones"),
        pytest.param("relu, relu", "relu, relu, relu", [("relu", "relu"), ("relu", "relu"), ("-", "relu")],
                     id="one more of many"),
        pytest.param("conv 1, bn", "fc 1, lrn", [("conv 1", "-"), ("-", "fc 1"), ("bn", "lrn")], id="one family"),
        pytest.param("a=conv 1, b=fc", "b=fc, a=conv 1", [("-", "b fc"), ("a conv 1", "a conv 1"), ("b fc", "-")],
                     id="lines that changed places"),
        pytest.param(
            "conv 1, relu, fc, relu", "conv 9, relu, conv 1, relu, fc, relu",
            [("-", "conv 9"), ("-", "relu"), ("conv 1", "conv 1"), ("relu", "relu"), ("fc", "fc"), ("relu", "relu")],
            id="a pair in front",
        ),
        pytest.param("x=conv 1, y=fc 2", "z=conv 1, w=bn", [("x conv 1", "z conv 1"), ("y fc 2", "-"), ("-", "w bn")],
                     id="new names"),
        pytest.param("a=conv 1, relu, b=conv 2", "a=fc 1, gelu, b=bn",
                     [("a conv 1", "a fc 1"), ("relu", "gelu"), ("b conv 2", "b bn")], id="the same names"),
    ],
)  # fmt: skip
def test_lines_are_paired(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(old, new) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("relu", "relu", 1.0),
        ("conv 64 3", "conv 64 3", 1.0),
        ("conv 64 3", "conv 64 5", 0.5 + 1 / 6),  # one of three settings is shared
        ("conv 64 3", "conv 32 5", 0.5),
        ("maxpool 2", "avgpool 2", 0.25),
        ("relu", "gelu", 0.25),
        ("conv 64", "fc 64", 0.0),
        ("basic 64", "bottleneck 64", 0.25),
        ("x=basic 64", "y=bottleneck 64", 0.0),
    ],
)
def test_likeness(a: str, b: str, expected: float) -> None:
    assert likeness(line(a), line(b)) == pytest.approx(expected)


LISTS = st.lists(
    st.sampled_from(["relu", "bn", "conv 1", "conv 2", "conv 1 3", "a=conv 1", "b=fc", "c=relu"]), unique=False
)


def unique_names(texts: list[str]) -> list[WrittenLine]:
    """The lines without a second one of the same name."""
    lines, seen = [], set[str]()
    for one in map(line, texts):
        if not one.name or one.name not in seen:
            lines.append(one)
        seen.add(one.name)
    return lines


@pytest.mark.parametrize("limit", [0, 100_000], ids=["as if too many", "by likeness"])
@given(LISTS, LISTS)
def test_every_line_is_in_one_pair_and_no_pair_crosses(limit: int, old: list[str], new: list[str]) -> None:
    olds, news = unique_names(old), unique_names(new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "MAX_PRODUCT", limit)
        found = align(olds, news)
    assert [a for a, _ in found if a is not None] == olds
    assert [b for _, b in found if b is not None] == news


def test_equal_lines_are_found_among_too_many() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "MAX_PRODUCT", 4)
        found = pairs("conv 1, relu, bn, fc, conv 3", "conv 2, relu, lrn, fc, conv 4")
    assert found == [("conv 1", "conv 2"), ("relu", "relu"), ("bn", "lrn"), ("fc", "fc"), ("conv 3", "conv 4")]
