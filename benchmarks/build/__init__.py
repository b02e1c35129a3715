"""What it costs to build and start an image, beside a floor and beside a Dockerfile.

Standard library only, on Python 3.11 or newer, like the toolchain that it starts with.
"""
