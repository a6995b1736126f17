"""Export models of PyTorch and Keras with random weights, import them, and compare a run with what they compute.

    python tests/benchmarks/frameworks.py [NAME ...]

It needs torch with torchvision, or keras with h5py; neither is in an extra. Names are those of torchvision.models.
"""

from __future__ import annotations

import sys
import time
from io import BytesIO
from typing import Any

import numpy as np

from cnncalc.api import run
from cnncalc.importing.files import import_model
from cnncalc.importing.weights import imported_weights

SIZES = {"vit_b_16": 224, "swin_t": 224, "inception_v3": 299}
NAMES = (
    "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small", "shufflenet_v2_x0_5", "squeezenet1_1", "googlenet",
    "inception_v3", "densenet121", "efficientnet_b0", "regnet_y_400mf", "convnext_tiny", "vit_b_16", "swin_t",
)  # fmt: skip


def of_torch(name: str) -> tuple[bytes, Any, Any]:
    """The .pt2 of a model of torchvision, an input without its batch, and the output."""
    import torch
    import torchvision  # type: ignore[import-not-found,import-untyped,unused-ignore]

    torch.manual_seed(0)
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    model = getattr(torchvision.models, name)(**options).eval()
    for key, tensor in model.state_dict().items():
        if key.endswith("running_var"):
            tensor.uniform_(0.5, 2)
        elif key.endswith("running_mean") or (tensor.dim() == 1 and tensor.is_floating_point()):
            tensor.normal_(0.5, 0.1)
        elif tensor.is_floating_point() and not tensor.any():  # what is learned from zero would hide mistakes
            tensor.normal_(0, 0.1)
    x, file = torch.randn(1, 3, *(SIZES.get(name, 96),) * 2), BytesIO()
    torch.export.save(torch.export.export(model, (x,)), file)
    with torch.no_grad():
        return file.getvalue(), x[0].numpy(), model(x)[0].numpy()


def main(names: list[str]) -> None:
    """Print a line for each model: seconds of the import, and the largest difference beside the largest value."""
    for name in names or NAMES:
        content, x, expected = of_torch(name)
        start = time.perf_counter()
        try:
            model = import_model(f"{name}.pt2", content)
            seconds = time.perf_counter() - start
            found = np.asarray(run(text=model.text, input=x, weights=imported_weights(model)))
        except Exception as error:  # the others are of interest, too
            print(f"! {name:20} {type(error).__name__}: {str(error)[:200]}")
            continue
        difference = float(abs(found - expected).max() / abs(expected).max())
        print(f"{'! ' if difference > 1e-5 else '  '}{name:20} {seconds:.2f} s, {difference:.1e} of the largest value")


if __name__ == "__main__":
    main(sys.argv[1:])
