"""Specs made to crash, stall or fill the memory: each ends in a short message, and quickly.

The large ones run in a process of their own, with 20 seconds of computing and 512 MB to spend.
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

import cnncalc

SECONDS = 20
"""Of computing; on a busy machine they take longer."""

BYTES = 2**29
MAX_MESSAGE = 1_000
"""Characters of one problem that a person could still read."""

HEAD = "input: 3x8x8\nlayers:\n"

FORKS = f"""
import json, os, resource, sys, time
sys.path[:0] = {sys.path!r}
import cnncalc

def outcome(spec):
    try:
        report = cnncalc.analyze(spec)
        return {{"report": [str(row.output_shape) for row in report.rows()][-1] + " " + str(report.totals)}}
    except cnncalc.CnnCalcError as error:
        lines = str(error).splitlines()
        found = {{"error": type(error).__name__, "lines": [line[:2000] for line in lines]}}
        return found | {{"problems": len(getattr(error, "problems", ())), "longest": max(map(len, lines))}}
    except Exception as error:
        return {{"crash": f"{{type(error).__name__}}: {{error}}"[:300]}}

for line in open(0):
    spec, stdin = json.loads(line)
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_AS, ({BYTES}, {BYTES}))
        resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
        sys.stdin = open(stdin)
        start, found = time.process_time(), outcome(spec)
        found["seconds"] = round(time.process_time() - start, 2)
        print(json.dumps(found), flush=True)
        os._exit(0)
    if status := os.waitpid(child, 0)[1]:
        print(json.dumps({{"crash": f"status {{status}}"}}), flush=True)
