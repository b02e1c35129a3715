"""The tables, and the way to them."""

import os

from sqlalchemy import Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

# postgresql+psycopg://user:password@host/name
engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
session = sessionmaker(engine)


class Base(DeclarativeBase):
    """All tables."""


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
