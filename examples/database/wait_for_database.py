"""Ends when the database answers, or after a minute with code 1."""

import sys
import time

from models import engine
from sqlalchemy.exc import OperationalError

end = time.monotonic() + 60
while True:
    try:
        with engine.connect():
            sys.exit()
    except OperationalError as problem:
        if time.monotonic() > end:
            sys.exit(f"the database doesn't answer: {problem.orig}")
        time.sleep(0.5)
