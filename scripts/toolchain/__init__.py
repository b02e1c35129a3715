"""Makes everything that building and testing an app image takes, and keeps it in a cache.

Standard library only, on Python 3.11 or newer: it runs before anything is installed.
"""
