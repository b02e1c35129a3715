"""A project that is built twice with a change between, without installing anything."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.contexts import build_context

from buildpack.bindings import read_bound
from buildpack.cnb.context import BuildContext
from buildpack.dependencies import read_dependencies
from buildpack.environment import provide
from buildpack.interpreter import Interpreter
from buildpack.settings import read_settings
from buildpack.vendored import Vendored

WHEEL = "meinheld-{}-cp313-cp313-manylinux_2_17_x86_64.whl"
UV = """#!/bin/sh
# Makes what the buildpack expects of an environment, with a gunicorn in it.
echo run >>"$HOME/../../runs"
for last; do :; done
case "$*" in *" venv "*)
    for minor in 3.13 3.14; do
        info="$last/lib/python$minor/site-packages/gunicorn-27.0.1.dist-info"
        mkdir -p "$last/bin" "$info"
        printf 'Name: gunicorn\\nVersion: 27.0.1\\n' >"$info/METADATA"
    done
    ln -s /usr/bin/python3 "$last/bin/python"
esac
"""
PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")
HASH = "sha256:" + "a" * 64
FILES = {
    "requirements.txt": (
        "# what the app needs\n"
        "-r pins/base.txt\n"
        "-c limits.txt\n"
        "./lib\n"
        "-e ./tool\n"
        'six==${SIX} ; python_version >= "3.9"\n'
        f"idna==3.10 \\\n    --hash={HASH}\n"
        "tiny @ git+https://host.example/tiny@v1\n"
    ),
    "pins/base.txt": "-r deeper.txt\nclick\n",
    "pins/deeper.txt": "-c ../limits/all.txt\nitsdangerous\n",
    "limits.txt": "flask<4\n",
    "limits/all.txt": "werkzeug<4\n",
    "lib/pyproject.toml": "[project]",
    "lib/lib.py": "x = 1",
    "tool/setup.py": "setup()",
    "tool/tool.py": "x = 1",
    "main.py": "app = 1",
}


@dataclass
class Project:
    """Everything that a build is made from, free to be changed."""

    root: Path
    env: dict[str, str] = field(default_factory=lambda: {"SIX": "1.17.0"})
    python: Interpreter = PYTHON
    uv: str = "0.13.9"
    engine: str = "1.0.2+flaskpack.1"
    engine_wheel: str = "built"
    imports_flask: bool = False
    adjust: Callable[[BuildContext], BuildContext] = lambda context: context

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str = "requirements.txt") -> str:
        return (self.root / "app" / name).read_text()

    def build(self, last: BuildContext | None = None) -> BuildContext:
        """A build after the last one; the context that the next one gets."""
        context = self.adjust(build_context(self.root, last.restored if last else None, self.env))
        made = provide(
            context,
            self.python,
            read_dependencies(
                context.app_dir, self.env, self.python, imports_flask=self.imports_flask
            ),
            self._vendored(),
            read_settings(self.env, read_bound(())),
        )
        return replace(context, restored={"venv": made.venv.layer.metadata})

    def _vendored(self) -> Vendored:
        wheels = self.root / f"wheels-{self.engine}"
        wheels.mkdir(exist_ok=True)
        (wheels / WHEEL.format(self.engine)).write_text(self.engine_wheel)
        program = self.root / "uv"
        program.write_text(UV)
        program.chmod(0o755)
        return Vendored(program, self.uv, self.engine, wheels)


Change = Callable[[Project], object]


def write(name: str, text: str | bytes) -> Change:
    return lambda project: project.write(name, text)


def swap(old: str, new: str, name: str = "requirements.txt") -> Change:
    def change(project: Project) -> None:
        assert old in project.read(name)
        project.write(name, project.read(name).replace(old, new))

    return change


def remove(name: str) -> Change:
    return lambda project: (project.root / "app" / name).unlink()


def encoded(encoding: str, line: str = "") -> Change:
    return lambda project: project.write(
        "requirements.txt", (line + project.read()).encode(encoding)
    )


def with_env(**values: str) -> Change:
    return lambda project: project.env.update(values)


def with_python(**values: object) -> Change:
    def change(project: Project) -> None:
        project.python = replace(project.python, **values)  # type: ignore[arg-type]

    return change


def having(**values: object) -> Change:
    def change(project: Project) -> None:
        for name, value in values.items():
            setattr(project, name, value)

    return change


def on_target(**values: str) -> Change:
    return having(adjust=lambda context: replace(context, target=replace(context.target, **values)))


def in_layers(name: str) -> Change:
    def change(project: Project) -> None:
        (project.root / name).mkdir()
        project.adjust = lambda context: replace(context, layers_dir=project.root / name)

    return change


def in_workspace(name: str) -> Change:
    def change(project: Project) -> None:
        (project.root / "app").rename(project.root / name)
        project.adjust = lambda context: replace(context, app_dir=project.root / name)

    return change


def both(*changes: Change) -> Change:
    return lambda project: [change(project) for change in changes]


def moved(old: str, new: str) -> Change:
    def change(project: Project) -> None:
        project.write(new, project.read(old))
        remove(old)(project)

    return change


def linked(project: Project) -> None:
    moved("requirements.txt", "elsewhere/real.txt")(project)
    (project.root / "app/requirements.txt").symlink_to("elsewhere/real.txt")
