"""How the included configuration decides. Standard library, Python 3.9 and newer.

Decisions are functions of their arguments, files' texts among them; `of_this_process` and its
like look at the machine. `fleet`, `guard`, `metrics` and `hooks` act on gunicorn.
"""
