"""The local AWS cloud: moto inside our own process, repaired, on one loopback port.

Start it with `python -m localcloud.aws --port 0 --port-file FILE --state-file FILE [--lifeline]`.
Every AWS service answers on the port; so does the admin API, JSON in and out:

    GET    /_lifeboat/health      {"ready": true, "pid", "moto", "region_faults", "now",
                                   "dirty", "last_save_error"}
    GET    /_lifeboat/faults      {"faults": [...]}, with how often each one fired
    POST   /_lifeboat/faults      declares one (fields: see `faults.py`); answers it with its id
    DELETE /_lifeboat/faults      forgets all, or one with ?id=N
    GET    /_lifeboat/clock       {"now": iso, "advanced_s": seconds ahead of the machine's clock}
    POST   /_lifeboat/clock       {"advance_s": n} moves time forward, then settles what is due
    POST   /_lifeboat/save        writes the state file now
    POST   /_lifeboat/reset       forgets every resource, fault and advance, and saves the empty state
    GET    /_lifeboat/coverage    per service: implemented, repaired, not emulated with the reason

It never listens beyond loopback, never accepts real-looking credentials, and never answers a call it does
not emulate with success.
"""
