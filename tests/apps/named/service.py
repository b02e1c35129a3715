"""A module that no detection finds: its place is none where apps are looked for."""


def handle(_environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"app": "service:handle"}']
