"""Models in the memory of another framework, as the file that it would write. No framework is imported here."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any


def torch_content(model: Any, inputs: Any) -> bytes:
    """The .pt2 file of a module of PyTorch, exported as it runs after training.

    Raises:
        TypeError: it is not a module of PyTorch, or its inputs are not tensors.
    """
    torch: Any = sys.modules.get("torch")
    if torch is None or not isinstance(model, torch.nn.Module):
        raise TypeError(f"from_torch() takes a torch.nn.Module and its inputs, not {_class(model)}")
    given = tuple(inputs) if isinstance(inputs, tuple | list) else (inputs,)
    strange = next((one for one in given if not isinstance(one, torch.Tensor | tuple | list)), None)
    if strange is not None or not given or inputs is None:
        example = "from_torch(model, torch.zeros(1, 3, 224, 224))"
        raise TypeError(f"from_torch() calls the module with tensors, as {example}, not with {_class(strange)}")
    modes = [(module, module.training) for module in model.modules()]
    file = BytesIO()
    try:
        model.eval()
        torch.export.save(torch.export.export(model, given), file)
    finally:
        for module, training in modes:
            module.training = training
    return file.getvalue()


def keras_content(model: Any) -> bytes:
    """The configuration of a Keras model as JSON.

    Raises:
        TypeError: it is not a Keras model, or one whose layers its configuration does not have.
    """
    if isinstance(model, type) or not callable(getattr(model, "to_json", None)):
        raise TypeError(f"from_keras() takes a Keras model, which has to_json(), not {_class(model)}")
    if not getattr(model, "built", True):
        raise TypeError("from_keras() takes a model with an input: call model.build((None, 224, 224, 3)) first")
    text = str(model.to_json())
    if '"layers"' not in text:
        raise TypeError(f"from_keras() takes Sequential and functional models; {_class(model)} lists no layers")
    return text.encode()


def _class(model: object) -> str:
    """The words for an object: its class."""
    if isinstance(model, type):
        return f"the class {model.__module__}.{model.__qualname__}"
    return f"{type(model).__module__}.{type(model).__qualname__}"
