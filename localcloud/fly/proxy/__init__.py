"""The edge: takes HTTP requests for apps and hands each to a machine that can answer it, as Fly Proxy does.

    edge.py        the running whole: listeners, upkeep once a second, the end
    listeners.py   one shared port, and a loopback port per app that has a public address
    application.py ASGI: finds the app of a request, refuses what is not served here
    hosts.py       which app a host name means                                       (pure)
    service.py     what a machine's configuration says about routing                 (pure)
    health.py      whether a machine can take requests now                           (pure)
    preference.py  where a request wants to go: headers, and fly-replay answers      (pure)
    candidates.py  the order in which machines are tried                             (pure)
    autostop.py    which machines have too little to do                              (pure)
    delivery.py    one request's way: try, try elsewhere, replay, wake, give up
    forward.py     one attempt: streams a request to a machine and its answer back
    headers.py     what is added and dropped on the way                              (pure)

It must never send a request that a machine may already have acted on to another one (unless its method is
idempotent), and never choose a machine that is on its way out.
"""
