"""Work in parts, and who does it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, get_ident

import numpy as np
import pytest

from cnncalc.executor import threads
from cnncalc.executor.threads import blas_alone, spread


@pytest.fixture(autouse=True)
def helper(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadPoolExecutor]:
    """The one thread beside the caller's."""
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(threads, "CORES", 2)
        monkeypatch.setattr(threads, "_pool", lambda: pool)
        yield pool


def test_results_come_in_the_order_of_the_parts() -> None:
    def work(part: int) -> int:
        time.sleep(0.01 / part)  # the first takes longest
        return part * part

    assert spread(work, [1, 2, 3, 4]) == [1, 4, 9, 16]


def test_two_threads_work_at_once() -> None:
    begun = [Event(), Event()]

    def work(part: int) -> int:
        begun[part].set()
        assert begun[1 - part].wait(60)  # for the other part, which another thread has to begin
        return get_ident()

    assert len(set(spread(work, [0, 1]))) == 2


def test_nobody_waits_for_a_thread_that_has_not_begun(helper: ThreadPoolExecutor) -> None:
    end = Event()
    helper.submit(end.wait, 60)
    assert spread(lambda part: get_ident(), range(9)) == [get_ident()] * 9
    end.set()


@pytest.mark.parametrize("wrong", [0, 5])
def test_an_error_of_any_part_is_raised(wrong: int) -> None:
    def work(part: int) -> None:
        if part == wrong:
            raise ValueError(f"part {part}")

    with pytest.raises(ValueError, match=f"^part {wrong}$"):
        spread(work, range(6))


@pytest.mark.filterwarnings("error")
def test_what_overflows_warns_in_no_thread() -> None:
    large = np.full(4, 3e38, np.float32)
    with np.errstate(all="ignore"):
        assert all(np.isinf(part).all() for part in spread(lambda factor: large * np.float32(factor), [2, 3, 4]))


def test_blas_has_its_threads_again_afterwards() -> None:
    if threads._blas_threads is None or threads._set_blas_threads is None:
        pytest.skip("numpy has another BLAS than OpenBLAS")
    told = threads._blas_threads()
    with blas_alone():
        assert threads._blas_threads() == 1
    assert threads._blas_threads() == told
