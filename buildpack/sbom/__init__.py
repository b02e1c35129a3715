"""A CycloneDX bill of materials of what was installed (CycloneDX 1.5, JSON).

Made from the environment, not from the user's files, so that what nobody asked for by
name is in it too. The same environment gives the same bytes: no serial number, no date.
"""

from buildpack.sbom.component import purl_of
from buildpack.sbom.document import Described, bill_of, describe, read_components

__all__ = ["Described", "bill_of", "describe", "purl_of", "read_components"]
