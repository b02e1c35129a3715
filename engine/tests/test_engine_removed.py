"""What needed greenlet is gone, and whoever imports it is told so."""

import subprocess
from pathlib import Path

import pytest
from maker import compiler, patching, recipe, sdist

WAIT = (
    "remove the import, and set gunicorn's threads: other requests are answered while a view waits"
)
WEBSOCKET = (
    "serve websockets with another worker, in a process of its own (gunicorn's gthread and "
    "Flask-Sock, for one)"
)
MODULES = {
    "meinheld.common": WAIT,
    "meinheld.middleware": WEBSOCKET,
    "meinheld.msocket": WAIT,
    "meinheld.patch": WAIT,
    "meinheld.websocket": WEBSOCKET,
}
NAMES = {
    "_resume_client": WAIT,
    "_suspend_client": WAIT,
    "cancel_wait": WAIT,
    "get_ident": "use threading.get_ident",
    "schedule_call": "use threading.Timer",
    "sleep": "use time.sleep",
    "spawn": "use threading.Thread",
    "timeout": "catch TimeoutError",
    "trampoline": WAIT,
}


def run(python: Path, code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)


def refused(python: Path, code: str) -> str:
    """The last line on stderr of a program that fails."""
    ended = run(python, code)
    assert ended.returncode == 1
    return ended.stderr.splitlines()[-1]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The source with the series on it."""
    pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text())
    tree = sdist.unpack(sdist.fetch(pin, recipe.cache_folder()), tmp_path / "tree")
    patching.apply_series(recipe.ENGINE / "patches", tree)
    return tree


def having(tree: Path, text: bytes) -> list[str]:
    """The names of the sources in which that stands."""
    sources = (tree / "meinheld" / "server").iterdir()
    return sorted(file.name for file in sources if text in file.read_bytes())


def test_source_has_only_what_is_compiled(tree: Path) -> None:
    assert set((tree / "meinheld" / "server").glob("*.c")) == set(compiler.sources(tree))
    assert not (tree / "setup.py").exists()


def test_functions_switch_between_no_greenlets(tree: Path) -> None:
    assert having(tree, b"main_loop") == ["server.c"]
    assert having(tree, b"already suspended") == []


def test_source_has_no_lines_for_greenlet(tree: Path) -> None:
    assert having(tree, b"main_loop") == ["server.c"]
    assert having(tree, b"WITH_GREENLET") == []


def test_loop_has_no_timers(installed: Path) -> None:
    names = run(installed, "from meinheld import server; print(*dir(server))").stdout.split()

    assert "run" in names
    assert "schedule_call" not in names


def test_server_has_no_function_for_greenlet(installed: Path) -> None:
    names = run(installed, "from meinheld import server; print(*dir(server))").stdout.split()

    assert "run" in names
    assert NAMES.keys() & set(names) == set()


def test_application_is_called_without_a_client_object(installed: Path) -> None:
    module = run(installed, "from meinheld import server; print(server.__file__)").stdout.strip()

    assert b"meinheld.client" not in Path(module).read_bytes()


@pytest.mark.parametrize("name", MODULES)
def test_import_says_what_to_use(installed: Path, name: str) -> None:
    assert refused(installed, f"import {name}") == (
        f"ImportError: {name} is gone: it needed greenlet, which meinheld works without now. "
        f"What to do: {MODULES[name]}."
    )


@pytest.mark.parametrize("module", ["meinheld", "meinheld.server"])
@pytest.mark.parametrize("name", NAMES)
def test_import_of_a_name_says_what_to_use(installed: Path, module: str, name: str) -> None:
    assert refused(installed, f"from {module} import {name}") == (
        f"ImportError: meinheld.server.{name} is gone: it needed greenlet, which meinheld works "
        f"without now. What to do: {NAMES[name]}."
    )


def test_other_names_are_missing_as_always(installed: Path) -> None:
    code = "import meinheld; print(hasattr(meinheld, 'other'), hasattr(meinheld.server, 'other'))"

    assert run(installed, code).stdout == "False False\n"
    assert refused(installed, "from meinheld import other").startswith(
        "ImportError: cannot import name 'other' from 'meinheld' ("
    )