"""
"""A process that has imported cnncalc and makes one of its own for each spec: starting Python costs more than most."""

Outcome = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def outcome() -> Iterator[Outcome]:
    """`outcome(spec)`: what `cnncalc.analyze(spec)` comes to in a process of its own."""
    with subprocess.Popen([sys.executable, "-c", FORKS], stdin=PIPE, stdout=PIPE, encoding="utf-8") as forks:
        questions, answers = forks.stdin, forks.stdout
        assert questions
        assert answers

        def ask(spec: str, stdin: str = "/dev/null") -> dict[str, Any]:
            print(json.dumps([spec, stdin]), file=questions, flush=True)
            found: dict[str, Any] = json.loads(answers.readline())
            return found

        yield ask


SLOW = {
    "100,001 layers",
    "connections to 200,000 maps", "a sum of 100,000 that differ", "5,000 layers each with 30 unknown settings",
    "100,000 paths that differ", "100 unknown references among 10,000 names", "100 unknown kinds among 10,000 blocks",
    "100 unknown variables among 10,000", "100 claims about unknown layers among 10,000", "100,000 wrong keys",
    "50,000 inputs and 100 layers that say none", "50,000 variables and 100 unknown ones far from all",
    "50,000 layers", "50,000 layers on one line", "100,000 copies of one layer", "20,000 layers with claims about each",
    "20,000 layers that each refer to the one above", "100,000 paths", "a name of 1 MB on 90,000 copies",
    "a word of 1 MB passed to 50,000 blocks",
}  # fmt: skip
"""Specs below that take half a second or more."""


def titled(specs: dict[str, tuple[Any, ...]]) -> list[Any]:
    """The parameters of a test of each spec."""
    return [pytest.param(*spec, id=title, marks=[pytest.mark.slow] * (title in SLOW)) for title, spec in specs.items()]


def pairs(count: int, form: str) -> str:
    """`form` for each number below `count`."""
    return "".join(form.format(i) for i in range(count))


# Text of the spec → what one of the problems says, after the file's name.
REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    # Nesting
    "60 kB of [": (lambda: "[" * 60_000, ":1:41: nested more than 40 levels deep; use blocks: (depth)"),
    "60 kB of [ as layers": (lambda: "input: 3x8x8\nlayers: " + "[" * 60_000,
                             ":2:48: nested more than 40 levels deep; use blocks: (depth)"),
    "60 kB of {": (lambda: "{" * 60_000, ":1:41: nested more than 40 levels deep; use blocks: (depth)"),
    "60 kB of dashes": (lambda: "- " * 30_000, ":1:81: nested more than 40 levels deep; use blocks: (depth)"),
    "60 kB of question marks": (lambda: "? " * 30_000, ":1:81: nested more than 40 levels deep; use blocks: (depth)"),
    "2,000 indented keys": (lambda: "\n".join(" " * i + "a:" for i in range(2_000)),
                            ":41:41: nested more than 40 levels deep; use blocks: (depth)"),
    "2,000 nested residuals": (lambda: HEAD + "- residual: [" + "{residual: [" * 2_000,
                               "nested more than 40 levels deep; use blocks: (depth)"),
    # Anchors, tags, directives
    "a billion laughs": (
        lambda: "a0: &a0 [x, x]\n" + pairs(60, "b{0}: &b{0} [*b{0}, *b{0}, *b{0}]\n") + HEAD + "- relu\n",
        ":1:5: anchors and aliases are not part of the format; use blocks: or vars: (anchor)",
    ),
    "an alias of itself": (lambda: HEAD + "- &a [*a]\n",
                           ":3:3: anchors and aliases are not part of the format; use blocks: or vars: (anchor)"),
    "a tag that constructs an object": (lambda: HEAD + "- !!python/object/apply:os.system [echo]\n",
                                        "are not part of the format; write the value alone (tag)"),
    "100,000 %TAG directives": (lambda: pairs(100_000, "%TAG !{0}! x\n") + "---\n" + HEAD + "- relu\n", ":1:1: "),
    "100,000 %TAG directives behind a line end of Windows": (
        lambda: "\r\n" + pairs(100_000, "%TAG !{0}! x\r\n") + "---\r\n" + HEAD + "- relu\n",
        ":2:1: directives (%) are not part of the format",
    ),
    "100,000 %TAG directives of a second document": (
        lambda: HEAD + "- relu\n...\n" + pairs(100_000, "%TAG !{0}! x\n") + "---\nx\n",
        "",
    ),
    # Repeats and recursion
    "repeat: 1000000000000": (lambda: HEAD + "- {relu: , repeat: 1000000000000}\n",
                              ":3:20: repeat is 1,000,000,000,000; at most 100,000 layers are allowed (too-large)"),
    "repeat: 100001": (lambda: HEAD + "- {relu: , repeat: 100001}\n",
                       ":3:20: repeat is 100,001; at most 100,000 layers are allowed (too-large)"),
    "repeats in repeats": (
        lambda: HEAD + "- {repeat: 100000, sequence: [{repeat: 100000, sequence: [{relu: , repeat: 100000}]}]}\n",
        ":3:20: more than 200,000 lines after expansion (too-large)",
    ),
    "repeats of an empty block": (
        lambda: "input: 3x8x8\nblocks: {a: []}\nlayers:\n- {repeat: 90000, sequence: [{a: , repeat: 90000}]}\n",
        ":4:19: more than 200,000 lines after expansion (too-large)",
    ),
    "a block that uses itself": (lambda: "input: 3x8x8\nblocks: {a: [a]}\nlayers: [a]\n",
                                 ":2:14: block 'a' uses itself (a -> a); a block cannot be recursive"),
    "blocks that use one another in a ring": (lambda: "input: 3x8x8\nblocks: {a: [b], b: [c], c: [a]}\nlayers: [a]\n",
        ":2:30: block 'a' uses itself (a -> b -> c -> a); a block cannot be recursive"),
    "a block that uses itself as a default's neighbour": (
        lambda: "input: 3x8x8\nblocks: {'a(n=1)': [{repeat: n, residual: [{a: n}]}]}\nlayers: [a]\n",
        ":2:45: block 'a' uses itself (a -> a); a block cannot be recursive",
    ),
    "a chain of 500 blocks": (
        lambda: (
            "input: 3x8x8\nblocks:\n"
            + "".join(f"  b{i}: [b{i + 1}]\n" for i in range(500))
            + "  b500: [relu]\nlayers: [b0]\n"
        ),
        ":42:9: more than 40 nested levels of blocks and bodies (too-large)",
    ),
    "499 residuals inside one another by blocks": (
        lambda: (
            "input: 3x8x8\nblocks:\n"
            + "".join(f"  b{i}: [{{residual: [b{i + 1}]}}]\n" for i in range(499))
            + "  b499: [relu]\nlayers: [b0]\n"
        ),
        "more than 40 nested levels of blocks and bodies (too-large)",
    ),
    "blocks that double forty times": (
        lambda: (
            "input: 3x8x8\nblocks:\n"
            + "".join(f"  b{i}: [b{i + 1}, b{i + 1}]\n" for i in range(38))
            + "  b38: [relu, relu]\nlayers: [b0]\n"
        ),
        ":42:10: more than 200,000 lines after expansion (too-large)",
    ),
    # Numbers
    "a product past 10^18": (lambda: HEAD + "- {conv: 999999999999999999*999999999999999999, kernel: 1}\n",
                             ": the value is larger than any size here (1,000,000,000,000,000,000) (number)"),
    "a quotient of tiny parts": (lambda: HEAD + "- {conv: 1/999999999999999999/999999999999999999, kernel: 1}\n",
                                 ":3:10: "),
    "21 parentheses": (lambda: HEAD + "- {conv: " + "(" * 21 + "1" + ")" * 21 + ", kernel: 1}\n",
                       ": more than 20 nested parentheses (number)"),
    "a million parentheses": (lambda: HEAD + "- {conv: " + "(" * 1_000_000 + ", kernel: 1}\n",
                              "an expression of 1000000 characters; 200 are allowed"),
    "an expression of a million characters": (lambda: HEAD + "- {conv: " + "1+" * 500_000 + "1, kernel: 1}\n",
        "an expression of 1000001 characters; 200 are allowed"),
    "a number of a million digits": (lambda: HEAD + "- {conv: " + "9" * 1_000_000 + ", kernel: 1}\n",
                                     "an expression of 1000000 characters; 200 are allowed"),
    "a kernel of a million digits": (lambda: HEAD + "- {conv: 3, kernel: 1x" + "9" * 1_000_000 + "}\n",
                                     "the value is larger than any size here (1,000,000,000,000,000,000)"),
    "an input of a million digits": (lambda: "input: 3x8x" + "9" * 1_000_000 + "\nlayers: [relu]\n",
                                     "the value is larger than any size here (1,000,000,000,000,000,000)"),
    "a claim of a million digits": (
        lambda: HEAD + "- relu\nexpect: {params: " + "9" * 1_000_000 + "}\n",
        ":4:18: params: the value is larger than any size here (1,000,000,000,000,000,000) (claim)",
    ),
    "a rate with the exponent 999": (lambda: HEAD + "- {leaky_relu: 1e999}\n", ":3:16: slope is "),
    # Many
    "50,000 wrong lines": (lambda: HEAD + "- rellu\n" * 50_000, ":3:3: unknown layer kind 'rellu'"),
    "100,000 wrong keys": (lambda: pairs(100_000, "key{0}: 1\n"), ":1:1: a spec has no key 'key0'"),
    "50,000 duplicate keys": (lambda: HEAD + "- relu\n" + "name: x\n" * 50_000,
                              ":5:1: duplicate key 'name' (first on line 4) (duplicate-key)"),
    "100,000 items that are no layer": (lambda: HEAD + "- [" + "x, " * 100_000 + "]\n", ":3:3: a layer is expected"),
    "an input of 200,000 sizes": (lambda: "input: [" + "1, " * 200_000 + "]\nlayers: [relu]\n",
                                  ":1:8: input: one to 4 sizes of at least 1 are expected, as 3x224x224 (input)"),
    "a kernel of 200,000 sizes": (lambda: HEAD + "- {conv: 1, kernel: [" + "1, " * 200_000 + "]}\n",
                                  ":3:21: kernel: 200,000 numbers; there is one for each axis (value)"),
    "a kernel of 2 MB": (lambda: HEAD + "- {conv: 1, kernel: 1" + "x1" * 1_000_000 + "}\n",
                         ":3:21: kernel: a shape is expected, as 96x55x55 or [96, 55, 55] (value)"),
    "100,001 layers": (lambda: HEAD + "- relu\n" * 100_001,
                       ":100003:3: more than 100,000 layers after expansion (too-large)"),
    "connections to 200,000 maps": (
        lambda: HEAD + "- {conv: 1, kernel: 1, connections: [[" + pairs(200_000, "{0},") + "]]}\n",
        ":3:4: conv: connections of filter 1 name map 199999, but the 3 input maps are 0 to 2 (shape)",
    ),
    "a sum of 100,000 that differ": (
        lambda: HEAD + "- {name: a, conv: 1, kernel: 1}\n- {add: [" + "a, input, " * 50_000 + "]}\n",
        ":4:4: add: ",
    ),
    "5,000 layers each with 30 unknown settings": (
        lambda: HEAD + ("- {conv: 1, kernel: 1, " + pairs(30, "wrong{0}: 1, ") + "}\n") * 5_000,
        ":3:24: conv has no parameter 'wrong0'",
    ),
    "100,000 paths that differ": (lambda: HEAD + "- branches: [[{maxpool: 2}], " + "[], " * 100_000 + "]\n",
                                  ":3:3: concat: the maps of "),
    "a size of 200,000 numbers passed to 1,000 blocks": (
        lambda: "input: 3x8x8\nblocks: {b(k): [relu]}\nlayers:\n- {b: [[" + "1, " * 200_000 + "]], repeat: 1000}\n",
        ":4:8: ",
    ),
    # Long words
    "a key of 3 MB": (lambda: "? " + "k" * 3_000_000 + "\n: 1\n" + HEAD + "- relu\n",
                      ":1:3: a key of 3,000,000 characters; 1000 are allowed"),
    "a kind of 3 MB": (lambda: HEAD + "- " + "k" * 3_000_000 + "\n", "not 3,000,000 characters"),
    "a name of 3 MB": (lambda: HEAD + "- {name: '" + "." * 3_000_000 + "', relu: }\n",
                       "a name of 3,000,000 characters; 100 are allowed"),
    "a reference of 3 MB": (lambda: HEAD + "- {from: " + "a" * 3_000_000 + ", relu: }\n",
                            ":3:10: there is no layer named 'a"),
    "a signature of 1 MB": (
        lambda: "input: 3x8x8\nblocks:\n  ? b(c=" + "1" * 1_000_000 + ")\n  : [{conv: c, kernel: 1}]\nlayers: [b]\n",
        ":3:5: a key of 1,000,005 characters; 1000 are allowed",
    ),
    "a signature of 200,000 parameters": (
        lambda: "input: 3x8x8\nblocks:\n  ? b(" + pairs(200_000, "p{0},") + "q)\n  : [relu]\nlayers: [b]\n",
        ":3:5: a key of 1,488,894 characters; 1000 are allowed",
    ),
    # Crossed with one another
    "100 unknown references among 10,000 names": (
        lambda: HEAD + pairs(10_000, "- {{name: layer{0}x, relu: }}\n") + pairs(100, "- {{relu: , from: layr{0}}}\n"),
        ":10003:18: there is no layer named 'layr0' above",
    ),
    "100 unknown kinds among 10,000 blocks": (
        lambda: (
            "input: 3x8x8\nblocks:\n" + pairs(10_000, "  block{0}x: [relu]\n") + "layers:\n" + pairs(100, "- blok{0}\n")
        ),
        ":10004:3: unknown layer kind 'blok0'",
    ),
    "100 unknown variables among 10,000": (
        lambda: (
            "input: 3x8x8\nvars:\n"
            + pairs(10_000, "  variable{0}: 1\n")
            + "layers:\n"
            + pairs(100, "- {{conv: varible{0}, kernel: 1}}\n")
        ),
        "filters: a whole number is expected; 'varible0' is not known",
    ),
    "100 claims about unknown layers among 10,000": (
        lambda: (
            HEAD
            + pairs(10_000, "- {{name: layer{0}x, relu: }}\n")
            + "expect:\n  layers:\n"
            + pairs(100, "    layr{0}: {{params: 0}}\n")
        ),
        "expect: there is no layer 'layr0'",
    ),
    "50,000 inputs and 100 layers that say none": (
        lambda: "inputs:\n" + pairs(50_000, "  input{0}: 3x8x8\n") + "layers:\n" + "- relu\n" * 100,
        "the network has several inputs",
    ),
    "50,000 variables and 100 unknown ones far from all": (
        lambda: (
            "input: 3x8x8\nvars:\n"
            + pairs(50_000, "  variable{0}: 1\n")
            + "layers:\n"
            + pairs(100, "- {{conv: q, kernel: {0}1}}\n")
        ),
        "filters: a whole number is expected; 'q' is not known",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), titled(REFUSED))
def test_a_hostile_spec_is_refused_with_a_message(
    text: Callable[[], str], message: str, tmp_path: Path, outcome: Outcome
) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(text(), encoding="utf-8")
    found = outcome(str(file))
    assert found.get("error") == "SpecError", found
    assert any(message in line for line in found["lines"]), found["lines"][:5]
    assert found["problems"] <= 100
    assert found["longest"] <= MAX_MESSAGE + len(str(file)), found["lines"][0][:300]


# Text of the spec → the last row's shape.
CALCULATED: dict[str, tuple[Callable[[], str], str]] = {
    "50,000 layers": (lambda: HEAD + "- relu\n" * 50_000, "(3, 8, 8)"),
    "50,000 layers on one line": (lambda: "input: 3x8x8\nlayers: [" + "relu, " * 50_000 + "]\n", "(3, 8, 8)"),
    "100,000 copies of one layer": (lambda: HEAD + "- {relu: , repeat: 100000}\n", "(3, 8, 8)"),
    "20,000 layers with claims about each": (
        lambda: (
            HEAD
            + pairs(20_000, "- {{name: r{0}, relu: }}\n")
            + "expect:\n  layers:\n"
            + pairs(20_000, "    r{0}: {{params: 0}}\n")
        ),
        "(3, 8, 8)",
    ),
    "20,000 layers that each refer to the one above": (
        lambda: (
            HEAD
            + "- {name: r0, relu: }\n"
            + "".join(f"- {{name: r{i}, relu: , from: r{i - 1}}}\n" for i in range(1, 20_000))
        ),
        "(3, 8, 8)",
    ),
    "a name of 4 MB that is only text": (lambda: "name: " + "n " * 1_900_000 + "\n" + HEAD + "- relu\n", "(3, 8, 8)"),
    "Windows line ends": (lambda: HEAD.replace("\n", "\r\n") + "- relu\r\n", "(3, 8, 8)"),
    "line ends of an old Macintosh": (lambda: HEAD.replace("\n", "\r") + "- relu\r", "(3, 8, 8)"),
    "100,000 paths": (lambda: HEAD + "- branches: [" + "[], " * 100_000 + "]\n", "(300000, 8, 8)"),
    "two million comments": (lambda: "#\n" * 1_900_000 + HEAD + "- relu\n", "(3, 8, 8)"),
    "a million empty lines": (lambda: HEAD + "\n" * 1_000_000 + "- relu\n", "(3, 8, 8)"),
    "a comment of 3 MB": (lambda: HEAD + "# " + "-" * 3_000_000 + "\n- relu\n", "(3, 8, 8)"),
    "tabs between words": (lambda: "input:\t3x8x8\nlayers:\n- {conv:\t8,\tkernel:\t1}\t# one\n", "(8, 8, 8)"),
}


@pytest.mark.parametrize(("text", "shape"), titled(CALCULATED))
def test_a_spec_that_is_only_large_or_odd_is_calculated(
    text: Callable[[], str], shape: str, tmp_path: Path, outcome: Outcome
) -> None:
    file = tmp_path / "net.yaml"
    file.write_bytes(text().encode())
    found = outcome(str(file))
    assert found.get("report", "").startswith(shape), found


# These may be refused or calculated; they must not crash, stall or fill the memory.
ENDED: dict[str, Callable[[], str]] = {
    "maps too large to write": lambda: HEAD + "- {upsample: 1000000000000000000, repeat: 300}\n",
    "maps too large to write, in a message": lambda: (
        HEAD + "- {upsample: 1000000000000000000, repeat: 300}\n- {fc: 10}\n"
    ),
    "channels that double 60,000 times": lambda: HEAD + "- {concat: [prev, prev], repeat: 60000}\n",
    "a stride that grows the map 50,000 times": lambda: (
        HEAD + "- {deconv: 3, kernel: 1, stride: 1000000000000000000, repeat: 50000}\n"
    ),
    "weights too many to write": lambda: (
        "input: 3x8x8\nlayers:\n" + "- {conv: 1000000000000000000, kernel: 1, padding: 1000000000000000000}\n" * 4
    ),
    "a name of 1 MB on 90,000 copies": lambda: HEAD + "- {relu: , repeat: 90000, name: " + "n" * 1_000_000 + "}\n",
    "a block with a name of 1 MB on 50,000 lines": lambda: (
        "input: 3x8x8\nblocks:\n  ? "
        + "b" * 1_000_000
        + "\n  : [relu]\n  c:\n  - ? "
        + "b" * 1_000_000
        + "\n    : 1\n    repeat: 50000\nlayers: [c]\n"
    ),
    "a word of 1 MB passed to 50,000 blocks": lambda: (
        "input: 3x8x8\nblocks: {b(w): [relu]}\nlayers:\n- {b: " + "w" * 1_000_000 + ", repeat: 50000}\n"
    ),
}


@pytest.mark.parametrize("text", titled({title: (text,) for title, text in ENDED.items()}))
def test_a_spec_of_monstrous_size_comes_to_an_end(text: Callable[[], str], tmp_path: Path, outcome: Outcome) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(text(), encoding="utf-8")
    found = outcome(str(file))
    assert "report" in found or found.get("error") == "SpecError", found


# Bytes of a file → its one problem.
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "1:1: the file is empty; a spec needs input: and layers: (empty)"),
    "blank lines": (b"\n  \n\n", "1:1: the file is empty; a spec needs input: and layers: (empty)"),
    "a byte-order mark alone": (b"\xef\xbb\xbf", "1:1: the file is empty; a spec needs input: and layers: (empty)"),
    "a NUL byte": (b"input: 3x8x8\nname: a\0b\n", "2:8: the character U+0000 is not allowed in a spec (character)"),
    "what turns a comment around": (
        "input: 3x8x8\n# a \u202e b\n".encode(), "2:5: the character U+202E is not allowed in a spec (character)"),
    "a bell": (b"input: \a\n", "1:8: the character U+0007 is not allowed in a spec (character)"),
    "an escape character": (b"\x1b[31m", "1:1: the character U+001B is not allowed in a spec (character)"),
    "a delete character": (b"a: \x7f", "1:4: the character U+007F is not allowed in a spec (character)"),
    "a control character of Latin-1": ("a: é\x80".encode(),
                                       "1:5: the character U+0080 is not allowed in a spec (character)"),
    "a control character behind Windows line ends": (b"a: 1\r\nb: \x01",
        "2:4: the character U+0001 is not allowed in a spec (character)"),
    "a control character behind Macintosh line ends": (b"a: 1\rb: \x01",
        "2:4: the character U+0001 is not allowed in a spec (character)"),
    "Latin-1": (b"name: caf\xe9\n", "1:10: byte 0xe9 is not UTF-8; save the file as UTF-8 (unreadable)"),
    "Latin-1 behind UTF-8": ("a: 1\nname: é".encode() + b"\xff\n",
                             "2:8: byte 0xff is not UTF-8; save the file as UTF-8 (unreadable)"),
    "a cut character": ("a: 1\nb: é".encode()[:-1], "2:4: byte 0xc3 is not UTF-8; save the file as UTF-8 (unreadable)"),
    "an overlong slash": (b"a: \xc0\xaf", "1:4: byte 0xc0 is not UTF-8; save the file as UTF-8 (unreadable)"),
    "a surrogate in UTF-8": (b"a: \xed\xa0\x80", "1:4: byte 0xed is not UTF-8; save the file as UTF-8 (unreadable)"),
    "UTF-16": ("input: 3x8x8\n".encode("utf-16-le"), "1:2: the character U+0000 is not allowed in a spec (character)"),
    "UTF-16 with a mark": (b"\xff\xfe" + "input: 3x8x8\n".encode("utf-16-le"),
                           "1:1: the file is UTF-16; save it as UTF-8 (unreadable)"),
    "big-endian UTF-16 with a mark": (b"\xfe\xff" + "input: 3x8x8\n".encode("utf-16-be"),
                                      "1:1: the file is UTF-16; save it as UTF-8 (unreadable)"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "1:1: byte 0x89 is not UTF-8; save the file as UTF-8 (unreadable)"),
    "an archive": (b"PK\x03\x04\x14\0", "1:3: the character U+0003 is not allowed in a spec (character)"),
}  # fmt: skip


def refusal(*spec: str | Path, text: str | None = None) -> str:
    """What `cnncalc.analyze` says against a spec."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(*spec, text=text)
    return str(caught.value)


