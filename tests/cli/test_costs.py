"""Small files that once cost much: what comes of them within seconds of the processor, and with little memory."""

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

SECONDS, MEGABYTES = 20, 700
"""Far more than any takes, for slow machines; without care each took a minute, or more than 1 GB."""

RUN = f"""
import re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from cnncalc.cli.main import main
try:
    main()
finally:
    # ru_maxrss would have the most of the process that started this one, too.
    print(int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1]) // 1024, file=sys.stderr)
"""
IGNORES = "input: 3x8x8\nlayers:\n- relu # cnncalc: ignore[" + "claim," * 500_000 + "]\n"
CONVS = "input: 3x8x8\nlayers:\n" + "- {conv: 4, kernel: 1}\n" * 9_000
TIED = "input: 8x8x8\nblocks: {b(n): [{conv: n, kernel: 1}, relu]}\nlayers:\n" + "- {b: 8}\n" * 3_300


def png(width: int, height: int) -> bytes:
    """A black image."""
    made = zlib.compressobj(9)
    rows = b"".join(made.compress(bytes(1 + 3 * width)) for _ in range(height)) + made.flush()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "command", "said"),
    [
        (IGNORES, "check net.yaml", "there is no claim in line 3 to ignore"),
        ("input: 64x32x32\nlayers: [{lrn: 999999}]\n", "verify net.yaml", "all as claimed"),
        (
            "input: 3x8x8\nlayers: [{relu: , repeat: 99999}]\n",
            "export net.yaml --to keras",
            "at most 10,000 are written",
        ),
        (
            "input: 3x8x8\nlayers: [{relu: , repeat: 10001}]\n",
            "report net.yaml",
            "net.yaml: a page of 10,001 layers is too long for a browser; at most 10,000 are shown",
        ),
        (CONVS, "export net.yaml --to pytorch", "self.conv9000 = nn.Conv2d(4, 4, 1)"),
        (CONVS, "export net.yaml --to keras", 'layers.Conv2D(4, 1, name="conv9000")(x)'),
        (TIED, "export net.yaml --to pytorch", "self.b3300 = B("),
        ("input: 3x8x8\nlayers: [flatten, {fc: 2}]\n", "run net.yaml --seed 1 --input image.png", "9999x10000"),
    ],
    ids=["ignores", "lrn", "relus", "page", "pytorch", "keras", "uses", "image"],
)
def test_it_ends_soon_and_in_little_memory(folder: Path, text: str, command: str, said: str) -> None:
    (folder / "net.yaml").write_text(text, encoding="utf-8")
    (folder / "image.png").write_bytes(png(10_000, 9_999) if "image.png" in command else b"")
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command.split()], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode in (0, 1), done.stderr
    assert said in done.stdout + done.stderr
    assert int(done.stderr.split()[-1]) < MEGABYTES


@pytest.mark.slow
def test_the_json_of_many_layers_is_printed_as_it_is_made(folder: Path) -> None:
    (folder / "net.yaml").write_text("input: 3x8x8\nlayers: [{relu: , repeat: 99999}]\n", encoding="utf-8")
    with (folder / "net.json").open("w+") as file:
        command = [sys.executable, "-c", RUN, "show", "net.yaml", "--format", "json"]
        done = subprocess.run(command, cwd=folder, stdout=file, stderr=subprocess.PIPE, encoding="utf-8", check=True)
        file.seek(0)
        assert len(json.load(file)["layers"]) == 99_999
    assert int(done.stderr.split()[-1]) < 150  # 366 if all of it is made first; the report itself has 90
