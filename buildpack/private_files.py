"""What uv needs as files for the time of one run: credentials and certificates.

They lie in a folder of the build's own user outside of all layers, and are gone after it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from buildpack.network import Network

SYSTEM_BUNDLES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/cert.pem"),
)
"""Where Debian, Red Hat's and Alpine keep the authorities that the system trusts."""

BUNDLE_VARIABLES = (
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"),
    *("GIT_SSL_CAINFO", "CARGO_HTTP_CAINFO"),
)
"""uv reads the first; the others are for what the build backends start."""


@contextmanager
def in_place(network: Network, home: Path) -> Iterator[dict[str, str]]:
    """The variables that name the files, while they are there.

    ``home`` is the HOME of the run: git looks for its ``.netrc`` there, and nowhere else.
    """
    system = next((bundle for bundle in SYSTEM_BUNDLES if bundle.is_file()), None)
    if not network.netrc and not network.certificates:
        yield {"SSL_CERT_FILE": str(system)} if system else {}
        return
    with tempfile.TemporaryDirectory(prefix="flaskpack-") as name:
        folder = Path(name)
        variables: dict[str, str] = {}
        if system or network.certificates:
            bundle = folder / "ca-certificates.pem"
            trusted = system.read_text(encoding="utf-8") if system else ""
            bundle.write_text(f"{trusted}\n{network.certificates}", encoding="utf-8")
            variables |= dict.fromkeys(BUNDLE_VARIABLES, str(bundle))
        if network.netrc:
            variables["NETRC"] = str(_write_netrc(folder, network.netrc))
            (home / ".netrc").symlink_to(variables["NETRC"])
        try:
            yield variables
        finally:
            if network.netrc:
                (home / ".netrc").unlink(missing_ok=True)


def _write_netrc(folder: Path, content: str) -> Path:
    file = folder / "netrc"
    file.touch(mode=0o600)
    file.write_text(content, encoding="utf-8")
    return file
