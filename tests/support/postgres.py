"""Debian's PostgreSQL in a container, as the usual image of it is called."""

import os
from uuid import uuid4

from support.containers import wait
from support.packing import inspect, run

PASSWORD = "secret-of-the-test"
BIN = "/usr/lib/postgresql/17/bin"
START = f"""\
set -eu
mkdir -p /tmp/data && chown postgres /tmp/data
printf %s "$POSTGRES_PASSWORD" >/tmp/password
chmod 644 /tmp/password
su postgres -c "{BIN}/initdb -N -E UTF8 -A scram-sha-256 --pwfile /tmp/password /tmp/data"
echo "host all all all scram-sha-256" >>/tmp/data/pg_hba.conf
exec su postgres -c "exec {BIN}/postgres -k /tmp -D /tmp/data -c listen_addresses='*' -c fsync=off"
"""


class Postgres:
    """A server that begins empty; ``start`` may come later than the first client."""

    def __init__(self) -> None:
        self._name = f"flaskpack-test-postgres-{uuid4().hex[:8]}"
        command = ["docker", "run", "--detach", "--name", self._name]
        command += ["--env", f"POSTGRES_PASSWORD={PASSWORD}"]
        done = run(*command, os.environ["FLASKPACK_PEERS"], "sleep", "600")
        assert done.returncode == 0, done.stdout

    @property
    def url(self) -> str:
        """As SQLAlchemy takes it."""
        address = inspect(self._name)["NetworkSettings"]["IPAddress"]
        return f"postgresql+psycopg://postgres:{PASSWORD}@{address}/postgres"

    def start(self) -> None:
        """Until it answers."""
        run("docker", "exec", "--detach", self._name, "sh", "-c", START)
        wait(lambda: self.ask("select 1") == "1", "PostgreSQL does not answer", lambda: "")

    def ask(self, query: str) -> str:
        """What psql prints, without headings."""
        psql = ["psql", "-h", "127.0.0.1", "-U", "postgres", "-Atc", query]
        return run(
            "docker", "exec", "--env", f"PGPASSWORD={PASSWORD}", self._name, *psql
        ).stdout.strip()

    def remove(self) -> None:
        run("docker", "rm", "--force", "--volumes", self._name)
