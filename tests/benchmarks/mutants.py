"""How many small mistakes in the package nobody notices: one is planted at a time, in a copy, and tests are run.

    python tests/benchmarks/mutants.py [COUNT] [--seed N] [--jobs N] [--only PART_OR_FILE] [--log FILE]

A quarter of the mutants each is in layers, executor, analysis, and what reads and writes formats. The tests of the
module run until one fails, then `verify` runs over some networks. Printed is each mutant that survives, with why it
changes nothing if `mutants.txt` says so. Target: at most 5 % survive; the exit status is 1 if more do without a reason.
"""

import argparse
import ast
import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, NoReturn

ROOT = Path(__file__).parents[2]
REASONS = Path(__file__).with_suffix(".txt")
PARTS = {"layers": ("layers",), "executor": ("executor",), "analysis": ("analysis",),
         "formats": ("importing", "exporting", "formats")}  # fmt: skip
TESTS = {
    "layers/reach": ("analysis/test_receptive_field.py verification/test_verify.py", "verification/test_planted.py"),
    "layers": (
        "layers network/test_vocabulary.py analysis/test_ops.py analysis/test_memory.py",
        "executor/test_witness.py analysis/test_receptive_field.py verification/test_verify.py cli/test_layers.py "
        "cli/test_explain.py network language explaining exporting/test_code.py",
    ),
    "executor/files": ("executor/files", "executor cli/test_run.py importing/test_weights.py"),
    "executor/maps": ("executor/test_maps.py", "cli/test_maps.py"),
    "executor": ("executor/test_values.py verification/test_values.py", "executor verification cli/test_run.py"),
    "analysis/misconceptions": ("analysis/misconceptions", "explaining homework/test_single_mistakes.py"),
    "analysis": (
        "analysis/test_report.py analysis/test_claims.py",
        "analysis explaining cli/test_figures.py cli/test_explain.py cli/test_solve.py",
    ),
    "importing/source": ("importing/test_source.py importing/test_source_places.py", "importing"),
    "importing": ("importing/test_operations.py importing/test_readers.py", "importing"),
    "exporting": ("exporting/test_code.py exporting/test_files.py", "exporting"),
    "formats": ("formats", "verification/test_onnx_runtime.py"),
}
"""Which tests are about a module, by the beginning of its path: first the quick ones."""
NETWORKS = ["lenet5", "mnist_keras", "resnet20_cifar10"]
"""What `verify` executes in the end."""
SECONDS = 300
"""Of a processor, until a stage is ended: the mutant made it endless. Ten times that by the clock, if it waits."""
MEMORY = 8 << 30
NOTICED = ("", "tests", "verify", "the clock")
"""Who notices a mutant. Endless is none that only waits for a busy machine: it is counted apart."""
ENDLESS = 3
TEXT = (ast.JoinedStr, ast.Raise, ast.Import, ast.ImportFrom, ast.Assert)
"""What no mutant is made in: messages, and what only the type checker needs."""

OPERATORS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("{} - {}",), ast.Sub: ("{} + {}",), ast.Mult: ("{} // {}", "{} + {}"), ast.Div: ("{} * {}",),
    ast.FloorDiv: ("{} * {}", "-(-{} // {})"), ast.Mod: ("{} // {}",), ast.Pow: ("{} * {}",),
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "floor": "ceil", "ceil": "floor",
         "any": "all", "all": "any", "round": "int", "rint": "floor", "sum": "max", "fsum": "max"}  # fmt: skip


class Mutant(NamedTuple):
    """A mistake: `new` in place of `old` in a file, at an offset in its bytes."""

    path: str
    line: int
    offset: int
    old: str
    new: str

    def applied(self, content: bytes) -> bytes:
        """The file with the mistake."""
        return content[: self.offset] + self.new.encode() + content[self.offset + len(self.old.encode()) :]

    def lines(self) -> str:
        """The line of code before and after."""
        content = (ROOT / self.path).read_bytes()
        before = content.decode().splitlines()[self.line - 1].strip()
        after = self.applied(content).decode().splitlines()[self.line - 1].strip()
        return f"{self.path}: {before}  =>  {after}"


