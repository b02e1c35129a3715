"""Images in production, at full length: behind proxies, and while new versions are put in place."""
