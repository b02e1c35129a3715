"""An environment made after another one: what uv is asked, what is said, what is there then."""

import os
import random
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pytest
from support.contexts import build_context

from buildpack.cnb.context import BuildContext
from buildpack.dependencies import Addition
from buildpack.interpreter import Interpreter
from buildpack.network import Network
from buildpack.requirements import (
    Coverage,
    Entry,
    Form,
    LocalPath,
    Origin,
    Requirements,
    Role,
    read_requirements,
    without_engine,
)
from buildpack.uv import Uv
from layers import wheels
from layers.packages.arranging import MOST
from layers.venv import Venv
from layers.venv.making import make
from layers.venv.recipe import Recipe

PYTHON = Interpreter(Path(sys.executable), "3.13.5", "cpython", "glibc", "2.41")
SITE = "lib/python3.13/site-packages"
GUNICORN = Addition("gunicorn", "gunicorn==27.0.1", "the server")
FLASK = Addition("flask", "flask==3.1.3", "the app imports it")
HASH = "--hash=sha256:" + "a" * 64
LOCK = ("--no-deps",)
FOLDER = "own @ ./own"
PROJECT = Origin(PurePosixPath("pyproject.toml"), 2)
SHOP = Entry(
    *(PROJECT, "shop", Role.REQUIREMENTS, Form.LOCAL, "shop"),
    local=LocalPath(PROJECT, PurePosixPath("."), Coverage.CONTENTS),
)