def replacements(node: ast.AST) -> Iterator[str]:  # noqa: C901 - a table
    """The replacements of a node, one mistake each."""
    match node:
        case ast.BinOp(left, op, right) if not _is_text(left) and not _is_text(right):
            for form in OPERATORS.get(type(op), ()):
                yield f"({form.format(f'({ast.unparse(left)})', f'({ast.unparse(right)})')})"
        case ast.Compare(left, [op, *ops], others) if type(op) in COMPARISONS:
            yield f"({ast.unparse(ast.Compare(left, [COMPARISONS[type(op)](), *ops], others))})"
        case ast.BoolOp(op, values):
            yield f"({ast.unparse(ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values))})"
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield f"({ast.unparse(operand)})"
        case ast.Constant(bool(value)):
            yield str(not value)
        case ast.Constant(int(value)):
            yield from (str(value + 1), f"({value - 1})")
        case ast.Constant(float(value)) if value:
            yield repr(value * 2)
        case ast.Call(ast.Name("min" | "max"), [_, _]):
            pass  # alike in either order, and its name is a site of its own
        case ast.Call(function, [first, second, *others], keywords) if not _starred(first, second):
            yield ast.unparse(ast.Call(function, [second, first, *others], keywords))
        case ast.Call(function, arguments, [*keywords, ast.keyword(str(), _)]):
            yield ast.unparse(ast.Call(function, arguments, keywords))
        case ast.Name(name) | ast.Attribute(_, name) if name in NAMES:
            yield ast.unparse(node).removesuffix(name) + NAMES[name]
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield "pass"
        case ast.If(_, _, []) as branch if not any(isinstance(one, ast.Raise) for one in branch.body):
            yield "pass"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _starred(*nodes: ast.expr) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes) or ast.dump(nodes[0]) == ast.dump(nodes[1])


def walked(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in which mistakes are made: neither messages nor annotations, nor zip's strict, which only asserts."""
    if isinstance(node, TEXT) or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or getattr(node, "arg", "") == "strict":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walked(child)


def mutants_of(path: Path) -> Iterator[list[Mutant]]:
    """For each site of a file the mutants that it may become."""
    content = path.read_bytes()
    starts = [0]
    for line in content.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in walked(ast.parse(content)):
        if news := list(replacements(node)):
            start = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
            stop = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
            old, name = content[start:stop].decode(), str(path.relative_to(ROOT))
            yield [Mutant(name, node.lineno, start, old, new) for new in news]  # type: ignore[attr-defined]


def is_program(mutant: Mutant) -> bool:
    """Whether Python reads it, as something else than the file without it."""
    content = (ROOT / mutant.path).read_bytes()
    try:
        return ast.dump(ast.parse(mutant.applied(content))) != ast.dump(ast.parse(content))
    except SyntaxError:
        return False


def chosen(count: int, seed: int, only: str) -> list[Mutant]:
    """As many mutants of each part, drawn by the seed; of a site at most one."""
    chance = Random(seed)
    found: list[Mutant] = []
    parts = [only] if only else [*PARTS]
    for number, part in enumerate(parts):
        folders = [ROOT / "cnncalc" / name for name in PARTS.get(part, (part,))]
        files = [path for one in folders for path in ([one] if one.is_file() else sorted(one.rglob("*.py")))]
        sites = [site for path in files for site in mutants_of(path)]
        chance.shuffle(sites)
        wanted = count * (number + 1) // len(parts) - count * number // len(parts)
        found += islice(filter(is_program, map(chance.choice, sites)), wanted)
    chance.shuffle(found)  # so that what was done of an unfinished run stands for all
    return found


def tests_of(path: str, folder: Path) -> list[list[str]]:
    """The tests of a module in two stages: that of its name and the first of its part, then the others."""
    module = Path(path).relative_to("cnncalc").with_suffix("")
    named = [*map(str, sorted((folder / "tests" / module.parts[0]).rglob(f"test_{module.name}.py")))]
    key = max((key for key in TESTS if str(module).startswith(key)), key=len)
    first, others = ([str(folder / "tests" / name) for name in names.split()] for names in TESTS[key])
    return [list(dict.fromkeys([*named, *first])), others]


def pytest_status(folder: Path, tests: list[str]) -> int:
    """What pytest exits with, in the package of a folder."""
    import pytest

    enter(folder)
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]))


def verify_status(folder: Path) -> int:
    """What `verify` exits with there."""
    enter(folder)
    from cnncalc.cli.main import cli

    try:
        cli(["verify", "--summary", *NETWORKS], standalone_mode=False)
    except SystemExit as stop:
        return int(bool(stop.code))
    return 0


def enter(folder: Path) -> None:
    """Import the package from a folder from now on, and compile it once for all mutants."""
    os.chdir(folder)
    sys.path[:] = [str(folder), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    os.environ["PYTHONPATH"] = str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def forked(work: Callable[[], int]) -> int:
    """What work gives in a process of its own: 1 after an exception, `ENDLESS` after too many seconds."""
    process = os.fork()
    if not process:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 10))
        signal.alarm(10 * SECONDS)
        _exit_with(work)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return ENDLESS if status in (-signal.SIGXCPU, -signal.SIGALRM) else status


def _exit_with(work: Callable[[], int]) -> NoReturn:
    status = 1
    try:
        status = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def judged(folder: Path, stages: list[list[str]]) -> int:
    """Who notices that the package in a folder is wrong, as the place in `NOTICED`."""
    for tests in stages:
        if status := forked(lambda tests=tests: pytest_status(folder, tests)):  # type: ignore[misc]
            return ENDLESS if status == ENDLESS else 1
    return 2 if forked(lambda: verify_status(folder)) else 0


