"""Models that another framework has in memory, as the file that it would write. No framework is imported here."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any


def torch_content(model: Any, inputs: Any) -> bytes:
    """The .pt2 file of a module of PyTorch, exported as it runs after training.

    Raises:
        TypeError: it is no module of PyTorch.
    """
    torch: Any = sys.modules.get("torch")
    if torch is None or not isinstance(model, torch.nn.Module):
        raise TypeError(f"from_torch() takes a torch.nn.Module and its inputs, not {_class(model)}")
    modes = [(module, module.training) for module in model.modules()]
    file = BytesIO()
    try:
        model.eval()
        torch.export.save(torch.export.export(model, inputs if isinstance(inputs, tuple) else (inputs,)), file)
    finally:
        for module, training in modes:
            module.training = training
    return file.getvalue()


def keras_content(model: Any) -> bytes:
    """The configuration of a Keras model as JSON.

    Raises:
        TypeError: it is no Keras model.
    """
    if not callable(getattr(model, "to_json", None)):
        raise TypeError(f"from_keras() takes a Keras model, which has to_json(), not {_class(model)}")
    return str(model.to_json()).encode()


def _class(model: object) -> str:
    return f"{type(model).__module__}.{type(model).__qualname__}"
