"""Where an app is looked for, in which order, and how Python would import it from there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from buildpack.app_finder.files import AppFiles
from buildpack.app_finder.project import join

NAMES = ("main.py", "app.py", "wsgi.py", "application.py", "__init__.py")
_NO_PACKAGE = re.compile(r"tests?|docs|static|templates|migrations|examples?|scripts|tools")
_NO_PLACE = re.compile(
    r"(test_.*|.*_test|tests|conftest|setup|noxfile|tasks|gunicorn.*|celery.*|.*worker.*)\.py"
)
_MOST_ELSEWHERE = 40
USUAL_PLACES = (
    "app/main.py",
    "main.py",
    "app.py",
    "wsgi.py",
    "application.py",
    "app/__init__.py, app/app.py, app/wsgi.py, app/application.py",
    "src/ (the same names), or the one package in it",
)
LOOKED_FOR = (*USUAL_PLACES, "another file or package there, if only one has a Flask app")
"""The places as a user reads them."""


@dataclass(frozen=True)
class Place:
    """A file and the way to import it.

    ``root`` is the folder that has to be on the path for ``module``, "" being the app dir,
    which always is. ``home`` is the file's own folder: its imports may need that one too.
    """

    file: str
    module: str
    root: str = ""

    @property
    def home(self) -> str:
        return self.file.rpartition("/")[0]


def places(files: AppFiles) -> Iterator[Place]:
    """The places that hold a file, in the order in which they are looked at."""
    for place in _all(files):
        if files.is_there(place.file):
            yield place


def other_places(files: AppFiles) -> list[list[Place]]:
    """Where else an app may be; each group is asked after the one before it.

    Modules at the top (run.py, server.py), then manage.py, which often makes a second app beside
    run.py, then the usual names in packages (flaskr/__init__.py); then modules and packages in
    src/.
    """
    groups = (
        _modules("", files),
        _packages("", files),
        _modules("src", files),
        _packages("src", files),
    )
    top, packages, in_src, packages_in_src = groups
    manage = [place for place in top if place.module == "manage"]
    others = [place for place in top if place.module != "manage"]
    return [g[:_MOST_ELSEWHERE] for g in (others, manage, packages, in_src, packages_in_src)]


def _modules(folder: str, files: AppFiles) -> list[Place]:
    return [
        Place(join(folder, name), name.removesuffix(".py"), folder)
        for name in files.names(folder)
        if name.endswith(".py")
        and name not in NAMES
        and name.removesuffix(".py").isidentifier()
        and not _NO_PLACE.fullmatch(name)
    ]


def _packages(folder: str, files: AppFiles) -> list[Place]:
    return [
        Place(join(folder, f"{package}/{name}"), _dotted(package, name), folder)
        for package in files.names(folder)
        if package.isidentifier()
        and not _NO_PACKAGE.fullmatch(package)
        and (folder or package not in ("app", "src"))
        for name in ("main.py", "wsgi.py", "app.py", "application.py", "__init__.py")
        if files.is_file(join(folder, f"{package}/{name}"))
    ]


def place_of(module: str, files: AppFiles) -> Place | None:
    """Where a module is that the user named: in the app dir, in src/, or in app/."""
    for root in ("", "src", "app"):
        path = join(root, module.replace(".", "/"))
        for file in (f"{path}/__init__.py", f"{path}.py"):
            if files.is_there(file):
                return Place(file, module, root)
    return None


def hidden_by(place: Place, files: AppFiles) -> str | None:
    """The package that Python imports instead of this file: main/ hides main.py."""
    package = place.file.removesuffix(".py")
    # Of a closed folder above both, nobody can say what is in it.
    is_package = files.is_folder(package) and files.is_there(f"{package}/__init__.py")
    return package if is_package else None


def _all(files: AppFiles) -> Iterator[Place]:
    yield Place("app/main.py", "app.main")
    for name in ("main.py", "app.py", "wsgi.py", "application.py"):
        yield Place(name, name.removesuffix(".py"))
    for name in ("__init__.py", "app.py", "wsgi.py", "application.py"):
        yield Place(f"app/{name}", _dotted("app", name))
    for name in ("main.py", "app.py", "wsgi.py", "application.py"):
        yield Place(f"src/{name}", name.removesuffix(".py"), "src")
    package = _only_package(files)
    if package:
        for name in NAMES:
            yield Place(f"src/{package}/{name}", _dotted(package, name), "src")


def _dotted(package: str, name: str) -> str:
    return package if name == "__init__.py" else f"{package}.{name.removesuffix('.py')}"


def _only_package(files: AppFiles) -> str | None:
    """The one folder in src/ that holds one of the names, None where there are several."""
    packages = [
        name
        for name in files.names("src")
        if name.isidentifier()
        and not _NO_PACKAGE.fullmatch(name)
        and any(files.is_there(f"src/{name}/{file}") for file in NAMES)
    ]
    return packages[0] if len(packages) == 1 else None