@dataclass
class Index:
    """What uv finds: ``files`` are those of packages that aren't a folder of their name.

    What is ``lost`` is never installed. ``resolutions`` are uv's answers in turn; ``asked`` is
    what it was told to do.
    """

    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requires: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=lambda: {"big": 9_000_000})
    lost: frozenset[str] = frozenset()
    resolutions: list[tuple[str, ...]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class IndexUv(Uv):
    """Takes "six==1.17.0" for a package of one file, and lists in ``index`` what it is told."""

    index: Index = field(default_factory=Index)

    def make_venv(self, python: Path, venv: Path) -> None:  # noqa: ARG002  uv's own signature
        (venv / SITE).mkdir(parents=True)
        (venv / "bin").mkdir()
        (venv / "bin/python").symlink_to("/usr/bin/python3")

    def resolve(
        self,
        venv: Path,  # noqa: ARG002
        *arguments: str,
        variables: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> tuple[str, ...]:
        self.index.asked.append(f"resolve {said(arguments)}")
        return self.index.resolutions.pop(0)

    def install(
        self,
        venv: Path,
        *arguments: str,
        variables: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> None:
        self.index.asked.append(f"install {said(arguments)}")
        for text in said(arguments, limits=False).split(", "):
            name, _, version = text.partition(" ")[0].partition("==")
            if " @ file://" in text:
                self._unpack(venv, name, "1.0", origin=True)
            elif version and name not in self.index.lost:
                self._unpack(venv, name, version)

    def _unpack(self, venv: Path, name: str, version: str, *, origin: bool = False) -> None:
        info = f"{SITE}/{name}-{version}.dist-info"
        names = self.index.files.get(name, (f"{SITE}/{name}/__init__.py",))
        files = dict.fromkeys(names, f"# {name} {version}\n")
        required = self.index.requires.get(name)
        files[f"{info}/METADATA"] = f"Name: {name}\nVersion: {version}\n" + (
            f"Requires-Dist: {required}\n" if required else ""
        )
        if origin:
            files[f"{info}/direct_url.json"] = '{"url": "file:///own"}'
        listed = [os.path.relpath(file, SITE) for file in (*files, f"{info}/RECORD")]
        size = self.index.sizes.get(name, 2_000_000)
        files[f"{info}/RECORD"] = "".join(f"{file},,{size}\n" for file in listed)
        for file, text in files.items():
            (venv / file).parent.mkdir(parents=True, exist_ok=True)
            (venv / file).write_text(text)


def said(arguments: tuple[str, ...], *, limits: bool = True) -> str:
    """uv's arguments, what files list in place of the files."""
    words, told = iter(arguments), []
    for word in words:
        if word in ("-r", "-c"):
            lines = Path(next(words)).read_text().splitlines()
            listed = ", ".join(line for line in lines if not line.startswith("#"))
            told += [listed] if word == "-r" else [f"within {listed}"] if limits else []
        elif word == "--find-links":
            next(words)
        elif limits or not word.startswith("-"):
            told.append(word)
    return ", ".join(told)


@dataclass(frozen=True)
class Change:
    """A second build: its requirements, uv's answers, and what is to come of them.

    ``asked`` are uv's orders before what is brought along; ``says`` is the log.
    """

    text: str
    resolutions: list[tuple[str, ...]]
    asked: list[str]
    says: str
    first: str = "big==1\nclick==8.1.8\nidna==3.10\n"
    arguments: tuple[str, ...] = ()
    additions: tuple[Addition, ...] = (GUNICORN,)
    index: Index = field(default_factory=Index)
    project: Entry | None = None
    bill: bool = True


def stay(number: int, of: int) -> str:
    return f"  {number} of {of} packages stay as they are\n"


def anew(why: str) -> str:
    return f"  Everything is installed anew: {why}\n"


ADDING = "  Adding gunicorn==27.0.1: the server, and nobody requires it\n"
ADDING_BOTH = "  Adding flask==3.1.3: the app imports it, and nobody requires it\n" + ADDING
BROUGHT = "install --offline, --no-deps, --no-index, gunicorn==27.0.1"
NEXT = "big==1\nclick==8.1.8\nidna==3.11\n"
RESOLVED = tuple(NEXT.split())
ALL = "big==1, click==8.1.8, idna==3.11"
RESOLVE = f"resolve {ALL}"
ALL_ANEW = [RESOLVE, f"install {ALL}", BROUGHT]
CHANGES = {
    "another version": Change(
        NEXT, [RESOLVED], [RESOLVE, "install idna==3.11, --no-deps"], stay(3, 4)
    ),
    "one more, which requires another": Change(
        "big==1\nclick==8.1.8\nidna==3.10\nflask\n",
        [("big==1", "click==8.1.8", "idna==3.10", "flask==3.1.3", "blinker==1.9")],
        [
            "resolve big==1, click==8.1.8, idna==3.10, flask",
            "install blinker==1.9, flask==3.1.3, --no-deps",
        ],
        stay(4, 6),
    ),
    "one less": Change(
        "big==1\nclick==8.1.8\n",
        [("big==1", "click==8.1.8")],
        ["resolve big==1, click==8.1.8"],
        stay(3, 3),
    ),
    "one from a folder, each time": Change(
        f"{NEXT}{FOLDER}\n",
        [(*RESOLVED, "own==1.0 (from file:///own)")],
        [f"{RESOLVE}, own @ file://APP/own", "install own @ file://APP/own, idna==3.11, --no-deps"],
        stay(3, 4),
        first=f"big==1\nclick==8.1.8\nidna==3.10\n{FOLDER}\n",
    ),
    "the project itself, each time and last": Change(
        NEXT,
        [],
        ["install idna==3.11, --no-deps", "install --no-deps, shop @ file://APP"],
        stay(3, 4),
        arguments=LOCK,
        project=SHOP,
    ),
    "a lock, which uv isn't asked about": Change(
        f"big==1\nclick==8.1.8\nidna==3.11 {HASH}\n",
        [],
        [f"install idna==3.11 {HASH}, --no-deps"],
        stay(3, 4),
        arguments=LOCK,
    ),
    "another hash of the same version": Change(
        f"big==1\nclick==8.1.8\nidna==3.10 {HASH}\n",
        [],
        [f"install idna==3.10 {HASH}, --no-deps"],
        stay(3, 4),
        arguments=LOCK,
    ),
    "a lock that lacks something": Change(
        "big==1\nclick==8.1.8\nidna==3.11\n",
        [],
        ["install idna==3.11, --no-deps"],
        stay(3, 4) + "  Warning: The lock isn't complete: idna requires unheard\n",
        arguments=LOCK,
        index=Index(requires={"idna": "unheard>=1"}),
    ),
    "what is added comes from an index": Change(
        "big==1\nidna==3.11\n",
        [("big==1", "idna==3.11"), ("flask==3.1.3", "click==8.1.8")],
        [
            "resolve big==1, idna==3.11",
            "resolve flask==3.1.3, within big==1, idna==3.11",
            "install flask==3.1.3, idna==3.11, --no-deps",
        ],
        stay(3, 5),
        additions=(FLASK, GUNICORN),
        first="big==1\nclick==8.1.8\nidna==3.10\nflask==3.0\n",
    ),
    "what is added beside what lies elsewhere": Change(
        f"big==1\nidna==3.11\n{FOLDER}\n",
        [("big==1", "idna==3.11", "own==1.0 (from file:///own)"), (*RESOLVED, "flask==3.1.3")],
        [
            "resolve big==1, idna==3.11, own @ file://APP/own",
            "resolve big==1, idna==3.11, own @ file://APP/own, flask==3.1.3, "
            "within big==1, idna==3.11",
            "install own @ file://APP/own, flask==3.1.3, idna==3.11, --no-deps",
        ],
        stay(3, 5),
        additions=(FLASK, GUNICORN),
        first=f"big==1\nclick==8.1.8\nidna==3.10\nflask==3.0\n{FOLDER}\n",
    ),
    "less than half": Change(
        "big==2\nclick==8.1.8\nidna==3.10\n",
        [("big==2", "click==8.1.8", "idna==3.10")],
        [
            "resolve big==2, click==8.1.8, idna==3.10",
            "install big==2, click==8.1.8, idna==3.10",
            BROUGHT,
        ],
        anew("less than half of it would stay as it is") + ADDING,
    ),
    "an image without its bill of materials": Change(
        NEXT,
        [RESOLVED],
        ALL_ANEW,
        anew("the last image's bill of materials lacks some") + ADDING,
        bill=False,
    ),
    "files inside of what stays": Change(
        NEXT,
        [RESOLVED],
        [RESOLVE, "install idna==3.11, --no-deps", *ALL_ANEW[1:]],
        stay(3, 4) + anew("packages share files that did not before") + ADDING,
        index=Index(files={"idna": (f"{SITE}/idna/__init__.py", f"{SITE}/click/more.py")}),
    ),
    "a lock that what is added may add to": Change(
        f"big==1\nidna==3.11\n{FOLDER}\n",
        [],
        [
            "install big==1, idna==3.11, own @ file://APP/own, --no-deps",
            "install flask==3.1.3, within big==1, idna==3.11, own==1.0",
            BROUGHT,
        ],
        anew("what it comes to can't be told beforehand") + ADDING_BOTH,
        arguments=LOCK,
        additions=(FLASK, GUNICORN),
    ),
    "not all came": Change(
        NEXT,
        [(*RESOLVED, "never==1")],
        [RESOLVE, "install idna==3.11, never==1, --no-deps", *ALL_ANEW[1:]],
        stay(3, 5) + anew("never did not come") + ADDING,
        index=Index(lost=frozenset({"never"})),
    ),
}


def requirements(context: BuildContext, text: str, change: Change) -> Requirements:
    (context.app_dir / "requirements.txt").write_text(text)
    (context.app_dir / "own").mkdir(exist_ok=True)
    (context.app_dir / "own/pyproject.toml").touch()
    read = read_requirements(context.app_dir, PurePosixPath("requirements.txt"), {})
    return replace(read, arguments=change.arguments, project=change.project)


def build(root: Path, text: str, change: Change, index: Index, last: Venv | None = None) -> Venv:
    """One build after another, as the lifecycle brings back what it left."""
    context = build_context(root)
    if last and last.sbom:
        layers = (last.layer, *last.packages)
        context = replace(context, restored={layer.name: layer.metadata for layer in layers})
        bill = context.layers_dir / "venv.sbom.cdx.json"
        bill.write_text(last.sbom.content if change.bill else "{}")
    read = requirements(context, text, change)
    home = root / "home"
    home.mkdir(exist_ok=True)
    recipe = Recipe(
        python=PYTHON,
        user=without_engine(read),
        additions=change.additions,
        engine=None,
        wheels=root,
        key={"Python": "3.13.5"},
        carried=(GUNICORN,),
        requirements=read,
    )
    cached = wheels.open_wheels(context, {})
    return make(context, recipe, IndexUv(root, cached.work, home, Network(), {}, index), cached)


def contents(root: Path) -> dict[str, str]:
    """Every file as the environment shows it, bytecode by its name alone."""
    return {
        os.path.relpath(f"{folder}/{file}", root): ""
        if file.endswith(".pyc")
        else Path(folder, file).read_text()
        for folder, _, files in os.walk(root, followlinks=True)
        for file in files
        if file != "python"
    }


def pin(name: str, version: str, text: str) -> str:
    """The line for this version, in the words of the requirements where they name it."""
    lines = [
        line for line in text.splitlines() if line.startswith((f"{name}=={version}", f"{name} @"))
    ]
    return f"{lines[0] if lines else f'{name}=={version}'}\n"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change(tmp_path: Path, change: Change, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "one"
    last = build(root, change.first, replace(change, additions=(GUNICORN,)), Index())
    capsys.readouterr()
    index = replace(change.index, resolutions=[*change.resolutions], asked=[])
    made = build(root, change.text, change, index, last)
    assert [text.replace(str(root / "app"), "APP") for text in index.asked] == change.asked
    assert capsys.readouterr().out == change.says
    # It is what a build of the same versions makes from nothing.
    pinned = {name: text for name, text in made.versions.items() if name != SHOP.name}
    text = "".join(pin(name, version, change.text) for name, version in pinned.items())
    alike = replace(change.index, asked=[])
    nothing = build(tmp_path / "two", text, replace(change, additions=(GUNICORN,)), alike)
    assert made.versions == nothing.versions
    assert made.sbom == nothing.sbom
    assert contents(root / "layers/venv/venv") == contents(tmp_path / "two/layers/venv/venv")


FORMS: tuple[Callable[[str], str], ...] = (
    lambda name: f"{SITE}/{name}/__init__.py",
    lambda name: f"{SITE}/{name}.py",
    lambda name: f"{SITE}/space/{name}/part.py",
    lambda name: f"share/{name}.txt",
)


@pytest.mark.parametrize("seed", range(3))
def test_changes_without_end(tmp_path: Path, seed: int) -> None:
    """However many there were, the environment is that of the last, in no more layers."""
    dice = random.Random(seed)
    names = [f"p{number}" for number in range(40)]
    files = {name: (dice.choice(FORMS)(name), f"bin/{name}") for name in names}
    index = Index(files=files, sizes={name: int(10 ** dice.uniform(3, 8)) for name in names})
    pins = dict.fromkeys(names[:30], 1)
    change = replace(CHANGES["a lock, which uv isn't asked about"], index=index)
    last, stayed = None, 0
    for _ in range(15):
        text = "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))
        last = build(tmp_path, text, change, index, last)
        assert len(last.packages) <= MOST
        there = {layer.name for layer in last.packages}
        for folder in (tmp_path / "layers").glob("site-packages-*"):
            if folder.name not in there:  # an image has none but what is declared
                shutil.rmtree(folder)
        shown = contents(tmp_path / "layers/venv/venv")
        brought = {file for file in shown if "gunicorn" in file or file.endswith(".pyc")}
        expected = {
            file: f"# {name} {version}\n" for name, version in pins.items() for file in files[name]
        }
        assert {file for file in shown if "dist-info" not in file} - brought == set(expected)
        assert {file: shown[file] for file in expected} == expected
        everything = "install " + ", ".join(text.splitlines()) + ", --no-deps"
        stayed += index.asked[:1] != [everything]
        index.asked.clear()
        for name in dice.sample(names, dice.randint(1, 4)):
            if name in pins and dice.random() < 0.3:
                del pins[name]
            else:
                pins[name] = pins.get(name, 0) + 1
    assert stayed > 5
