# Before the server starts: wait for the database, then migrate.
# `set -e` holds: where the database never comes, the container ends and is started again.
python wait_for_database.py
alembic upgrade head
