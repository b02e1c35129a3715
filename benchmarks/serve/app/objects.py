"""A Flask app that holds some 60 MB of Python's objects, as an app with its catalogue in memory."""

from itertools import count
from typing import Any

from flask import Flask

app = Flask(__name__)
ROWS: list[dict[str, Any]] = [
    {"id": number, "name": f"Row {number}", "price": number / 7} for number in range(220_000)
]
turns = count()


@app.get("/")
def some() -> str:
    """Looks at a hundred of them, others each time."""
    begin = next(turns) * 100 % len(ROWS)
    total = sum(row["price"] for row in ROWS[begin : begin + 100])
    return f"{total:20.2f}"
