"""Ports that are free just now, and that nobody else is given by chance meanwhile."""

from __future__ import annotations

import itertools
import os
import random
import socket

FOERSTE, DELER, HVER = 12_000, 8, 2_500
"""Below the ports that the kernel hands out: a port of those may be an outgoing connection's own while a server of ours
is down. Each worker of pytest has a part of its own."""
_DEL = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % DELER
_telling = itertools.count(random.randrange(HVER))


def ledig_port() -> int:
    """A port nobody listens on just now, and not one that was given here lately."""
    for nr in itertools.islice(_telling, HVER):
        port = FOERSTE + _DEL * HVER + nr % HVER
        with socket.socket() as prove:
            prove.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if prove.connect_ex(("127.0.0.1", port)) == 0:
                continue
            try:
                prove.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("ingen ledige porter")
