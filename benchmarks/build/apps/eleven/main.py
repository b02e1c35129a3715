"""An app that imports eleven usual dependencies, as its first answer has to wait for them."""

# Nothing of it is installed where types are checked.
# mypy: disable-error-code="import-not-found, import-untyped"

import boto3
import marshmallow
import numpy
import psycopg2
import pydantic
import redis
import requests
import sqlalchemy
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
database = SQLAlchemy(app)
Migrate(app, database)

USED = (boto3, marshmallow, numpy, psycopg2, pydantic, redis, requests, sqlalchemy)


@app.get("/")
def used() -> list[str]:
    return [module.__name__ for module in USED]
