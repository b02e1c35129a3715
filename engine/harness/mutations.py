"""Requests with something wrong in them: mutations of the raw cases, the same for each seed."""

import random
from collections.abc import Callable, Iterator

from harness.case import Case

TOKENS = (
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"\x0b", b"\x7f", b"\xff"),
    *(b"HTTP/1.1", b"HTTP/1.0", b"GET ", b"POST ", b"HEAD ", b"/", b"*", b"http://", b"%00"),
    *(b"Host: a\r\n", b"Content-Length: 5\r\n", b"Content-Length: ", b"Connection: close\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"chunked", b"Expect: 100-continue\r\n", b"\r\n\r\n"),
    *(b"Upgrade: h2c\r\n", b"Connection: keep-alive\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n"),
    *(b"-1", b"4294967296", b"9223372036854775807", b"ffffffffffffffff", b"0" * 40),
)
LONGEST = 20_000
"""Bytes of a mutation: longer ones are left to the table's limits."""

Mutation = Callable[[random.Random, bytes, bytes], bytes]


def requests(cases: tuple[Case, ...], seed: int, count: int, first: int = 0) -> Iterator[bytes]:
    """Request number ``first`` and those after it: each depends on the seed and its number only."""
    seeds = corpus(cases)
    for number in range(first, first + count):
        yield mutant(random.Random(f"{seed}/{number}"), seeds)


def corpus(cases: tuple[Case, ...]) -> tuple[bytes, ...]:
    """What the cases send, without the very long ones."""
    sent = (b"".join(piece for piece in case.sent if isinstance(piece, bytes)) for case in cases)
    return tuple(dict.fromkeys(each for each in sent if 0 < len(each) <= LONGEST))


def mutant(chance: random.Random, seeds: tuple[bytes, ...]) -> bytes:
    """One of the seeds, with one to eight mutations."""
    made = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        made = chance.choice(MUTATIONS)(chance, made, chance.choice(seeds))[:LONGEST]
    return made


def _flip(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    at = _at(chance, of)
    flipped = bytes(byte ^ (1 << chance.randrange(8)) for byte in of[at : at + 1])
    return of[:at] + flipped + of[at + 1 :]


def _replace(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    at = _at(chance, of)
    return of[:at] + bytes([chance.randrange(256)]) + of[at + 1 :]


def _insert(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    at = _at(chance, of)
    return of[:at] + chance.choice(TOKENS) + of[at:]


def _remove(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    at = _at(chance, of)
    return of[:at] + of[at + chance.choice((1, 1, 2, 8, 64)) :]


def _repeat(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    at = _at(chance, of)
    piece = of[at : at + chance.choice((1, 4, 16, 64))]
    return of[:at] + piece * chance.choice((2, 3, 100)) + of[at:]


def _cut(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    return of[: _at(chance, of)]


def _join(_chance: random.Random, of: bytes, other: bytes) -> bytes:
    return of + other


def _cross(chance: random.Random, of: bytes, other: bytes) -> bytes:
    return of[: _at(chance, of)] + other[_at(chance, other) :]


def _swap_lines(chance: random.Random, of: bytes, _other: bytes) -> bytes:
    lines = of.split(b"\r\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\r\n".join(lines)


def _at(chance: random.Random, of: bytes) -> int:
    return chance.randrange(len(of) + 1)


MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _replace, _insert, _insert, _remove),
    *(_repeat, _cut, _join, _cross, _swap_lines),
)
