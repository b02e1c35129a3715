"""The bill of materials: of what is installed, the same bytes for the same environment."""

import json
from pathlib import Path

from buildpack.installed import read_installed
from buildpack.interpreter import Interpreter
from buildpack.sbom import describe_environment

PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")

FLASK = """\
Metadata-Version: 2.4
Name: Flask
Version: 3.1.3
License-Expression: BSD-3-Clause
Requires-Dist: click>=8.1.3
Requires-Dist: Absent_Package
Requires-Dist: python-dotenv ; extra == "dotenv"
"""
CLICK = """\
Metadata-Version: 2.1
Name: click
Version: 8.5.1
License: a long\n        text
Classifier: License :: OSI Approved :: BSD License
"""
ENGINE = """\
Metadata-Version: 2.4
Name: meinheld
Version: 1.0.2+flaskpack.1
License: BSD
"""


def site(root: Path) -> Path:
    for name, text in {
        "flask-3.1.3": FLASK,
        "click-8.5.1": CLICK,
        "meinheld-1.0.2": ENGINE,
    }.items():
        (root / f"{name}.dist-info").mkdir(parents=True)
        (root / f"{name}.dist-info/METADATA").write_text(text)
    return root


def test_the_whole_document(tmp_path: Path) -> None:
    sbom = describe_environment("venv", PYTHON, read_installed(site(tmp_path)))
    assert (sbom.scope, sbom.media_type) == ("venv", "application/vnd.cyclonedx+json")
    assert json.loads(sbom.content) == {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": [
            {
                "type": "platform",
                "bom-ref": "pkg:generic/python@3.13.5",
                "name": "cpython",
                "version": "3.13.5",
                "purl": "pkg:generic/python@3.13.5",
            },
            {
                "type": "library",
                "bom-ref": "pkg:pypi/click@8.5.1",
                "name": "click",
                "version": "8.5.1",
                "purl": "pkg:pypi/click@8.5.1",
                "licenses": [{"license": {"name": "BSD License"}}],
            },
            {
                "type": "library",
                "bom-ref": "pkg:pypi/flask@3.1.3",
                "name": "Flask",
                "version": "3.1.3",
                "purl": "pkg:pypi/flask@3.1.3",
                "licenses": [{"expression": "BSD-3-Clause"}],
            },
            {
                "type": "library",
                "bom-ref": "pkg:pypi/meinheld@1.0.2%2Bflaskpack.1",
                "name": "meinheld",
                "version": "1.0.2+flaskpack.1",
                "purl": "pkg:pypi/meinheld@1.0.2%2Bflaskpack.1",
                "licenses": [{"license": {"name": "BSD"}}],
            },
        ],
        "dependencies": [
            {"ref": "pkg:pypi/click@8.5.1", "dependsOn": []},
            {"ref": "pkg:pypi/flask@3.1.3", "dependsOn": ["pkg:pypi/click@8.5.1"]},
            {"ref": "pkg:pypi/meinheld@1.0.2%2Bflaskpack.1", "dependsOn": []},
        ],
    }


def test_the_same_environment_gives_the_same_bytes(tmp_path: Path) -> None:
    one = describe_environment("venv", PYTHON, read_installed(site(tmp_path / "one")))
    two = describe_environment("venv", PYTHON, read_installed(site(tmp_path / "two")))
    assert one.content == two.content
