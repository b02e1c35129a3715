"""How quickly, and at what cost, WSGI servers answer: the engine beside others.

Standard library only, on Python 3.11 or newer, like the toolchain that it starts with.
"""
