"""Imports the compiled part of each package, and says which it couldn't."""

import importlib

from flask import Flask

MODULES = [
    "aiohttp._http_parser",
    "argon2",
    "asyncpg.protocol.protocol",
    "bcrypt",
    "brotli",
    "cffi",
    "contourpy",
    "cryptography.hazmat.bindings._rust",
    "fontTools.ttLib",
    "frozenlist._frozenlist",
    "gevent._gevent_cgreenlet",
    "google._upb._message",
    "greenlet",
    "grpc._cython.cygrpc",
    "hiredis",
    "kiwisolver",
    "lxml.etree",
    "lz4.frame",
    "markupsafe._speedups",
    "matplotlib.pyplot",
    "msgpack._cmsgpack",
    "multidict._multidict",
    "MySQLdb._mysql",
    "numpy.linalg",
    "orjson",
    "pandas",
    "PIL._imaging",
    "propcache._helpers_c",
    "psutil",
    "psycopg.pq",
    "psycopg2._psycopg",
    "pydantic_core",
    "yaml._yaml",
    "regex._regex",
    "scipy.linalg",
    "shapely.lib",
    "sklearn.linear_model",
    "sqlalchemy.util._collections_cy",
    "tiktoken",
    "ujson",
    "uvloop.loop",
    "yarl._quoting_c",
    "zope.interface",
    "zstandard",
]


def failures() -> dict[str, str]:
    failed = {}
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            failed[name] = str(error)
    return failed


FAILED = failures()
app = Flask(__name__)


@app.get("/")
def imported() -> dict[str, object]:
    return {"asked": len(MODULES), "failed": FAILED}
