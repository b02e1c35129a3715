"""The floor: a buildpack that unpacks or declares our layers again, and does nothing else.

No build through pack that makes or keeps these layers can be quicker. They are copies of
ours to the byte, as the lifecycle compresses even what it takes over: random bytes of the
same size took it less than half the time. A file more in each is why the Docker engine can't
take ours for them.
"""

from collections.abc import Iterable
from pathlib import Path

MOUNTED = "/tmp/layers.tar"
"""Where a build finds our layers: the archive of their folder, which has any name."""

DETECT = "#!/bin/sh\nexit 0\n"

BUILD = """\
#!/bin/sh
# The first build fills the layers; later ones take them over from the image.
set -eu
cd "$CNB_LAYERS_DIR"
set --
for layer in {layers}; do
    [ -e "$layer.toml" ] || set -- "$@" "*/$layer"
    printf '[types]\\nlaunch = true\\n' >"$layer.toml"
done
[ $# = 0 ] || tar -x -f {archive} --strip-components=1 --wildcards "$@"
for layer; do
    : >"${{layer#??}}/floor"
done
cat >launch.toml <<'END'
[[processes]]
type = "web"
command = ["true"]
default = true
END
"""


def write(top: Path, description: str, layers: Iterable[str], archive: str = MOUNTED) -> None:
    """The buildpack's folder; ``description`` is ours, so that both are called the same."""
    write_programs(top, description, BUILD.format(layers=" ".join(layers), archive=archive))


def write_programs(top: Path, description: str, build: str) -> None:
    """A buildpack that takes part in every build and then does what ``build`` says."""
    (top / "bin").mkdir(parents=True)
    (top / "buildpack.toml").write_text(description, encoding="utf-8")
    for name, text in (("detect", DETECT), ("build", build)):
        program = top / "bin" / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
