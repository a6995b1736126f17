"""The rules' own arithmetic against windows and taps that are listed one by one."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.check.rules.checkerboard import taps_per_output
from cnncalc.check.rules.dead_pixels import skipped
from cnncalc.check.rules.padding_beyond_kernel import blind
from cnncalc.check.rules.tiny_map import useful_taps
from cnncalc.layers.windows import Window

SMALL = st.integers(1, 7)
PADDING = st.integers(0, 9)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """A window that fits."""
    size, padding = draw(st.integers(1, 12)), (draw(PADDING), draw(PADDING))
    window = Window(size, draw(SMALL), draw(SMALL), draw(SMALL), *padding)
    assume(window.effective <= window.padded)
    return window


def taps(window: Window) -> list[list[int]]:
    """The places that the taps of each window look at; 0 is the first value of the map."""
    reach = window.dilation * (window.kernel - 1)
    starts = range(-window.before, window.size + window.after - reach, window.stride)
    return [[start + tap * window.dilation for tap in range(window.kernel)] for start in starts]


@given(windows())
@settings(deadline=None)
def test_blind_windows_see_nothing_of_the_map(window: Window) -> None:
    # With dilation a window can lie around a small map with all its taps in the padding; it is not blind but unlucky.
    spans = [(seen[0], seen[-1]) for seen in taps(window)]
    assert blind(window) == sum(last < 0 or first >= window.size for first, last in spans)


@given(windows())
@settings(deadline=None)
def test_useful_taps_see_the_map_in_some_window(window: Window) -> None:
    exact = sum(any(0 <= seen[tap] < window.size for seen in taps(window)) for tap in range(window.kernel))
    assert useful_taps(window) >= exact
    if window.stride <= window.size:  # else a tap can jump over the map
        assert useful_taps(window) == exact


@given(SMALL, SMALL, SMALL)
@settings(deadline=None)
def test_skipped_values_are_those_that_no_tap_reads(kernel: int, stride: int, dilation: int) -> None:
    window = Window(1000, kernel, stride, dilation)
    read = {place for seen in taps(window) for place in seen}
    middle = range(420, 420 + stride)  # far from both ends, one round of the stride
    assert skipped(window) == sum(place not in read for place in middle)


@given(SMALL, SMALL, SMALL)
@settings(deadline=None)
def test_taps_per_output_are_the_fewest_and_the_most_that_reach_it(kernel: int, stride: int, dilation: int) -> None:
    reached = [i * stride + tap * dilation for i in range(100) for tap in range(kernel)]
    counts = [reached.count(50 * stride + place) for place in range(stride)]  # far from both ends
    assert taps_per_output(kernel, stride, dilation) == (min(counts), max(counts))
