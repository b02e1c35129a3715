"""What is read out of images."""

from benchmarks.build.sizes import Entry, LayerSize, distributions, layer_sizes

SITE = "venv/venv/lib/python3.13/site-packages"


def test_files_are_counted_by_layer() -> None:
    files = [
        Entry("venv/venv/bin/flask", 100),
        Entry("venv/env.launch/PATH.prepend", 20),
        Entry("web/launch/start", 7),
        Entry("stray", 1),
    ]
    assert layer_sizes(files) == {"venv": LayerSize(2, 120), "web": LayerSize(1, 7)}


def test_distributions_are_named_alike_however_they_are_spelled() -> None:
    files = [
        Entry(f"{SITE}/Flask_SQLAlchemy-3.1.1.dist-info/METADATA", 1),
        Entry(f"{SITE}/meinheld-1.0.2+flaskpack.1.dist-info/METADATA", 1),
        Entry(f"{SITE}/flask/METADATA", 1),
        Entry(f"{SITE}/flask-3.1.3.dist-info/RECORD", 1),
    ]
    assert distributions(files) == {"flask-sqlalchemy 3.1.1", "meinheld 1.0.2+flaskpack.1"}
