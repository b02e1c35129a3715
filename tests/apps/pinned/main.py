from flask import Flask

app = Flask(__name__)


@app.get("/")
def version() -> str:
    return "one"
