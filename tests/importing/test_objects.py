"""Models in memory: fakes have the attributes of the frameworks that are used; benchmarks try the real ones."""

import sys
from types import SimpleNamespace
from typing import IO

import pytest
from importing.making import pt2
from importing.test_import import CASES

import cnncalc

DENSE = pt2(
    {"p_fc": (2, 3), "x": (1, 3), "fc": (1, 2)}, [("fc", "linear.default", {"input": "x", "weight": "p_fc"})], "fc"
)


class StandIn:
    """A module that is in training, but for a part of it."""

    def __init__(self, *parts: "StandIn", training: bool = True) -> None:
        self.parts, self.training = parts, training

    def modules(self) -> list["StandIn"]:
        return [self, *self.parts]

    def eval(self) -> None:
        for module in self.modules():
            module.training = False


def stand_in_of_torch() -> SimpleNamespace:
    def export(model: StandIn, inputs: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
        return any(module.training for module in model.modules()), inputs

    def save(exported: tuple[bool, tuple[str, ...]], file: IO[bytes]) -> None:
        assert exported == (False, ("x",))
        file.write(DENSE)

    made = SimpleNamespace(export=export, save=save)
    return SimpleNamespace(nn=SimpleNamespace(Module=StandIn), export=made, Tensor=str)


@pytest.mark.parametrize("inputs", ["x", ("x",), ["x"]], ids=["one tensor", "a tuple", "a list"])
def test_a_module_is_exported_as_it_runs_after_training(monkeypatch: pytest.MonkeyPatch, inputs: object) -> None:
    monkeypatch.setitem(sys.modules, "torch", stand_in_of_torch())
    model = StandIn(StandIn(training=False))
    report = cnncalc.from_torch(model, inputs, batch=5)
    assert report.totals.params == 6
    assert report.totals.macs == 30
    assert [module.training for module in model.modules()] == [True, False]


def test_a_keras_model_is_its_configuration() -> None:
    model = SimpleNamespace(to_json=lambda: (CASES / "keras3.json").read_text("utf-8"))
    assert cnncalc.from_keras(model).totals.params == 43  # (2*3 + 1)*4 of the convolution, (4 + 1)*3 of the classifier


def test_another_object_is_told_what_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with pytest.raises(TypeError, match=r"from_torch\(\) takes a torch.nn.Module and its inputs, not builtins.str"):
        cnncalc.from_torch("net.pt", None)
    with pytest.raises(TypeError, match=r"from_keras\(\) takes a Keras model, which has to_json\(\), not builtins.str"):
        cnncalc.from_keras("net.h5")
    with pytest.raises(TypeError, match=r"not the class types.SimpleNamespace"):
        cnncalc.from_keras(SimpleNamespace)
    with pytest.raises(TypeError, match=r"call model.build\(\(None, 224, 224, 3\)\) first"):
        cnncalc.from_keras(SimpleNamespace(to_json=str, built=False))
    with pytest.raises(TypeError, match=r"Sequential and functional models; types.SimpleNamespace lists no layers"):
        cnncalc.from_keras(SimpleNamespace(to_json=lambda: "{}"))


@pytest.mark.parametrize("inputs", [None, (), (1, 3, 8, 8), {"x": "x"}], ids=str)
def test_inputs_that_are_no_tensors_are_refused(monkeypatch: pytest.MonkeyPatch, inputs: object) -> None:
    monkeypatch.setitem(sys.modules, "torch", stand_in_of_torch())
    with pytest.raises(TypeError, match=r"calls the module with tensors, as from_torch\(model, torch.zeros"):
        cnncalc.from_torch(StandIn(), inputs)
