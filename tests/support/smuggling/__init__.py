"""Requests that two readers may take for different ones, sent through a proxy to an app.

`corpus` has them for HTTP/1.1, `h2` for a proxy's HTTP/2; `judge` sends them and says what became
of each request that was in them.
"""
