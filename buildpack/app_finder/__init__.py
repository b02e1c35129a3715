"""Finds the Flask app of a project by reading its code, never by running it."""

from buildpack.app_finder.answers import (
    Answer,
    Found,
    NamedAtLaunch,
    Need,
    NotOurs,
    Origin,
    Said,
    UserWord,
)
from buildpack.app_finder.finder import find_app

__all__ = [
    "Answer",
    "Found",
    "NamedAtLaunch",
    "Need",
    "NotOurs",
    "Origin",
    "Said",
    "UserWord",
    "find_app",
]
