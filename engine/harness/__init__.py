"""Asks running workers byte by byte: ours, and others' as oracles.

``environments`` makes a Python with gunicorn and the engine in it, ``servers`` starts one,
``wire`` talks to it. ``cases`` is the table of requests with their exact answers, played by
``play``. ``mutations`` and ``faults`` are for what no table can list.
"""
