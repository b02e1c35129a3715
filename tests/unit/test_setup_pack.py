"""The lifecycle's archive: its layout, and the same bytes from the same programs."""

import io
import tarfile

from scripts.toolchain import pack


def test_layout() -> None:
    archive = pack.lifecycle_archive("[api]\n", b"program", b"launcher")
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        members = [
            (member.name, oct(member.mode), member.linkname) for member in opened.getmembers()
        ]
        described = opened.extractfile("lifecycle.toml")
        assert described is not None
        assert described.read() == b"[api]\n"
        owners = {(member.uid, member.gid, member.mtime) for member in opened.getmembers()}
    assert members == [
        ("lifecycle.toml", "0o644", ""),
        ("lifecycle/lifecycle", "0o755", ""),
        ("lifecycle/launcher", "0o755", ""),
        ("lifecycle/detector", "0o644", "lifecycle"),
        ("lifecycle/analyzer", "0o644", "lifecycle"),
        ("lifecycle/restorer", "0o644", "lifecycle"),
        ("lifecycle/builder", "0o644", "lifecycle"),
        ("lifecycle/exporter", "0o644", "lifecycle"),
        ("lifecycle/creator", "0o644", "lifecycle"),
        ("lifecycle/rebaser", "0o644", "lifecycle"),
        ("lifecycle/extender", "0o644", "lifecycle"),
    ]
    assert owners == {(0, 0, 315532800)}


def test_equal_programs_give_equal_bytes() -> None:
    assert pack.lifecycle_archive("a", b"b", b"c") == pack.lifecycle_archive("a", b"b", b"c")
