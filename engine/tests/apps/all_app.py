"""The views of engine_app, echo_app where it has none of that name, and /settled.

Runs on every Python from 3.9 on.
"""

import gc
import sys

import echo_app
import engine_app


def app(environ, start_response):
    name = environ["PATH_INFO"].strip("/").replace("-", "_")
    if name == "settled":  # nothing is left that only waits to be found unused
        gc.collect()
        sys._clear_type_cache()
    chosen = engine_app if name in engine_app.VIEWS else echo_app
    return chosen.app(environ, start_response)
