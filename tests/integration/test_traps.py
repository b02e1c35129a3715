"""Nothing of the app, and nothing that the platform's variables name, is run by a build."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.packing import Packer, run
from support.traps import (
    APP,
    MARKS,
    Trap,
    Witness,
    all_traps,
    compiled,
    honest_package,
    watching,
    write,
)

PINNED = Path(__file__).parent.parent / "apps" / "pinned" / "requirements.txt"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
NAMES = [trap.name for trap in all_traps()]


@dataclass(frozen=True)
class Field:
    """The app with all the traps, and what they have left."""

    app: Path
    marks: Path
    witness: Witness
    traps: dict[str, Trap]

    def sprung(self) -> set[str]:
        """The names that were left since it was asked last."""
        found = {path.name for path in self.marks.iterdir()} | self.witness.asked
        for path in self.marks.iterdir():
            path.unlink()
        self.witness.asked.clear()
        return found

    def volumes(self) -> list[str]:
        return ["--volume", f"{self.marks}:{MARKS}:rw", "--network", "host"]


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    app, marks = tmp_path_factory.mktemp("app"), tmp_path_factory.mktemp("marks")
    workshop = tmp_path_factory.mktemp("workshop")
    app.chmod(0o755)
    marks.chmod(0o777)  # for the builder's user
    with watching() as witness:
        traps = all_traps(witness.address, lambda name: compiled(workshop, name))
        for trap in traps:
            write(app, trap.files)
        write(app, honest_package(witness.address))
        write(app, {"requirements.txt": PINNED.read_text() + "./tool\n"})
        yield Field(app, marks, witness, {trap.name: trap for trap in traps})


@pytest.mark.parametrize("name", NAMES)
def test_each_trap_works(field: Field, name: str) -> None:
    """In the build's own image, by hand: the next test could not fail otherwise."""
    trap = field.traps[name]
    command = ["docker", "run", "--rm", *field.volumes(), "--volume", f"{field.app}:{APP}:ro"]
    bundle = os.environ.get("FLASKPACK_CA")
    if bundle:
        command += ["--env", f"SSL_CERT_FILE={BUNDLE}"]
        command += ["--volume", f"{bundle}:{BUNDLE}:ro"]
    for key, value in trap.variables.items():
        command += ["--env", f"{key}={value}"]
    command += ["--workdir", APP, "--entrypoint", "/bin/sh", os.environ["FLASKPACK_BUILDER"]]
    said = run(*command, "-c", trap.command).stdout
    assert name in field.sprung(), said


def test_a_build_springs_none(field: Field) -> None:
    """What building the app's own requirement runs is all that leaves anything."""
    variables = {
        name: value for trap in field.traps.values() for name, value in trap.variables.items()
    }
    assert len(variables) == 11
    packer = Packer()
    try:
        built = packer.build(field.app, "trap", *field.volumes(), env=variables)
    finally:
        packer.remove()
    assert field.sprung() == {"backend"}, built.output
    assert built.exit_code == 0, built.output
