"""What is read out of images."""

from benchmarks.build.sizes import distributions

SITE = "venv/venv/lib/python3.13/site-packages"


def test_distributions_are_named_alike_however_they_are_spelled() -> None:
    files = [
        f"{SITE}/Flask_SQLAlchemy-3.1.1.dist-info/METADATA",
        f"{SITE}/meinheld-1.0.2+flaskpack.1.dist-info/METADATA",
        f"{SITE}/flask/METADATA",
        f"{SITE}/flask-3.1.3.dist-info/RECORD",
    ]
    assert distributions(files) == {"flask-sqlalchemy 3.1.1", "meinheld 1.0.2+flaskpack.1"}
