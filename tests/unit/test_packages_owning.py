"""Which entries of an environment are whose, and which packages can't be parted."""

import pytest

from layers.packages.owning import entries_of, inseparable, is_plain, overlap, topmost

SITE = "lib/python3.13/site-packages"


def in_site(*names: str) -> list[str]:
    return [f"{SITE}/{name}" for name in names]


FILES = {
    "a package": (
        [*in_site("flask/__init__.py", "flask/json/tag.py", "flask-3.dist-info/METADATA"), "bin/f"],
        ["bin/f", *in_site("flask", "flask-3.dist-info")],
    ),
    "a module": (in_site("six.py", "six-1.dist-info/RECORD"), in_site("six-1.dist-info", "six.py")),
    "a namespace": (
        in_site("google/cloud/storage/__init__.py", "google/cloud/storage/v1/a.py"),
        in_site("google/cloud/storage"),
    ),
    "two parts of a namespace": (
        in_site("google/_upb/x.so", "google/protobuf/__init__.py"),
        in_site("google/_upb", "google/protobuf"),
    ),
    "a namespace with a module of its own": (
        in_site("zope/__init__.py", "zope/event/__init__.py"),
        in_site("zope"),
    ),
    "bytecode that the wheel brings": (
        in_site("__pycache__/six.cpython-313.pyc"),
        in_site("__pycache__/six.cpython-313.pyc"),
    ),
    "data": (
        ["share/man/man1/ttx.1", "etc/jupyter/a.json", "share/jupyter/lab/x/y/z", "lib/libmkl.so"],
        ["etc/jupyter/a.json", "lib/libmkl.so", "share/jupyter/lab/x/y", "share/man/man1/ttx.1"],
    ),
    "headers": (
        ["include/site/python3.13/greenlet/greenlet.h"],
        ["include/site/python3.13/greenlet"],
    ),
}


@pytest.mark.parametrize(("files", "entries"), FILES.values(), ids=FILES)
def test_entries(files: list[str], entries: list[str]) -> None:
    assert list(entries_of(files)) == entries


def test_what_shares_an_entry_is_inseparable() -> None:
    owners = {
        "event": in_site("zope", "event-1.dist-info"),
        "interface": in_site("zope", "interface-1.dist-info"),
        "storage": in_site("google/cloud/storage"),
        "upb": in_site("google/_upb"),
        "six": in_site("six.py"),
        "other": [],
    }
    found = inseparable(owners)
    assert set(found) == {
        frozenset({"event", "interface"}),
        *(frozenset({name}) for name in ("storage", "upb", "six", "other")),
    }


def test_what_has_an_entry_inside_of_anothers_is_inseparable() -> None:
    owners = {
        "storage": in_site("google/cloud/storage"),
        "old": in_site("google"),
        "upb": in_site("google/_upb"),
        "near": in_site("google_crc32c"),
    }
    together = frozenset({"storage", "old", "upb"})
    assert inseparable(owners) == [frozenset({"near"}), together]


OVERLAPS = {
    "the same": (["a/b"], ["a/b"], True),
    "inside": (["a/b/c"], ["a/b"], True),
    "around": (["a/b"], ["a/b/c"], True),
    "beside": (["a/b"], ["a/bc", "a/c"], False),
    "nothing": ([], ["a"], False),
}


@pytest.mark.parametrize(("one", "other", "answer"), OVERLAPS.values(), ids=OVERLAPS)
def test_overlap(one: list[str], other: list[str], answer: bool) -> None:
    assert overlap(one, other) is answer


def test_topmost_leaves_out_what_is_inside_of_another() -> None:
    assert topmost(["a/b/c", "a/b", "a/bc", "x"]) == ["a/b", "a/bc", "x"]


@pytest.mark.parametrize(
    "text", ["a b", "a,b", 'a"b', "a\\b", "a\nb", "ä", "../a", "x/../y", "/a", "'"]
)
def test_what_metadata_cannot_hold(text: str) -> None:
    assert not is_plain(["fine", text])


def test_what_metadata_can_hold() -> None:
    assert is_plain(["lib/a..b/c", "1!2.0+local", "x~0f", "[a]"])
