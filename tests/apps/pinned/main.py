from flask import Flask

app = Flask(__name__)


@app.get("/")
def version() -> dict[str, str]:
    return {"version": "one"}
