"""Whether a network fits into the machine's memory."""

import pytest

from cnncalc.errors import ExecutionError
from cnncalc.executor import memory
from cnncalc.executor.memory import physical_memory, require_memory


def test_what_needs_more_than_the_machine_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "physical_memory", lambda: 8_000_000_000)
    require_memory(8_000_000_000)
    message = (
        r"^executing the network needs 8,000\.0 GB of memory, and this machine has 8\.0 GB; a smaller input needs less$"
    )
    with pytest.raises(ExecutionError, match=message):
        require_memory(8_000_000_000_000)


def test_a_system_that_does_not_know_its_memory_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (physical_memory() or 0) > 10**8
    monkeypatch.delattr("os.sysconf")
    assert physical_memory() is None
    require_memory(10**18)
