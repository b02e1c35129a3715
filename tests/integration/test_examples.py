"""The folders of examples/: each is built, started and asked, as its page says."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import Container, wait
from support.packing import Packer, run
from support.postgres import Postgres

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def containers() -> Iterator[list[Container]]:
    made: list[Container] = []
    yield made
    for container in made:
        container.remove()


def build(packer: Packer, name: str) -> str:
    built = packer.build(EXAMPLES / name, f"x-{name}")
    assert built.exit_code == 0, built.output
    return built.image


def asked(container: Container, path: str = "/", body: bytes | None = None) -> str:
    request = urllib.request.Request(f"http://{container.address()}{path}", body)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def healthy(container: Container) -> None:
    wait(lambda: container.exec("healthcheck")[0] == 0, "it is not healthy", container.said)


@pytest.mark.parametrize(
    ("name", "found", "path", "answer"),
    [
        ("hello", "main:app is a Flask app", "/", "Hello from Flask, gunicorn and meinheld!\n"),
        ("factory", "app.main:create_app() is a Flask app", "/", "Hello, world!\n"),
        ("wsgi", "main:app is a plain WSGI app", "/a", "GET /a\n"),
        ("django", "mysite.wsgi:application", "/", "Hello from Django!\n"),
    ],
)
def test_an_app(
    packer: Packer, containers: list[Container], name: str, found: str, path: str, answer: str
) -> None:
    built = packer.build(EXAMPLES / name, f"x-{name}")
    assert built.exit_code == 0, built.output
    assert found in built.log
    container = Container(built.image, env={"WEB_CONCURRENCY": "1"})
    containers.append(container)
    container.start()
    healthy(container)
    assert asked(container, path) == answer


def test_prometheus(packer: Packer, containers: list[Container]) -> None:
    container = Container(build(packer, "prometheus"), env={"WEB_CONCURRENCY": "1"})
    containers.append(container)
    container.start()
    healthy(container)
    for _ in range(3):
        assert asked(container) == "Hello!\n"
    # One of them was the health check.
    assert "visits_total 4.0\n" in asked(container, "/metrics")


def test_procfile(packer: Packer, containers: list[Container]) -> None:
    """Three processes of one image on one volume: release, web, worker."""
    image = build(packer, "procfile")
    volume = f"{image}-jobs"
    shared = ("--volume", f"{volume}:/workspace/instance")
    release = Container(image, options=("--entrypoint", "release", *shared))
    web = Container(image, options=shared, env={"WEB_CONCURRENCY": "1"})
    worker = Container(image, options=("--entrypoint", "worker", *shared))
    containers += [release, web, worker]
    release.start()
    assert release.wait_for_end() == 0
    web.start()
    worker.start()
    healthy(web)
    job = asked(web, body=b"shout").strip()
    wait(lambda: _text(web, f"/{job}") == "SHOUT", "the job isn't done", worker.said)
    assert worker.stop(30) < 10
    assert worker.output()[0] == "worker: ready\nworker: the job that was begun is done\n"
    for container in containers:
        container.remove()
    run("docker", "volume", "rm", volume)


def _text(container: Container, path: str) -> str:
    try:
        return asked(container, path)
    except urllib.error.HTTPError:
        return ""


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    made = Postgres()
    yield made
    made.remove()


def test_database(packer: Packer, containers: list[Container], postgres: Postgres) -> None:
    """Three replicas start at once, before the database does; one of them migrates."""
    image = build(packer, "database")
    env = {"DATABASE_URL": postgres.url, "WEB_CONCURRENCY": "1"}
    replicas = [Container(image, env=env) for _ in range(3)]
    containers += replicas
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.wait_for_line("Running script /workspace/prestart.sh")
        assert replica.exec("healthcheck") == (1, "Error: no process listens yet\n")
    postgres.start()
    for replica in replicas:
        healthy(replica)
    asked(replicas[0], body=b"first")
    asked(replicas[1], body=b"second")
    for replica in replicas:
        assert json.loads(asked(replica)) == ["first", "second"]
        assert replica.exec("healthcheck", "/ready")[0] == 0
    assert postgres.ask("select count(*), min(version_num) from alembic_version") == "1|0001"


def test_a_database_that_never_comes_ends_the_container(
    packer: Packer, containers: list[Container]
) -> None:
    image = build(packer, "database")
    url = "postgresql+psycopg://x:secret-of-the-url@127.0.0.1:1/x"
    container = Container(image, env={"DATABASE_URL": url})
    containers.append(container)
    container.put({"/workspace/wait_for_database.py": _impatient()})
    container.start()
    assert container.wait_for_end() == 1
    stdout, stderr = container.output()
    assert stdout.endswith("Running script /workspace/prestart.sh\n")
    assert "the database doesn't answer: connection failed" in stderr
    last = "/workspace/prestart.sh failed with exit code 1, so what follows it does not start\n"
    assert stderr.endswith(last)
    assert "secret-of-the-url" not in stdout + stderr


def _impatient() -> str:
    text = (EXAMPLES / "database" / "wait_for_database.py").read_text()
    assert "+ 60" in text
    return text.replace("+ 60", "+ 0")
