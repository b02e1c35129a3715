"""Notes in a PostgreSQL database."""

from flask import Flask, request
from models import Note, session
from sqlalchemy import select

app = Flask(__name__)


@app.get("/")
def notes() -> list[str]:
    with session() as db:
        return list(db.scalars(select(Note.text).order_by(Note.id)))


@app.post("/")
def add() -> tuple[str, int]:
    with session.begin() as db:
        db.add(Note(text=request.get_data(as_text=True)))
    return "", 201


@app.get("/ready")
def ready() -> str:
    """For a probe: whether the database answers."""
    with session() as db:
        db.execute(select(1))
    return "ready\n"
