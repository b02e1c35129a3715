"""Files that several packages bring: the same one's are there, whatever order uv took."""

import base64
import hashlib
import itertools
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pytest
from support.contexts import build_context
from support.package_index import running, wheel
from support.rebuilding import FILES
from uv import find_uv_bin

from buildpack.installed import read_installed, site_packages
from buildpack.interpreter import Interpreter
from buildpack.network import Network
from buildpack.requirements import Target, read_requirements, without_engine
from buildpack.uv import Uv
from layers import venv, wheels
from layers.venv.clashes import clashes, in_order, settle
from layers.venv.making import make
from layers.venv.recipe import Recipe

TARGET = Target("3.13.5")
GREETING = FILES["greeting/greeting.py"]


def content(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


@dataclass
class Site:
    """A folder of packages, each with the files that it brings; later ones overwrite."""

    folder: Path
    packages: Mapping[str, Mapping[str, str]]
    requires: Mapping[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)

    def install(self, name: str) -> None:
        info = self.folder / f"{name}-1.dist-info"
        info.mkdir(exist_ok=True)
        needs = f"Requires-Dist: {self.requires[name]}\n" if name in self.requires else ""
        (info / "METADATA").write_text(f"Name: {name}\nVersion: 1\n{needs}")
        files = self.packages[name]
        lines = [f"{file},{content(text)},9\n" for file, text in files.items()]
        (info / "RECORD").write_text("".join([*lines, f"{info.name}/RECORD,,\n"]))
        for file, text in files.items():
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_text(text)

    def reinstall(self, name: str) -> None:
        """As uv does it: what the package brought is removed first."""
        self.again.append(name)
        for file in self.packages[name]:
            (self.folder / file).unlink(missing_ok=True)
        self.install(name)

    def settle(self) -> dict[str, str]:
        """What the shared files hold then."""
        installed = read_installed(self.folder)
        found = clashes(in_order(installed, TARGET), installed.distributions)
        settle(self.folder, installed, TARGET, self.reinstall)
        return {file: (self.folder / file).read_text() for file in found}


ORDERS = {
    "by name": ({}, ["a", "b", "c"]),
    "what is required comes first": ({"a": "c"}, ["c", "a", "b"]),
    "of those that are required too": ({"a": "b", "b": "c"}, ["c", "b", "a"]),
    "a circle": ({"a": "b", "b": "a"}, ["b", "a", "c"]),
    "what isn't there": ({"a": "x>1"}, ["a", "b", "c"]),
    "an extra's": ({"a": 'c ; extra == "more"'}, ["a", "b", "c"]),
}


@pytest.mark.parametrize(("requires", "order"), ORDERS.values(), ids=ORDERS)
def test_the_order(tmp_path: Path, requires: dict[str, str], order: list[str]) -> None:
    site = Site(tmp_path, {name: {} for name in "abc"}, requires)
    for name in site.packages:
        site.install(name)
    assert in_order(read_installed(tmp_path), TARGET) == order


CLASHES: dict[str, tuple[dict[str, dict[str, str]], dict[str, str], dict[str, str]]] = {
    "nothing is shared": ({"a": {"a.py": "1"}, "b": {"b.py": "1"}}, {}, {}),
    "the same content": ({"a": {"x.py": "1"}, "b": {"x.py": "1"}}, {}, {}),
    "the last name wins": ({"a": {"x.py": "1"}, "b": {"x.py": "2"}}, {}, {"x.py": "2"}),
    "who requires the other wins": (
        {"a": {"x.py": "1"}, "b": {"x.py": "2"}},
        {"a": "b"},
        {"x.py": "1"},
    ),
    "each wins something": (
        {"a": {"x": "1", "y": "1"}, "b": {"x": "2", "z": "2"}, "c": {"y": "3", "z": "3"}},
        {},
        {"x": "2", "y": "3", "z": "3"},
    ),
    "the first and the last are alike": (
        {"a": {"x": "1"}, "b": {"x": "2"}, "c": {"x": "1"}},
        {},
        {"x": "1"},
    ),
}


@pytest.mark.parametrize(("packages", "requires", "holds"), CLASHES.values(), ids=CLASHES)
def test_the_winners_files_are_there(
    tmp_path: Path,
    packages: dict[str, dict[str, str]],
    requires: dict[str, str],
    holds: dict[str, str],
) -> None:
    for number, order in enumerate(itertools.permutations(packages)):
        site = Site(tmp_path / str(number), packages, requires)
        site.folder.mkdir()
        for name in order:
            site.install(name)
        assert site.settle() == holds, order
        site.again.clear()
        assert site.settle() == holds
        assert site.again == []  # nothing is installed again where all is as it should be


def test_both_are_named_with_their_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"{number}.py" for number in range(5)]
    site = Site(tmp_path, {name: dict.fromkeys(names, name) for name in ("cv", "cv-headless")})
    for name in site.packages:
        site.install(name)
    site.settle()
    assert capsys.readouterr().out == (
        "  Warning: cv and cv-headless bring files of the same names: cv-headless's are taken\n"
        "    (0.py, 1.py, 2.py and 2 more). Require one alone if you want another\n"
    )


@pytest.mark.parametrize("folder", [False, True])
def test_uv_leaves_nothing_to_chance(tmp_path: Path, folder: bool) -> None:
    """uv itself installs them in another order each time, about.

    The folder's package has the last name, and what an index has not is installed again, too.
    """
    version = platform.python_version()
    python = Interpreter(Path(sys.executable), version, "cpython", "glibc", "2.36")
    names = [f"clash-{letter}" for letter in "abcd"]
    shared = [wheel(name, "1.0", files={"greeting.py": f"W = {name!r}\n"}) for name in names]
    lines = [*names, "./greeting"] if folder else names
    with running(shared) as index:
        for number in range(6):
            context = build_context(tmp_path / str(number))
            (context.app_dir / "requirements.txt").write_text("\n".join(lines))
            write_greeting(context.app_dir)
            read = read_requirements(context.app_dir, PurePosixPath("requirements.txt"), {})
            home = tmp_path / str(number) / "home"
            home.mkdir()
            cached = wheels.open_wheels(context, {})
            network = Network(index={"UV_DEFAULT_INDEX": index.url})
            uv = Uv(Path(find_uv_bin()), cached.work, home, network, {})
            recipe = Recipe(python, without_engine(read), (), None, home, {}, requirements=read)
            assert len(make(context, recipe, uv, cached).versions) == len(lines)
            site = site_packages(venv.folder(context), python.minor)
            winner = GREETING if folder else "W = 'clash-d'\n"
            assert (site / "greeting.py").read_text() == winner


def write_greeting(app: Path) -> None:
    listed = '"RECORD": "greeting.py,,\\n"'
    for name in ("pyproject.toml", "backend.py", "greeting.py"):
        (app / "greeting").mkdir(exist_ok=True)
        text = FILES[f"greeting/{name}"].replace('"RECORD": ""', listed)
        (app / "greeting" / name).write_text(text)
