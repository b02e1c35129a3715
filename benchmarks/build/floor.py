"""The floor: a buildpack that declares layers of given sizes, and does nothing else.

No code-only rebuild through pack that keeps such layers can be quicker.
"""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.build.sizes import LayerSize

DETECT = "#!/bin/sh\nexit 0\n"

BUILD = """\
#!/bin/sh
# The layers are filled in the first build; later ones take them over from the image.
set -eu

layer() { # NAME, FILES, BYTES of each file but the last, BYTES in all
    if [ ! -e "$CNB_LAYERS_DIR/$1.toml" ]; then
        mkdir -p "$CNB_LAYERS_DIR/$1/filled"
        head -c "$4" /dev/urandom | split -a 5 -b "$3" - "$CNB_LAYERS_DIR/$1/filled/"
    fi
    printf '[types]\\nlaunch = true\\n\\n[metadata]\\nfiles = %s\\n' "$2" >"$CNB_LAYERS_DIR/$1.toml"
}

"""

PROCESS = """
cat >"$CNB_LAYERS_DIR/launch.toml" <<'END'
[[processes]]
type = "web"
command = ["true"]
default = true
END
"""


def script(layers: Mapping[str, LayerSize]) -> str:
    """bin/build: the same number of files and bytes in each layer, every file as large."""
    lines = []
    for name, layer in sorted(layers.items()):
        each = max(1, -(-layer.size // layer.files))
        lines.append(f"layer {name} {layer.files} {each} {layer.size}\n")
    return BUILD + "".join(lines) + PROCESS


def write(top: Path, description: str, layers: Mapping[str, LayerSize]) -> None:
    """The buildpack's folder; ``description`` is ours, so that both are called the same."""
    (top / "bin").mkdir(parents=True)
    (top / "buildpack.toml").write_text(description, encoding="utf-8")
    for name, text in (("detect", DETECT), ("build", script(layers))):
        program = top / "bin" / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
