"""Where the app's dependencies come from, as requirements: locks, project files, lists.

A lock is for every platform and for all groups; the image is one platform. So each lock is
read down to the exact list of what is installed here, by readers of our own: the tools
that wrote it needn't be there, nor a network, and nothing of theirs runs.
"""

from buildpack.sources.asked import read_asked, settings_of
from buildpack.sources.not_read import not_read
from buildpack.sources.read import Source, read_source

__all__ = ["Source", "not_read", "read_asked", "read_source", "settings_of"]
