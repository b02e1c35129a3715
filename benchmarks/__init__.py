"""Measurements; each folder is one, started with ``scripts/bench NAME``."""
