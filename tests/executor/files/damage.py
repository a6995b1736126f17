"""Files with bytes changed at random, from one seed, so that every run sees the same."""

from collections.abc import Iterator
from random import Random

PIECES = (b"\xff\xff\xff\xff", b"9", b"-1", b"99999999999", b"(", b"{", b"[", b"'", b"True", b"L")


def damaged(content: bytes, copies: int, head: int) -> Iterator[bytes]:
    """Copies of a file, most of them damaged within its first bytes.

    Args:
        content: a file that is whole.
        copies: how many.
        head: the number of bytes at its start that say what it holds.
    """
    random = Random(0)
    for _ in range(copies):
        copy = bytearray(content)
        for _ in range(random.choice([1, 1, 2, 4])):
            place = random.randrange(min(len(copy), head if random.random() < 0.8 else len(copy)))
            match random.randrange(5):
                case 0 | 1:
                    copy[place] = random.randrange(256)
                case 2:
                    del copy[place : place + random.choice([1, 3, 50])]
                case 3:
                    copy[place : place + 1] = random.choice(PIECES)
                case 4:
                    del copy[max(place, 1) :]
            copy = copy or bytearray(1)
        yield bytes(copy)
