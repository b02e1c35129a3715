"""What is installed is told by the metadata that an installer wrote, and by nothing else."""

from pathlib import Path

from buildpack.installed import read_installed


def metadata(site: Path, folder: str, file: str, text: str) -> None:
    (site / folder).mkdir()
    (site / folder / file).write_text(text)


def test_what_a_package_left_lying_about_is_passed_over(tmp_path: Path) -> None:
    metadata(tmp_path, "tiny-1.0.dist-info", "METADATA", "Name: tiny\nVersion: 1.0\n")
    metadata(tmp_path, "tiny.egg-info", "PKG-INFO", "Name: tiny\nVersion: 0.9\n")
    metadata(tmp_path, "stray.egg-info", "top_level.txt", "stray\n")
    (tmp_path / "empty-1.0.dist-info").mkdir()
    installed = read_installed(tmp_path)
    assert {name: dist.version for name, dist in installed.distributions.items()} == {"tiny": "1.0"}


def test_names_are_normalised_and_in_order(tmp_path: Path) -> None:
    metadata(tmp_path, "zope_x-1.dist-info", "METADATA", "Name: Zope.X\nVersion: 1\n")
    metadata(tmp_path, "alpha-2.dist-info", "METADATA", "Name: alpha\nVersion: 2\n")
    installed = read_installed(tmp_path)
    assert list(installed.distributions) == ["alpha", "zope-x"]
    assert installed.version("zope-x") == "1"
    assert installed.version("flask") is None
