"""Boxes side by side, found from the values that they read."""

import pytest

from cnncalc.drawing.structure import ENTRY, Fork, Item, arranged


@pytest.mark.parametrize(
    ("reads", "items"),
    [
        ([{ENTRY}, {0}, {1}], (0, 1, 2)),
        ([{ENTRY}, {0}, {1, ENTRY}], (0, 1, 2)),  # a residual: a line, and a lane beside it
        ([{ENTRY}, {0}, {ENTRY}, {1, 2}], (Fork(((0, 1), (2,))), 3)),  # with a projection
        ([set(), {0}, {0}, {2}, {0}, {1, 3, 4}], (0, Fork(((1,), (2, 3), (4,))), 5)),
        ([set(), {0}, {1}, {1}, {2, 3}, {0}, {4, 5}], (0, Fork(((1, Fork(((2,), (3,))), 4), (5,))), 6)),
        ([set(), set(), {0, 1}], (Fork(((0,), (1,))), 2)),  # two inputs
        ([set(), {0}, {0}], (0, Fork(((1,), (2,))))),  # two outputs
        ([set(), {0}, {0}, {0}, {2, 3}], (0, 1, 2, 3, 4)),  # joins two of three paths
        ([set(), {0}, {1}, {0}, {3, 1}, {2, 4}], (0, 1, 2, 3, 4, 5)),  # reads from the middle of another path
    ],
)
def test_lines_and_forks(reads: list[set[int]], items: tuple[Item, ...]) -> None:
    assert arranged([frozenset(read) for read in reads]) == items
