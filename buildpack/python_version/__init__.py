"""Which Python the project asks for, and which one it gets."""

from buildpack.python_version.check import (
    check_together,
    hint,
    is_too_old,
    not_to_be_had,
    too_old,
)
from buildpack.python_version.lifetimes import DEFAULT, OLDEST, warning
from buildpack.python_version.model import Asked, Form, Search, Version, Wish, minor_numbers
from buildpack.python_version.offers import Offer, best_offer, read_offers
from buildpack.python_version.sources import read_wishes
from buildpack.python_version.together import fitting_minor, meets

__all__ = [
    "DEFAULT",
    "OLDEST",
    "Asked",
    "Form",
    "Offer",
    "Search",
    "Version",
    "Wish",
    "best_offer",
    "check_together",
    "fitting_minor",
    "hint",
    "is_too_old",
    "meets",
    "minor_numbers",
    "not_to_be_had",
    "read_offers",
    "read_wishes",
    "too_old",
    "warning",
]
