"""Type ``ca-certificates``: every entry holds certificates of authorities, in PEM form."""

import base64
import binascii
import re

from buildpack.bindings import entries
from buildpack.bindings.bound import Bound
from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import BadEntryError, EmptyBindingError

TYPE = "ca-certificates"
BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
REMEDY = "A certificate in another form becomes PEM by: openssl x509 -inform der -in FILE -out PEM"


def read(binding: Binding) -> Bound:
    """The certificates, whatever else the files hold; raises a BindingError."""
    files = [name for name in entries.names(binding) if not name.startswith(".")]
    if not files:
        raise EmptyBindingError(TYPE, binding.name, "an entry with certificates", ())
    blocks = [block for name in files for block in certificates(binding, name)]
    count = f"{len(blocks)} certificate{'s' * (len(blocks) != 1)}"
    told = f"Binding {binding.name}: {count} from {', '.join(map(entries.shown, files))}"
    return Bound(certificates="".join(blocks), told=(told,))


def certificates(binding: Binding, entry: str) -> list[str]:
    """The certificates in an entry, each with its first and last line."""
    found = list(BLOCK.finditer(entries.text(binding, entry)))
    name = entries.shown(entry)
    if not found:
        raise BadEntryError(binding.name, name, "holds no certificate in PEM form", REMEDY)
    for number, block in enumerate(found, start=1):
        if not _is_whole(block[1]):
            damaged = f"is damaged: its certificate number {number} can't be read"
            raise BadEntryError(binding.name, name, damaged, "Copy the whole file again.")
    return [block[0] + "\n" for block in found]


def _is_whole(body: str) -> bool:
    """Whether base64 holds one ASN.1 sequence (tag 0x30) of just the length that it says."""
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except (ValueError, binascii.Error):
        return False
    if len(data) < 4 or data[0] != 0x30:
        return False
    if data[1] < 0x80:
        return len(data) == 2 + data[1]
    more = data[1] & 0x7F
    return len(data) == 2 + more + int.from_bytes(data[2 : 2 + more])
