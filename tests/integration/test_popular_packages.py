"""Packages with compiled parts: they install, from source where there is no wheel, and load."""

from pathlib import Path

from support.containers import Container
from support.packing import Packer, run

POPULAR = Path(__file__).parent.parent / "apps" / "popular"


def test_every_popular_package_is_imported_in_the_image(packer: Packer) -> None:
    built = packer.build(POPULAR, "popular")
    assert built.exit_code == 0, built.output
    container = Container(built.image, env={"WEB_CONCURRENCY": "1"})
    try:
        container.start()
        assert container.get() == {"asked": 44, "failed": {}}
    finally:
        container.remove()


def test_a_binary_wheel_that_shares_its_name_with_a_source(packer: Packer, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    (tmp_path / "requirements.txt").write_text("flask==3.1.3\npsycopg2-binary==2.9.13\n")
    built = packer.build(tmp_path, "binary")
    assert built.exit_code == 0, built.output
    version = "import psycopg2; print(psycopg2.__libpq_version__ > 0)"
    answer = run("docker", "run", "--rm", "--entrypoint", "python", built.image, "-c", version)
    assert answer.stdout == "True\n"
