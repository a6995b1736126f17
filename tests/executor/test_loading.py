"""A network's weights: from .npz, .safetensors and arrays at hand, or drawn."""

from pathlib import Path

import numpy as np
import pytest
from archives import save_npz
from safetensors.numpy import save_file

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, TensorRequest, WeightSource
from cnncalc.executor.loading import find_weights

EXPECTED = {("fc", "weight"): (2, 3), ("fc", "bias"): (2,)}
TENSORS = {"fc/weight": np.array([[1, 2, 3], [4, 5, 6]]), "fc.bias": np.array([7.0, 8.0]), "counter": np.array(9)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tensor(source: WeightSource, name: str) -> Array:
    return source.tensor(TensorRequest("fc", name, EXPECTED["fc", name]))


@pytest.mark.parametrize("path", ["w.npz", "w.NPZ", "w.safetensors"])
def test_weights_are_loaded_by_their_names(path: str) -> None:
    if path == "w.safetensors":
        save_file(TENSORS, path)
    else:
        with open(path, "wb") as file:
            save_npz(file, TENSORS)
    source, unused = find_weights(path, EXPECTED, 0)
    assert tensor(source, "weight").tolist() == [[1, 2, 3], [4, 5, 6]]
    assert tensor(source, "bias").tolist() == [7, 8]
    assert unused == ("counter",)


def test_a_tensor_that_no_layer_uses_is_not_read() -> None:
    save_npz("w.npz", {**TENSORS, "counter": np.array([np.nan])})
    assert find_weights("w.npz", EXPECTED, 0)[1] == ("counter",)


def test_weights_that_do_not_fit_are_told_with_the_file() -> None:
    save_npz("w.npz", {"fc/weight": np.ones((3, 2))})
    with pytest.raises(ExecutionError) as raised:
        find_weights("w.npz", EXPECTED, 0)
    assert str(raised.value).splitlines() == [
        "w.npz does not fit the network:",
        "  fc/bias: missing, 2 expected",
        "  fc/weight: 3x2 found, 2x3 expected; transpose it with axes [1, 0]",
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("w.pth", "; a pickled checkpoint is not read, because that would run its code"),
        ("w.pt", "; a pickled checkpoint is not read, because that would run its code"),
        ("w.h5", ""),
        ("w", ""),
    ],
)
def test_other_files_are_refused(path: str, reason: str) -> None:
    with pytest.raises(ExecutionError) as raised:
        find_weights(path, EXPECTED, 0)
    assert str(raised.value) == f"{path}: weights are read from .npz and .safetensors files{reason}"


def test_arrays_at_hand_are_taken_by_their_names() -> None:
    source, unused = find_weights({"fc.weight": [[1, 2, 3], [4, 5, 6]], "fc/bias": (7, 8), "more": 1}, EXPECTED, 0)
    assert tensor(source, "weight").tolist() == [[1, 2, 3], [4, 5, 6]]
    assert tensor(source, "bias").dtype == np.float32
    assert unused == ("more",)


def test_arrays_at_hand_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ExecutionError, match="^the mapping of weights does not fit the network:\n  fc/bias: missing"):
        find_weights({"fc.weight": np.ones((2, 3))}, EXPECTED, 0)
    with pytest.raises(ExecutionError, match=r"^fc.bias holds nan at \[1\]; finite numbers are expected$"):
        find_weights({"fc.weight": np.ones((2, 3)), "fc.bias": [1, np.nan]}, EXPECTED, 0)


def test_weights_that_are_not_given_are_drawn_from_the_seed() -> None:
    first, again, other = (tensor(find_weights(None, EXPECTED, seed)[0], "weight") for seed in (0, 0, 1))
    assert first.shape == (2, 3)
    assert (first == again).all()
    assert (first != other).all()


def test_weights_that_are_given_are_a_file_or_a_mapping() -> None:
    save_npz("w.npz", TENSORS)
    for given in ("w.npz", Path("w.npz"), TENSORS):
        source, unused = find_weights(given, EXPECTED, 0)
        assert (tensor(source, "bias").tolist(), unused) == ([7, 8], ("counter",))
