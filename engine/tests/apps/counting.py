"""What the views of wsgi_app share."""

CLOSED = []
TEXT = [("Content-Type", "text/plain")]


class Counted:
    """An iterable that counts the calls of its close(), by name."""

    def __init__(self, name, pieces, complaint=None):
        self.name, self.pieces, self.complaint = name, iter(pieces), complaint

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.pieces)

    def close(self):
        CLOSED.append(self.name)
        if self.complaint:
            raise self.complaint
