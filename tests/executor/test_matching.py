"""Stored tensors and weights: found by name, and everything that does not fit reported at once."""

import pytest

from cnncalc.errors import ExecutionError
from cnncalc.executor import loading
from cnncalc.executor.loading import match_tensors, unused_text

EXPECTED = {("conv1", "weight"): (8, 3, 5, 5), ("conv1", "bias"): (8,), ("body.2/residual/fc", "weight"): (10, 4)}


def misfit(stored: dict[str, tuple[int, ...]]) -> list[str]:
    """The lines of the message."""
    with pytest.raises(ExecutionError) as raised:
        match_tensors(EXPECTED, stored, "w.npz")
    return str(raised.value).splitlines()


@pytest.mark.parametrize(
    "names",
    [
        ("conv1/weight", "conv1/bias", "body.2/residual/fc/weight"),
        ("conv1.weight", "conv1.bias", "body.2/residual/fc.weight"),
        ("conv1/weight", "conv1.bias", "body.2/residual/fc.weight"),
    ],
    ids=["slashes", "dots before the last word", "both"],
)
def test_tensors_are_found_by_path_and_name(names: tuple[str, str, str]) -> None:
    stored = dict(zip(names, EXPECTED.values(), strict=True))
    assert match_tensors(EXPECTED, stored, "w.npz") == (dict(zip(EXPECTED, names, strict=True)), ())


def test_what_no_layer_asks_for_is_unused() -> None:
    stored = {"/".join(key): shape for key, shape in EXPECTED.items()}
    assert match_tensors(EXPECTED, {"a": (1,), **stored, "b": ()}, "w.npz")[1] == ("a", "b")


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    assert misfit({"conv1/weight": (8, 3, 3, 3), "body.2/residual/fc/weight": (10,), "a": (2, 2), "b": ()}) == [
        "w.npz does not fit the network:",
        "  conv1/bias: missing, 8 expected",
        "  conv1/weight: 8x3x3x3 found, 8x3x5x5 expected",
        "  body.2/residual/fc/weight: 10 found, 10x4 expected",
        "  a: not used by the network",
        "  b: not used by the network",
    ]


def test_a_similar_name_of_as_many_values_is_suggested() -> None:
    stored = {"conv1/wieght": (8, 3, 5, 5), "conv1/weights": (9,), "features.0.bias": (8,), "head": (4, 10)}
    assert misfit(stored)[1:4] == [
        "  conv1/weight: missing, 8x3x5x5 expected; did you mean 'conv1/wieght'?",
        "  conv1/bias: missing, 8 expected; 'features.0.bias' has as many values",
        "  body.2/residual/fc/weight: missing, 10x4 expected; 'head' has as many values",
    ]


def test_after_many_missing_tensors_nothing_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_HINTS", 1)
    lines = misfit({"conv1/wieght": (8, 3, 5, 5), "conv1/bais": (8,)})
    assert lines[1].endswith("; did you mean 'conv1/wieght'?")
    assert lines[2] == "  conv1/bias: missing, 8 expected"


def test_a_tensor_that_is_there_twice_is_told() -> None:
    stored = {"/".join(key): shape for key, shape in EXPECTED.items()}
    lines = misfit({**stored, "conv1.bias": (8,)})
    assert lines[1:] == ["  conv1/bias: stored twice, as conv1.bias too; keep one"]


@pytest.mark.parametrize(
    ("found", "expected", "hint"),
    [
        ((4, 10), (10, 4), "4x10 found, 10x4 expected; transpose it with axes [1, 0]"),
        ((5, 7, 3, 8), (8, 3, 5, 7), "; transpose it with axes [3, 2, 0, 1] (Keras has this order)"),
        ((9, 3, 8), (8, 3, 9), "; transpose it with axes [2, 1, 0] (Keras has this order)"),
        ((2, 5, 7, 3, 8), (8, 3, 2, 5, 7), "; transpose it with axes [4, 3, 0, 1, 2] (Keras has this order)"),
        ((3, 8, 5, 5), (8, 3, 5, 5), "; transpose it with axes [1, 0, 2, 3]"),
        ((8, 5, 3, 5), (8, 3, 5, 5), "8x5x3x5 found, 8x3x5x5 expected"),
        ((5,), (6,), "5 found, 6 expected"),
        ((), (6,), "a single number found, 6 expected"),
        ((6, 1), (6,), "6x1 found, 6 expected"),
    ],
)
def test_axes_in_the_order_of_another_framework_are_recognised(
    found: tuple[int, ...], expected: tuple[int, ...], hint: str
) -> None:
    with pytest.raises(ExecutionError) as raised:
        match_tensors({("a", "weight"): expected}, {"a/weight": found}, "w.npz")
    assert str(raised.value).endswith(hint)


def test_names_of_a_strangers_file_are_made_safe() -> None:
    lines = misfit({"\x1b[2J\n" + "x" * 10_000: (1,)})
    assert lines[-1].startswith("   [2J x")
    assert len(lines[-1]) < 600


def test_of_many_unused_tensors_the_first_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_UNUSED", 2)
    lines = misfit({f"t{number}": (1,) for number in range(1002)})
    assert lines[-3:] == ["  t0: not used by the network", "  t1: not used by the network", "  1,000 more are not used"]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("a", "b"), "no layer uses the tensors a, b"),
        (tuple("abcdefg"), "no layer uses the tensors a, b, c, d, e and 2 more"),
        (("\x1b[31m",), "no layer uses the tensors  [31m"),
    ],
    ids=["few", "many", "not printable"],
)
def test_unused_tensors_are_named_in_one_line(names: tuple[str, ...], text: str) -> None:
    assert unused_text(names) == text
