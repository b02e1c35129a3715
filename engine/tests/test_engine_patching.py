"""The patch applier: exactly, or not at all."""

from pathlib import Path

import pytest
from maker.failure import EngineError
from maker.patching import apply_series, parse, series

PATCH = b"""\
Say why

What was wrong: a line.

diff --git a/one.txt b/one.txt
--- a/one.txt
+++ b/one.txt
@@ -1,3 +1,3 @@
 first
-second
+2nd
 third
@@ -5,2 +5,3 @@ fourth
 fifth
+fifth and a half
 sixth
diff --git a/sub/new.txt b/sub/new.txt
new file mode 100644
--- /dev/null
+++ b/sub/new.txt
@@ -0,0 +1,2 @@
+made
+here
\\ No newline at end of file
"""
BEFORE = "first\nsecond\nthird\nfourth\nfifth\nsixth\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "one.txt").write_text(BEFORE)
    return folder


@pytest.fixture
def patches(tmp_path: Path) -> Path:
    folder = tmp_path / "patches"
    folder.mkdir()
    (folder / "0001-first.patch").write_bytes(PATCH)
    return folder


def test_applies(tree: Path, patches: Path) -> None:
    assert apply_series(patches, tree) == ["0001-first.patch"]
    assert (tree / "one.txt").read_text() == (
        "first\n2nd\nthird\nfourth\nfifth\nfifth and a half\nsixth\n"
    )
    assert (tree / "sub" / "new.txt").read_text() == "made\nhere"


def test_removed_file_end_may_lack_a_newline(tree: Path, patches: Path) -> None:
    (tree / "one.txt").write_text("last")
    (patches / "0001-first.patch").write_bytes(
        b"--- a/one.txt\n+++ b/one.txt\n@@ -1 +1 @@\n-last\n\\ No newline at end of file\n+last\n"
    )
    apply_series(patches, tree)

    assert (tree / "one.txt").read_text() == "last\n"


@pytest.mark.parametrize(
    "before",
    [
        "first\nother\nthird\nfourth\nfifth\nsixth\n",
        # The same lines, but elsewhere.
        "zeroth\n" + BEFORE,
        BEFORE.replace("third\n", "third\n\n"),
        BEFORE.replace("second\n", "second\r\n"),
        "first\n",
        "",
    ],
)
def test_refuses_what_fits_almost(tree: Path, patches: Path, before: str) -> None:
    (tree / "one.txt").write_text(before, newline="")

    with pytest.raises(EngineError, match=r"^0001-first\.patch: one\.txt: the hunk for line \d"):
        apply_series(patches, tree)


def test_refuses_a_file_that_is_missing(tree: Path, patches: Path) -> None:
    (tree / "one.txt").unlink()

    with pytest.raises(EngineError, match=r"^0001-first\.patch: one\.txt does not exist$"):
        apply_series(patches, tree)


def test_refuses_to_create_what_exists(tree: Path, patches: Path) -> None:
    (tree / "sub").mkdir()
    (tree / "sub" / "new.txt").touch()

    with pytest.raises(EngineError, match=r"^0001-first\.patch: sub/new\.txt exists already$"):
        apply_series(patches, tree)


HEAD = b"--- a/one.txt\n+++ b/one.txt\n"
GONE = b"diff --git a/one.txt b/one.txt\ndeleted file mode 100644\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "holds no change"),
        (b"only words\n", "holds no change"),
        (HEAD, "no hunks"),
        (HEAD + b"@@ -1,2 +1,2 @@\n first\n", "ends within a hunk"),
        (HEAD + b"@@ -1,2 +1,1 @@\n first\nsecond\n", "not a line of a hunk"),
        (HEAD + b"@@ -1,1 +1,2 @@\n-first\n-second\n+1\n+2\n", "another number of lines"),
        (HEAD + b"@@ -1 +1 @@\n-a\n+b\n@@ rubbish\n", "isn't supported"),
        (HEAD.replace(b"b/one", b"b/../one") + b"@@ -1 +1 @@\n-a\n+b\n", "outside of the tree"),
        (HEAD.replace(b"b/one", b"/one") + b"@@ -1 +1 @@\n-a\n+b\n", "outside of the tree"),
        (b"rename from a\n", "isn't supported"),
        (GONE + HEAD + b"@@ -1 +0,0 @@\n-a\n", "isn't supported"),
        (GONE.replace(b"/one", b"/../one"), "outside of the tree"),
        (b"GIT binary patch\n", "isn't supported"),
    ],
)
def test_refuses_what_is_no_patch_of_ours(text: bytes, problem: str) -> None:
    with pytest.raises(EngineError, match=problem):
        parse(text)


def test_hunks_must_be_in_order(tree: Path, patches: Path) -> None:
    first, second = b"@@ -1 +1 @@\n-first\n+1\n", b"@@ -4 +4 @@\n-fourth\n+4\n"
    (patches / "0001-first.patch").write_bytes(HEAD + second + first)

    with pytest.raises(EngineError, match="the hunk for line 1 doesn't fit"):
        apply_series(patches, tree)


@pytest.mark.parametrize(
    "name", ["0003-third.patch", "0001-again.patch", "README", "0002-UP.patch"]
)
def test_series_has_no_gap_and_no_stranger(patches: Path, name: str) -> None:
    (patches / name).touch()

    with pytest.raises(EngineError, match=r"patch number \d should be 000\d-name\.patch"):
        series(patches)


@pytest.mark.parametrize("rest", [b"", PATCH[PATCH.index(b"diff --git a/sub") :]])
def test_deletes_by_name(tree: Path, patches: Path, rest: bytes) -> None:
    (patches / "0001-first.patch").write_bytes(b"Say why\n\n" + GONE + rest)
    apply_series(patches, tree)

    assert not (tree / "one.txt").exists()
    assert (tree / "sub" / "new.txt").exists() == bool(rest)


def test_refuses_to_delete_what_is_missing(tree: Path, patches: Path) -> None:
    (patches / "0001-first.patch").write_bytes(GONE.replace(b"one", b"two"))

    with pytest.raises(EngineError, match=r"^0001-first\.patch: two\.txt does not exist$"):
        apply_series(patches, tree)
