"""What the engine is made of, told inside the wheel: a CycloneDX file as PEP 770 places it.

Upstream's release is the ancestor, our patches are listed by name with their subject, and
the C sources of others that upstream carries along are components.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from . import licenses
from .sdist import Pin


def _license(name: str) -> list[dict[str, dict[str, str]]]:
    """As CycloneDX lists a license of SPDX's list."""
    return [{"license": {"id": name}}]


_CARRIED = (
    {"type": "library", "name": "http-parser", "version": "1.0", "licenses": _license("MIT")},
    {"type": "library", "name": "nginx", "licenses": _license("BSD-2-Clause")},
    {"type": "library", "name": "picoev", "licenses": _license("BSD-3-Clause")},
)
"""The version that http_parser.h names; the others' sources name none."""


def document(version: str, pin: Pin, patches: Iterable[Path]) -> bytes:
    """The file's bytes for the engine of that version; each patch's first line is its subject."""
    component = {
        "type": "library",
        "name": pin.name,
        "version": version,
        "licenses": [{"expression": licenses.EXPRESSION}],
        "pedigree": {
            "ancestors": [
                {
                    "type": "library",
                    "name": pin.name,
                    "version": pin.version,
                    "purl": f"pkg:pypi/{pin.name}@{pin.version}",
                    "hashes": [{"alg": "SHA-256", "content": pin.sha256}],
                }
            ],
            "patches": [_patch(path) for path in patches],
        },
    }
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component},
        "components": list(_CARRIED),
    }
    return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def _patch(path: Path) -> dict[str, object]:
    subject = path.read_text(encoding="utf-8").partition("\n")[0]
    told = {"type": "defect", "name": path.name, "description": subject}
    return {"type": "unofficial", "resolves": [told]}