@pytest.mark.parametrize(("content", "problem"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_is_no_text_is_refused(content: bytes, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_bytes(content)
    assert refusal(file) == f"{file}:{problem}"


@pytest.mark.parametrize("character", ["\ud800", "\ufffe", "\uffff", "\0"])
def test_a_text_with_half_a_character_is_refused(character: str) -> None:
    problem = f"2:8: the character U+{ord(character):04X} is not allowed in a spec (character)"
    assert refusal(text=f"input: 3x8x8\nname: é{character}\nlayers: [relu]\n") == f"<text>:{problem}"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_is_skipped(mark: str, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(mark + "input: 3x8x8\nlayers: [relu]\n", encoding="utf-8")
    assert cnncalc.analyze(file)["relu"].output_shape == (3, 8, 8)
    assert cnncalc.analyze(text=mark + "input: 3x8x8\nlayers: [relu]\n")["relu"].output_shape == (3, 8, 8)


# Escapes in quotes put any character into a word; the list of problems stays one line each.
@pytest.mark.parametrize(
    "line",
    [
        '- "rel\\nlu"',
        '- "rel\\elu"',
        '- "rel\\0lu"',
        '- "rel\\Llu"',
        '- "rel\\u202elu"',
        "- |\n  rel\n  lu\n",
        '- {conv: 8, kernel: 3, "pad\\nding": 1}',
        '- {conv: "8\\n", kernel: "3\\n+"}',
        '- {name: "a\\nb", relu: }',
        '- {relu: , params: "1\\n0"}',
        '- {conv: 8, kernel: 1, activation: "re\\nlu"}',
    ],
)
def test_a_message_is_one_line_of_printable_characters(line: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=f"input: 3x8x8\nlayers:\n{line}\n")
    lines = str(caught.value).split("\n")
    assert len(lines) == len(caught.value.problems)
    assert all(text.startswith("<text>:3:") and text.isprintable() for text in lines), lines


def test_the_words_of_a_message_cannot_pretend_to_be_another_problem() -> None:
    text = 'input: 3x8x8\nlayers:\n- "x\\n::error file=setup.py,line=1::run me"\n'
    assert len(refusal(text=text).splitlines()) == 1


# Files


def sparse_file(folder: Path) -> Path:
    """A file of 100 MB that takes no room on the disk."""
    file = folder / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    return file


TOO_LARGE = ":1:1: the file is larger than 4 MB; a spec is a few kB, use blocks: and repeat: (unreadable)"


def test_a_file_of_100_mb_is_refused_without_reading_it(tmp_path: Path, outcome: Outcome) -> None:
    file = sparse_file(tmp_path)
    found = outcome(str(file))
    assert found.get("lines") == [f"{file}{TOO_LARGE}"], found


def test_100_mb_on_standard_input_are_refused_without_reading_them(tmp_path: Path, outcome: Outcome) -> None:
    found = outcome("-", str(sparse_file(tmp_path)))
    assert found.get("lines") == [f"<stdin>{TOO_LARGE}"], found


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_file_without_an_end_is_refused(device: str, outcome: Outcome) -> None:
    found = outcome(device)
    assert found.get("lines") == [f"{device}{TOO_LARGE}"], found


def test_standard_input_without_an_end_is_refused(outcome: Outcome) -> None:
    found = outcome("-", "/dev/zero")
    assert found.get("lines") == [f"<stdin>{TOO_LARGE}"], found


def test_an_empty_device_is_an_empty_file() -> None:
    assert refusal("/dev/null") == "/dev/null:1:1: the file is empty; a spec needs input: and layers: (empty)"


def test_exactly_4_mb_are_read(tmp_path: Path) -> None:
    head = "input: 3x8x8\nlayers: [relu]\n#"
    file = tmp_path / "net.yaml"
    file.write_text(head + "-" * (4_000_000 - len(head)), encoding="utf-8")
    assert cnncalc.analyze(file)["relu"].output_shape == (3, 8, 8)
    file.write_text(head + "-" * (4_000_001 - len(head)), encoding="utf-8")
    assert "larger than 4 MB" in refusal(file)


def test_a_text_given_in_python_has_the_same_limit() -> None:
    assert "larger than 4 MB" in refusal(text="input: 3x8x8\nlayers: [relu]\n" + "#" * 4_000_000)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}:1:1: is a folder; name a file (unreadable)"


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> object:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "net.yaml"
    file.write_text("input: 3x8x8\nlayers: [relu]\n", encoding="utf-8")
    monkeypatch.setattr("io.open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    assert refusal(file) == f"{file}:1:1: cannot be read: Permission denied (unreadable)"


def test_a_file_whose_reading_fails_is_refused() -> None:
    assert refusal("/proc/self/mem") == "/proc/self/mem:1:1: cannot be read: Input/output error (unreadable)"


@pytest.mark.parametrize(
    ("target", "reason"),
    [("gone.yaml", "No such file or directory"), ("net.yaml", "Too many levels of symbolic links")],
)
def test_a_link_to_nothing_or_to_itself_is_refused(target: str, reason: str, tmp_path: Path) -> None:
    link = tmp_path / "net.yaml"
    link.symlink_to(tmp_path / target)
    assert refusal(link) == f"{link}:1:1: cannot be read: {reason} (unreadable)"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a\0b",
        "x" * 5_000,
        "/dev/null/net.yaml",
        "../" * 2_000,
        "\ud800",
        "input: 3x8x8\nlayers:\n" + "- relu\n" * 99,
    ],
    ids=["empty", "NUL", "5,000 letters", "below a file", "2,000 folders up", "half a character", "a spec's own text"],
)
def test_a_name_that_can_be_no_file_is_not_found(name: str) -> None:
    with pytest.raises(cnncalc.ArchitectureNotFound, match="there is no file"):
        cnncalc.analyze(name)


def test_the_text_of_a_spec_given_as_a_file_name_does_not_fill_the_message() -> None:
    with pytest.raises(cnncalc.ArchitectureNotFound) as caught:
        cnncalc.analyze("input: 3x8x8\nlayers:\n" + "- relu\n" * 10_000)
    assert len(str(caught.value)) < MAX_MESSAGE


def test_the_problems_of_a_file_can_be_pickled() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text="input: 3x8x8\nlayers: [rellu]\n")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)
