"""A path dependency."""
