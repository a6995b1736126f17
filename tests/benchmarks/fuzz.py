"""Damaged files of every format: what is read of each, or what message it gets, how fast, and with how much memory.

    PYTHONPATH=.:tests python tests/benchmarks/fuzz.py [FORMAT...] [--count 20000] [--seed 1] [--folder FOLDER]

FOLDER has files of the formats; small ones of the tests are used beside them. Case NUMBER of
a seed is always the same. Every input that fails is written to the folder of failures. The exit code is 1 if anything
but an error of the package came up.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from command_lines import command_line, run
from homework.marked import RIGHT, exercise, table
from importing.making import keras, onnx
from importing.test_import import PT2, onnx_file
from mutations import Mutation, fields, lines, members, numbers, packed, raw, tree, words
from safetensors.numpy import save

import cnncalc
from cnncalc.analysis.derivation import derive
from cnncalc.check.baseline import read_baseline
from cnncalc.check.configuration import LIMITS, read_configuration
from cnncalc.check.engine import check_source
from cnncalc.check.rulebook import chosen_rules
from cnncalc.check.settings import Settings
from cnncalc.errors import CnnCalcError
from cnncalc.executor.base import TensorRequest
from cnncalc.executor.loading import find_weights
from cnncalc.exporting.export import TARGETS, exported
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.reading import read_sheet
from cnncalc.homework.roster import read_roster
from cnncalc.importing.files import ImportOptions, import_model
from cnncalc.language.source import bundled_names, read_bundled, read_source
from cnncalc.proofreading import proofread as proofreading
from cnncalc.proofreading.document import read_document
from cnncalc.proofreading.networks import judge_code_itself, networks_of
from cnncalc.rewriting.format import format_spec

TESTS = Path(__file__).resolve().parents[1]
SLOW, HANGING = 1.0, 20.0
"""Seconds of the processor."""

MEMORY = 3_000_000_000
LARGEST_SEED = 10_000
SMALL = 1_500
"""Characters of an architecture that is exported."""

CHUNK = 250
CASES, SOURCES = TESTS / "importing" / "cases", TESTS / "importing" / "sources"
TEXT: tuple[Mutation, ...] = (raw, lines, numbers, words)
JSON: tuple[Mutation, ...] = (tree, tree, tree, raw, numbers, words)


BASELINE = b'{"cnncalc": 1, "findings": [{"file": "a.yaml", "rule": "claim", "fingerprint": "12ab", "message": "x"}]}'


class Fuzzed(NamedTuple):
    """A kind of input.

    Attributes:
        seeds: what is damaged, given the folder.
        mutations: the ways to damage it.
        read: what reads it; fails with an error of the package.
    """

    seeds: Callable[[Path], list[bytes]]
    mutations: Sequence[Mutation]
    read: Callable[[Random, bytes], object]


class Hanging(BaseException):
    """A case takes too long."""


def model(name: str) -> Callable[[Random, bytes], object]:
    """What reads a model file: as it is, with what is not known as opaque, or flat with another input."""
    ways = 4 * [ImportOptions()] + [ImportOptions(partial=True), ImportOptions(flat=True, input=(3, 64, 64))]

    def read(chance: Random, content: bytes) -> object:
        return cnncalc.analyze(text=import_model(name, content, chance.choice(ways)).text)

    return read


def files(*patterns: str) -> Callable[[Path], list[bytes]]:
    """The small files of these names in the folder and in the tests."""

    def seeds(folder: Path) -> list[bytes]:
        paths = [path for start in (folder, CASES, SOURCES) for one in patterns for path in sorted(start.glob(one))]
        return [path.read_bytes() for path in paths if path.stat().st_size <= LARGEST_SEED]

    return seeds


def keras3(folder: Path) -> list[bytes]:
    """Keras 3: of files, and one small layer each."""
    layers: list[tuple[str, dict[str, Any]]] = [
        ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "groups": 1}),
        ("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}),
        ("UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"}), ("LSTM", {"units": 3}),
        ("ZeroPadding2D", {"padding": [[1, 0], [0, 1]]}),
        ("LayerNormalization", {"axis": [3], "epsilon": 1e-5}), ("Reshape", {"target_shape": [48, 4]}),
        ("Dense", {"units": 5, "activation": "relu"}), ("MaxPooling2D", {"pool_size": 2}), ("Flatten", {}),
        ("Bidirectional", {"layer": {"class_name": "LSTM", "config": {"name": "l", "units": 4}}}),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 4}),
    ]  # fmt: skip
    return [*files("keras/*.json", "keras3.json")(folder), *(keras(one, shape=(8, 8, 3)) for one in layers)]


def wrapped(data: dict[str, Any]) -> bytes:
    """The model.json of TensorFlow.js."""
    weights = [{"paths": ["a.bin"], "weights": [{"name": "conv/kernel", "shape": [3, 3, 3, 8], "dtype": "float32"}]}]
    topology = {"keras_version": "2.2.4", "backend": "tensorflow", "model_config": data}
    return json.dumps({"format": "layers-model", "modelTopology": topology, "weightsManifest": weights}).encode()


def models(folder: Path) -> list[bytes]:
    """The .pt2 files."""
    return [*files("pt2/*alexnet.pt2", "pt2/*vgg11_bn.pt2")(folder), PT2]


def nodes(folder: Path) -> list[bytes]:
    """The ONNX files, and one small node each."""
    small = [
        onnx("Resize", (1, 3, 8, 8), [], [1.0, 1.0, 2.0, 1.5], mode="linear"),
        onnx("Split", (1, 4, 8, 8), axis=1, outputs=2),
        onnx("ConvTranspose", (1, 3, 8, 8), (3, 8, 3, 3), strides=[2, 2]), onnx("Softmax", (1, 4), axis=1),
        onnx("Reshape", (1, 3, 8, 8), [0, -1, 4]), onnx("Pad", (1, 3, 8, 8), [0, 0, 1, 1, 0, 0, 1, 1]),
        onnx("Gemm", (1, 8), (8, 4), (4,)), onnx("Slice", (1, 3, 8, 8), [0], [2], [1]),
        onnx("Transpose", (1, 3, 8), perm=[0, 2, 1]),
        onnx("ReduceMean", (1, 3, 8, 8), axes=[2, 3]), onnx("LSTM", (5, 1, 3), (1, 16, 3), (1, 16, 4), hidden_size=4),
    ]  # fmt: skip
    return [*files("onnx/*.onnx")(folder), onnx_file(), *small]


def sources(folder: Path) -> list[bytes]:
    """Sources, with the size of an input and a model where they leave it open."""
    calls = b"\nimport torch\nmodel = %s\nmodel(torch.randn(1, 3, 32, 32))\n"
    made = {"resnet": b"ResNet18()", "vgg": b'VGG("VGG16")'}
    return [
        path.read_bytes() + (calls % made[path.stem] if path.stem in made else b"")
        for path in sorted(SOURCES.iterdir())
    ]


def notebooks(folder: Path) -> list[bytes]:
    """Each source as a notebook of three cells, and as a text with fences."""
    found = []
    for text in map(bytes.decode, sources(folder)):
        parts = text.split("\n\n", 2)
        cells = [{"cell_type": "code", "source": part.splitlines(keepends=True)} for part in parts]
        found += [json.dumps({"cells": cells, "nbformat": 4}).encode(), f"# Net\n\n```python\n{text}```\n".encode()]
    return found


def specs(folder: Path) -> list[bytes]:
    """Small architectures, and the specs of the tests."""
    good = [path.read_bytes() for path in sorted((TESTS / "language" / "good").glob("*.yaml"))]
    return good + [one for name in bundled_names() if len(one := read_bundled(name).text.encode()) <= SMALL]


def export(chance: Random, content: bytes) -> object:
    """What exports a spec."""
    report = cnncalc.analyze(text=content.decode("utf-8", "replace"))
    return exported(report, chance.choice(["pytorch", "pytorch", "keras", "keras", *TARGETS]))


def documents(folder: Path) -> list[bytes]:
    """The write-ups in the folder `seeds` beside the given one, and those of the tests."""
    written = [*(folder.parent / "seeds").glob("*.md"), *(TESTS / "planted").glob("*.md"), *SOURCES.glob("*.md")]
    return [path.read_bytes() for path in sorted(written)]


def proofread(chance: Random, content: bytes) -> object:
    """What proofreads a document, as the command does."""
    with NamedTemporaryFile(suffix=".md") as file:
        file.write(content)
        file.flush()
        document, own = read_document(file.name), list(networks_of(file.name))
        found = proofreading.proofread(document, [("its own code", one) for _, one in own])
        return [*found, *judge_code_itself(document, own)]


def in_file(suffix: str, read: Callable[[str], object]) -> Callable[[Random, bytes], object]:
    """What reads a file of a name with this end, of these bytes."""

    def of_content(chance: Random, content: bytes) -> object:
        with NamedTemporaryFile(suffix=suffix) as file:
            file.write(content)
            file.flush()
            return read(file.name)

    return of_content


def spec(chance: Random, content: bytes) -> object:
    """What checks a spec with every rule, and prints its table and its derivations."""
    with NamedTemporaryFile(suffix=".yaml") as file:
        file.write(content)
        file.flush()
        report = cnncalc.analyze(file.name)
        source = read_source(file.name)
    check_source(source, Settings(rules=chosen_rules(["all"])))
    format_spec(source)
    return [derive(report, layer) for layer in report.layers[:50]]


def configurations(folder: Path) -> list[bytes]:
    """Two configurations with every key."""
    limits = "".join(f"{option} = '5M'\n" for option in LIMITS if not option.endswith("memory"))
    rest = "per-file-ignores = {'old/*.yaml' = ['claim', 'budget'], '**/a.yaml' = ['all']}\nmax-peak-memory = 5000\n"
    keys = (
        "select = ['all']\nignore = ['claim']\nexclude = ['drafts', 'a/**/b.yaml']\nfail-on = 'note'\nstrict = true\n"
    )
    return [f"{keys}baseline = 'known.json'\n{limits}{rest}".encode(), b"[per-file-ignores]\n'a.yaml' = ['default']\n"]


def configure(path: str) -> object:
    """What a configuration is for a file."""
    configured = read_configuration(path)
    return configured.excluded.holds("a/b.yaml"), configured.ignored.ids("old/a.yaml")


def sheets(folder: Path) -> list[bytes]:
    """Sheets about the network of the tests of homework: right, with working, in Markdown, in YAML."""
    rows = [f"| {name} | {out} | {params} |\n" for name, (out, params) in RIGHT.items()]
    working = "layer,out,params,working\nconv1,28x28x8,608,(32-5)/1+1 = 28\nconv2,16x14x14,1168,8*16*9 + 16 = 1168\n"
    texts = [table(RIGHT), table(RIGHT, ","), working, "| layer | out | params |\n|---|---|---|\n" + "".join(rows)]
    texts += [
        "answers:\n  conv1: {out: 8x28x28, params: 608}\n  fc: {params: 7850}\n",
        "sheet;lenet\nlayer;macs\nfc;7840\n",
    ]
    return [text.encode() for text in texts]


def grade(chance: Random, content: bytes) -> object:
    """What marks a sheet."""
    path = chance.choice([".csv", ".csv", ".md", ".yaml", ".txt", ".html", ".tex", ".tsv"])
    return in_file(path, lambda name: mark_sheet(exercise(), read_sheet(name), ()))(chance, content)


SHAPES: dict[tuple[str, str], tuple[int, ...]] = {("fc", "weight"): (2, 3), ("fc", "bias"): (2,)}


def weights(suffix: str) -> Callable[[Path], list[bytes]]:
    """A file of the weights of a small layer, as numpy and safetensors write it."""
    tensors = {"fc/weight": np.ones((2, 3), np.float32), "fc.bias": np.array([7.0, 8.0]), "counter": np.array(9)}
    buffer = BytesIO()
    np.savez(buffer, **tensors)  # type: ignore[arg-type]  # its stub knows no keywords but allow_pickle
    return lambda folder: [buffer.getvalue() if suffix == ".npz" else save(tensors)]


def load(path: str) -> object:
    """The values of all weights in a file."""
    source, _ = find_weights(path, SHAPES, 0)
    return [source.tensor(TensorRequest(*key, sizes)) for key, sizes in SHAPES.items()]


FORMATS: dict[str, Fuzzed] = {
    "pt2": Fuzzed(models, [members(JSON)], model("net.pt2")),
    "onnx": Fuzzed(nodes, [fields, fields, fields, raw], model("net.onnx")),
    "keras3": Fuzzed(keras3, JSON, model("net.json")),
    "keras2": Fuzzed(files("keras2.json", "keras2/*.json"), JSON, model("net.json")),
    "tfjs": Fuzzed(lambda folder: [wrapped(json.loads(one)) for one in keras3(folder)], JSON, model("model.json")),
    ".keras": Fuzzed(
        lambda folder: [packed({"config.json": one, "metadata.json": b"{}"}) for one in keras3(folder)],
        [members(JSON)], model("net.keras"),
    ),
    "caffe": Fuzzed(files("caffe/*.prototxt", "*.prototxt"), TEXT, model("net.prototxt")),
    "darknet": Fuzzed(files("darknet/*.cfg", "*.cfg"), TEXT, model("net.cfg")),
    "torchinfo": Fuzzed(files("printouts/torchinfo*.txt", "torchinfo.txt"), TEXT, model("net.txt")),
    "torchsummary": Fuzzed(files("printouts/*torchsummary*.txt"), TEXT, model("net.txt")),
    "model_summary": Fuzzed(files("printouts/pms*.txt"), TEXT, model("net.txt")),
    "keras_summary": Fuzzed(files("printouts/keras2*.txt", "summary.txt"), TEXT, model("net.txt")),
    "print": Fuzzed(files("printouts/print*.txt", "printed.txt"), TEXT, model("net.txt")),
    "python": Fuzzed(sources, (*TEXT, words, words), model("")),
    "notebook": Fuzzed(notebooks, (*JSON, lines), model("")),
    "export": Fuzzed(specs, (*TEXT, words, words), export),
    "proofread": Fuzzed(documents, TEXT, proofread),
    "spec": Fuzzed(specs, (*TEXT, words, words), spec),
    "configuration": Fuzzed(configurations, (*TEXT, words), in_file(".cnncalc.toml", configure)),
    "baseline": Fuzzed(lambda folder: [BASELINE], JSON, in_file(".json", read_baseline)),
    "roster": Fuzzed(lambda folder: [b"id,name\n1,Ada\n2,Bob\n", b"Ada\nBob\n"], TEXT, in_file(".csv", read_roster)),
    "sheet": Fuzzed(sheets, (*TEXT, words, words), grade),
    ".npz": Fuzzed(weights(".npz"), [raw, members([raw, numbers, words])], in_file(".npz", load)),
    ".safetensors": Fuzzed(weights(".safetensors"), (raw, numbers, words), in_file(".safetensors", load)),
    "command": Fuzzed(lambda folder: [b""], [command_line], run),
}  # fmt: skip
"""What can be fuzzed. A further kind is a line here: what it starts from, how it is damaged, and what reads it."""


def case(name: str, seeds: Sequence[bytes], seed: int, number: int) -> tuple[Random, bytes]:
    """The source of chance and the bytes of a case."""
    chance = Random(f"{name} {seed} {number}")
    content = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        content = chance.choice(FORMATS[name].mutations)(chance, content, seeds)
    return chance, content


def outcome(name: str, chance: Random, content: bytes) -> str:
    """`read`, `refused`, what a message does not say, or a traceback."""
    signal.setitimer(signal.ITIMER_PROF, HANGING)
    try:
        FORMATS[name].read(chance, content)
    except CnnCalcError as error:
        hidden = error.__context__ and error.__context__.__context__
        return f"vague {_raised(hidden)}" if hidden and "make no sense" in str(error) else "refused"
    except (Exception, Hanging) as error:
        return f"traceback {_raised(error)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "read"


def _raised(error: BaseException) -> str:
    """An error, and the innermost place in the package."""
    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if "/cnncalc/" in frame.filename]
    return (
        f"{type(error).__name__} in {'/'.join(inside[-1].filename.split('/')[-2:])}:{inside[-1].lineno}"
        if inside
        else repr(error)
    )


def hang(*_: object) -> None:
    """Leave what takes too long."""
    raise Hanging


def work(name: str, seeds: Sequence[bytes], seed: int, start: int, stop: int, done: Any) -> None:
    """Send the outcome, the seconds and the memory in MB of each case to the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, hang)
    for number in range(start, stop):
        chance, content = case(name, seeds, seed, number)
        before, high = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = outcome(name, chance, content)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - high
        done.send((number, result, time.process_time() - before, grown // 1024))


def results(
    name: str, seeds: Sequence[bytes], seed: int, count: int, jobs: int
) -> Iterator[tuple[int, str, float, int]]:
    """The outcome of every case, from worker processes; one that dies has a case that ends a process."""
    starts, running = list(range(0, count, CHUNK))[::-1], list[tuple[Any, Any, int, int]]()
    fork = multiprocessing.get_context("fork")
    while starts or running:
        while starts and len(running) < jobs:
            start = starts.pop()
            ours, theirs = fork.Pipe(duplex=False)
            stop = min(start // CHUNK * CHUNK + CHUNK, count)
            process = fork.Process(target=work, args=(name, seeds, seed, start, stop, theirs))
            process.start()
            theirs.close()
            running.append((process, ours, start, stop))
        for ready in multiprocessing.connection.wait([ours for _, ours, _, _ in running]):
            index = next(i for i, one in enumerate(running) if one[1] is ready)
            process, ours, number, stop = running[index]
            try:
                yield ours.recv()
                running[index] = process, ours, number + 1, stop
            except EOFError:
                process.join()
                del running[index]
                if number < stop:
                    yield number, f"traceback: the process ended with {process.exitcode}", 0.0, 0
                    starts += [number + 1] if number + 1 < stop else []


def fuzz(name: str, args: argparse.Namespace) -> bool:
    """Whether all cases of a format came to a message or were read; prints what came of them."""
    seeds, counts, slowest, largest = FORMATS[name].seeds(args.folder), Counter[str](), (0.0, 0), (0, 0)
    first: dict[str, int] = {}
    for number, result, seconds, memory in results(name, seeds, args.seed, args.count, args.jobs):
        found = [result] + [f"slow {seconds:.0f} s"] * (seconds > SLOW)
        slowest, largest = max(slowest, (seconds, number)), max(largest, (memory, number))
        for one in found:
            counts[one] += 1
            first[one] = min(first.get(one, number), number)
        if result.startswith("traceback") or seconds > SLOW:
            args.failures.mkdir(parents=True, exist_ok=True)
            (args.failures / f"{name}-{args.seed}-{number}").write_bytes(case(name, seeds, args.seed, number)[1])
    sums = {
        kind: sum(n for one, n in counts.items() if one.startswith(kind))
        for kind in ("refused", "vague", "read", "traceback", "slow")
    }
    print(f"{name}: {args.count:,} of {len(seeds)} seeds, {', '.join(f'{n:,} {kind}' for kind, n in sums.items())}; "
          f"longest {slowest[0]:.2f} s (case {slowest[1]}), largest {largest[0]} MB (case {largest[1]})")  # fmt: skip
    for one, n in counts.most_common():
        if one not in ("read", "refused"):
            print(f"    {n:6,} {one} (case {first[one]})")
    sys.stdout.flush()
    return not sums["traceback"]


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("formats", nargs="*", choices=[*FORMATS, []], default=[])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("samples"))
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    args = parser.parse_args()
    with TemporaryDirectory(prefix="fuzz-") as tempfile.tempdir:  # what workers leave that are ended
        failed = [name for name in args.formats or FORMATS if not fuzz(name, args)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
