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
from buildpack.app_finder.words import not_ours

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
    "not_ours",
]
