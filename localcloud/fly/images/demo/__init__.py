"""The demo app: a small web app on PostgreSQL whose answers tell who served them.

    __main__.py   puts the parts together and ends them in order
    settings.py   what the environment of a machine says
    server.py     HTTP, and an end that lets running requests finish
    app.py        the pages: health, write, count, env
    database.py   tables and statements, reconnecting; pool.py bounds the connections
    heartbeat.py  a row a second, by which a recovery measures how much data was lost
    journal.py    JSON lines on standard output

It must stay small: PostgreSQL's client is loaded only when a database is configured. It must never say,
log or show a secret, nor the text of a database error, which may quote the connection string.
"""
