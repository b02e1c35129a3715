"""The modes of the app's files in the image."""

import os
import subprocess
from pathlib import Path

import pytest

from buildpack.modes import settle_modes


def make(folder: Path, umask: int) -> dict[str, int]:
    """An app that was checked out with a umask; its modes once they are settled."""
    before = os.umask(umask)
    try:
        (folder / "app" / "data").mkdir(parents=True)
        (folder / "app" / "main.py").touch()
        (folder / "app" / "données.txt").touch()
        run = os.open(folder / "app" / "data" / "run", os.O_CREAT, 0o777)
        os.close(run)
        os.mkfifo(folder / "app" / "data" / "pipe")
        (folder / "link").symlink_to("app/main.py")
        (folder / "nowhere").symlink_to("absent")
    finally:
        os.umask(before)
    folder.chmod(0o2777)  # as pack does it
    settle_modes(folder)
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): path.lstat().st_mode & 0o7777 for path in found}


@pytest.mark.parametrize("umask", [0, 0o002, 0o022, 0o077, 0o333])
def test_the_same_whatever_the_umask_was(tmp_path: Path, umask: int) -> None:
    assert make(tmp_path, umask) == {
        ".": 0o755,
        "app": 0o755,
        "app/data": 0o755,
        "app/data/pipe": 0o644,
        # Its owner couldn't run it with that one.
        "app/data/run": 0o644 if umask == 0o333 else 0o755,
        "app/données.txt": 0o644,
        "app/main.py": 0o644,
        "link": 0o777,
        "nowhere": 0o777,
    }


def test_what_a_link_leads_to_keeps_its_mode(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o700)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "link").symlink_to(outside)
    settle_modes(tmp_path / "app")
    assert outside.stat().st_mode & 0o7777 == 0o700


def test_what_cannot_be_changed_is_left(tmp_path: Path) -> None:
    """A volume that is mounted for the build alone, say."""
    (tmp_path / "app" / "mounted").mkdir(parents=True)
    (tmp_path / "app" / "main.py").touch(mode=0o600)
    mount = ["mount", "-t", "tmpfs", "-o", "ro,mode=700", "none", str(tmp_path / "app" / "mounted")]
    subprocess.run(mount, check=True)
    try:
        settle_modes(tmp_path / "app")
        assert (tmp_path / "app" / "mounted").stat().st_mode & 0o7777 == 0o700
    finally:
        subprocess.run(["umount", str(tmp_path / "app" / "mounted")], check=True)
    assert (tmp_path / "app" / "main.py").stat().st_mode & 0o7777 == 0o644
