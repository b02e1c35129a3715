"""bin/explain: what a build would find, install, tune and start, and why, without building.

It asks those who decide in a build and in a container; nothing of the app is run, and nothing
is written but a folder for the start command, which is removed.
"""
