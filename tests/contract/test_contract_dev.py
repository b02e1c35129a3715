"""The process dev: the source mounted, reloads, tracebacks; and never without being asked for."""

import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from support.containers import Container, app, wait
from support.images import Images, Run


@pytest.fixture
def mounted(run: Run, images: Images, tmp_path: Path) -> tuple[Container, Path]:
    """A container of dev that serves a folder of this machine."""
    folder = Path(shutil.copytree(app("operated"), tmp_path / "source"))
    options = ("--entrypoint", "dev", "--volume", f"{folder}:/workspace")
    container = run(image=images.name("operated"), options=options)
    container.start()
    container.get()
    return container, folder


def asked(container: Container, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{container.address()}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()
    except OSError:
        return 0, ""


def becomes(container: Container, path: str, status: int, text: str) -> None:
    """Until the page has the text: a reload takes a second or two."""

    def there() -> bool:
        code, body = asked(container, path)
        return code == status and text in body

    wait(there, f"{path} doesn't become {text!r}", container.said)


def test_a_change_is_served_a_mistake_is_shown_and_mended(
    mounted: tuple[Container, Path],
) -> None:
    container, folder = mounted
    source = folder / "main.py"
    good = source.read_text()
    page = '\n\n@app.get("/new")\ndef new() -> str:\n    return "a new page"\n'
    source.write_text(good + page)
    becomes(container, "/new", 200, "a new page")
    source.write_text(good + page + "def broken(:\n")
    becomes(container, "/new", 500, "SyntaxError")
    source.write_text(good + page.replace("a new page", "mended"))
    becomes(container, "/new", 200, "mended")


def test_tracebacks_are_shown_without_a_console(mounted: tuple[Container, Path]) -> None:
    container, _ = mounted
    status, body = asked(container, "/raise")
    assert status == 500
    assert "RuntimeError: asked for" in "".join(container.output())
    assert "EVALEX" not in body
    assert asked(container, "/console")[0] == 404


@pytest.mark.parametrize("env", [{}, {"ENV": "dev"}, {"FLASK_ENV": "development"}])
def test_it_is_never_on_by_accident(run: Run, images: Images, env: dict[str, str]) -> None:
    container = run(image=images.name("operated"), env={**env, "LOG_LEVEL": "debug"})
    container.start()
    container.get()
    stderr = container.output()[1]
    assert "  reload: False\n" in stderr
    status, body = asked(container, "/raise")
    assert status == 500
    assert "asked for" not in body
