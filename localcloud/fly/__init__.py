"""An emulator of Fly.io: an independent second reading of its API, with machines that are real processes.

    HTTP request ─► api/pipeline (token, faults, rate limits, OpenAPI check) ─► api/<noun>.py ─► World
                                                                                    │
    proxy: host name ─► healthy machine's process      machines/: states, processes, checks ◄─ timeline

It shares no code with `lifeboat/fly` in either direction, so that a misreading in one shows as a
disagreement with the other. It must never answer success for something it did not do: what is not built
answers 501 and stands on the coverage page. Everything runs in one event loop; a handler that does not
await is atomic.

    model/      what exists: plain records, saved to disk as JSON
    world.py    all records, the clock, ids, the timeline: what a handler works on
    api/        Machines REST, one file per noun; admin.py is ours, under /_lifeboat/
    machines/   life cycle, hosts and placement, processes, health checks, restart policy
    images/     the images machines can run; demo/ is a small web app on PostgreSQL
    proxy/      the edge: routes requests to machines
    graphql/ uiex/   the two other APIs that flyctl needs
    openapi/    Fly's own API description, and where the wire is known to differ
"""
