"""Ports that are free just now."""

from __future__ import annotations

import socket


def ledig_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as prove:
        prove.bind(("127.0.0.1", 0))
        return int(prove.getsockname()[1])
