"""Networks of keras.applications: their specs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.source.bundled import APPLICATIONS, USUAL, Ready
from cnncalc.importing.source.keras_tensors import KerasTensor, input_of
from cnncalc.importing.source.values import External, Instance, Stuck


def application(last: str, args: list[Any], named: Mapping[str, Any], line: int, sizes: tuple[int, ...]) -> Instance:
    """A model of keras.applications; `sizes` are those of its input if a user gives them.

    Raises:
        Stuck: there is no spec of it.
    """
    given = dict(zip(("include_top", "weights", "input_tensor", "input_shape", "pooling", "classes"), args,
                     strict=False)) | dict(named)  # fmt: skip
    wrong = next((f"{key}={given[key]}" for key, usual in USUAL.items() if given.get(key, usual) != usual), "")
    if last not in APPLICATIONS or wrong:
        known = ", ".join(APPLICATIONS)
        raise Stuck(
            line, f"cnncalc has no spec of {last} {wrong}; of keras.applications it has {known}".replace(" ;", ";")
        )
    top, classes = given.get("include_top", True) is not False, given.get("classes", 0)
    pooling = given.get("pooling") or ""
    ready = Ready(APPLICATIONS[last], top, classes if type(classes) is int else 0, pooling)
    model = Instance(External("keras.Model"), line)
    start = given.get("input_tensor")
    if not isinstance(start, KerasTensor):
        start = input_of(given.get("input_shape") or (ready.input() if top else None), sizes, line)
    end = KerasTensor(last, {"$owner": model, "$ready": ready}, [start], line, scope=(last.lower(),))
    model.attributes |= {"$inputs": [start], "$outputs": [end]}
    return model