def start(folder: Path, stages: list[list[str]]) -> int:
    """The process that looks for a mistake in a folder; it exits with what `judged` gives."""
    process = os.fork()
    if not process:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        output = os.open(folder / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _exit_with(lambda: judged(folder, stages))
    return process


def copied(number: int, parent: str) -> Path:
    """A copy of the checkout."""
    folder = Path(parent) / f"copy{number}"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", ".hypothesis", "__pycache__", ".venv"))
    return folder


def load_others() -> None:
    """Import everything outside of the package, so that each process need not."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(ROOT))]
    for name in ("numpy", "pytest", "yaml", "click.testing", "rich.console", "onnx", "onnxruntime"):
        with contextlib.suppress(ImportError):
            __import__(name)


def failed(folder: Path) -> str:
    """The test that failed, as pytest's output names it."""
    lines = (folder / "output.txt").read_text("utf-8", "replace").splitlines()
    return next((line for line in lines if line.startswith(("FAILED", "ERROR"))), "")[:200]


def results(mutants: list[Mutant], jobs: int) -> Iterator[tuple[Mutant, str, str, float]]:
    """Each mutant, who noticed it, the test that failed, and after how many seconds."""
    load_others()
    with tempfile.TemporaryDirectory(prefix="mutants") as parent:
        free = [copied(number, parent) for number in range(jobs)]
        running: dict[int, tuple[Mutant, Path, float]] = {}
        waiting = list(mutants)
        while waiting or running:
            while waiting and free:
                mutant, folder = waiting.pop(0), free.pop()
                target = folder / mutant.path
                target.write_bytes(mutant.applied((ROOT / mutant.path).read_bytes()))
                os.utime(target, (len(waiting), len(waiting)))  # no compiled file is taken for that of another mutant
                running[start(folder, tests_of(mutant.path, folder))] = mutant, folder, time.monotonic()
            process, status = os.wait()
            mutant, folder, began = running.pop(process)
            shutil.copy2(ROOT / mutant.path, folder / mutant.path)
            test, by = failed(folder), NOTICED[os.waitstatus_to_exitcode(status)]
            free.append(folder)
            yield mutant, NOTICED[ENDLESS] if "TimeoutExpired" in test else by, test, time.monotonic() - began


def reasons() -> dict[str, str]:
    """Why mutants change nothing, by their lines: a line of code, and below it, indented, why."""
    found: dict[str, str] = {}
    key = ""
    for line in REASONS.read_text("utf-8").splitlines() if REASONS.exists() else []:
        if line.startswith("    "):
            found[key] = f"{found.get(key, '')} {line.strip()}".strip()
        elif line.strip():
            key = line.strip()
    return found


def see_unchanged(jobs: int) -> bool:
    """Whether any test fails without a mistake; printed is who fails, and how long each part takes."""
    wrong = False
    files = (next(ROOT.glob(f"cnncalc/{part}{end}"), None) for part in TESTS for end in (".py", "/__init__.py"))
    mutants = [Mutant(str(file.relative_to(ROOT)), 1, 0, "", "") for file in files if file]
    for mutant, who, test, seconds in results(mutants, jobs):
        print(f"{mutant.path}: {seconds:.0f} seconds; {f'fails: {who} {test}' if who else 'passes'}", flush=True)
        wrong |= bool(who)
    return wrong


def main() -> None:
    """Print who survives, and how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="a part, or a folder or file of cnncalc as layers/reach.py")
    parser.add_argument(
        "--unchanged", action="store_true", help="see that the tests pass without a mistake, and no more"
    )
    parser.add_argument("--log", type=Path, help="a line of JSON for each mutant")
    arguments = parser.parse_args()
    known, unexplained = reasons(), 0
    if arguments.unchanged:
        sys.exit(see_unchanged(arguments.jobs))
    mutants = chosen(arguments.count, arguments.seed, arguments.only)
    by: dict[str, int] = {}
    for mutant, who, test, seconds in results(mutants, arguments.jobs):
        by[who or "nobody"] = by.get(who or "nobody", 0) + 1
        if arguments.log:
            record: dict[str, Any] = {**mutant._asdict(), "noticed": who, "test": test, "seconds": round(seconds, 1)}
            with arguments.log.open("a") as log:
                log.write(json.dumps(record) + "\n")
        if not who:
            why = known.get(mutant.lines(), "")
            unexplained += not why
            print(
                f"{mutant.path}:{mutant.line}: {mutant.old!r} -> {mutant.new!r}: {why or 'NOT EXPLAINED'}", flush=True
            )
    print(f"{len(mutants)} mutants, noticed by " + ", ".join(f"{who} {count}" for who, count in sorted(by.items())))
    print(f"{unexplained / len(mutants):.1%} survive without a reason")
    sys.exit(unexplained > len(mutants) / 20)


if __name__ == "__main__":
    main()
