"""The ``venv`` layer: dependencies, gunicorn and the engine, bytecode inside.

The environment lies one folder below the layer's root: a ``lib`` at the root would put
itself on LD_LIBRARY_PATH of every process, psql in a prestart included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack import log
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import EnvFile, Layer, Types, fresh_folder, write_launch_env
from buildpack.cnb.result import Sbom
from buildpack.installed import Installed, read_installed, site_packages
from buildpack.interpreter import Interpreter
from buildpack.requirements import Fingerprint, reasons
from buildpack.sbom import describe_environment
from buildpack.uv import Uv
from layers import wheels
from layers.wheels import Wheels

NAME = "venv"
