"""What a cached layer costs a code-only rebuild, by its size and by the number of its files.

The lifecycle restores, archives and hashes such a layer in every build, needed or not.
"""

import io
import random
import tarfile
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.build import apps, builders, contenders, floor
from benchmarks.build.apps import APPS
from benchmarks.build.contenders import Contender
from benchmarks.build.steps import Bench, build
from scripts.toolchain import say

MOUNTED = "/tmp/cached.tar"
"""Where a build finds what it is to cache: the archive of a folder called ``cached``."""

BUILD = """\
#!/bin/sh
# The first build fills the layer; later ones find it restored.
set -eu
cd "$CNB_LAYERS_DIR"
if [ -e {archive} ]; then
    [ -d cached ] || tar -x -f {archive}
    printf '[types]\\ncache = true\\n' >cached.toml
fi
cat >launch.toml <<'END'
[[processes]]
type = "web"
command = ["true"]
default = true
END
"""


@dataclass(frozen=True)
class Form:
    """What a cached layer holds: so many megabytes in so many files of one size."""

    title: str
    megabytes: int
    files: int

    @property
    def key(self) -> str:
        return f"{self.megabytes}-{self.files}"


WHEELS, UNPACKED = "downloaded wheels", "uv's cache, unpacked"

FORMS = (
    Form("nothing", 0, 0),
    *(Form(WHEELS, size, files) for size, files in ((10, 4), (100, 20), (400, 50))),
    *(Form(UNPACKED, size, files) for size, files in ((10, 300), (100, 3000), (400, 12000))),
)


def measure(bench: Bench, rounds: int) -> dict[str, list[float]]:
    """``{key of the form: seconds of each round}``; in each round every form has its turn.

    Every other round goes backwards, so that the least doesn't always follow the greatest.
    """
    with say.step("Caching: a first build of each form, which isn't counted"):
        prepared = _prepare(bench)
    samples: dict[str, list[float]] = defaultdict(list)
    for number in range(1, rounds + 1):
        for contender in prepared if number % 2 else reversed(prepared):
            apps.change_code(contender.app, number)
            samples[contender.key].append(build(bench, contender))
        newest = " / ".join(f"{of[-1]:.2f}" for of in samples.values())
        say.line(f"Caching, round {number} of {rounds}: {newest}")
    return dict(samples)


def _prepare(bench: Bench) -> list[Contender]:
    sources = apps.lay_out(APPS["hello"], bench.place / "sources", lambda _folder: None)
    builder, buildpack = bench.made.name("caching-builder"), bench.place / "caching-buildpack"
    description = (bench.tools.buildpack / "buildpack.toml").read_text(encoding="utf-8")
    floor.write_programs(buildpack, description, BUILD.format(archive=MOUNTED))
    builders.of_buildpack(bench.tools, bench.made, builder, buildpack)
    prepared = [_contender(bench, form, builder) for form in FORMS]
    for contender in prepared:
        apps.fresh(sources, contender.app)
        build(bench, contender, from_nothing=True)
    return prepared


def _contender(bench: Bench, form: Form, builder: str) -> Contender:
    image, app = bench.made.name(f"caching-{form.key}"), bench.place / form.key
    packed = contenders.packed(bench.tools, form.key, image, app, builder)
    if not form.files:
        return packed
    archive = bench.place / f"{form.key}.tar"
    fill(form, archive)
    return replace(packed, build=(*packed.build, "--volume", f"{archive}:{MOUNTED}:ro"))


def fill(form: Form, to: Path) -> None:
    """Random bytes, a hundred files in a folder; the same ones every time."""
    source = random.Random(form.key)
    size = form.megabytes * 1_000_000 // form.files
    with tarfile.open(to, "w") as archive:
        for number in range(form.files):
            member = tarfile.TarInfo(f"cached/{number // 100}/{number}")
            member.size, member.mode = size, 0o644
            archive.addfile(member, io.BytesIO(source.randbytes(size)))
