"""The largest body a door takes in: a larger one is refused in our own words, unread where that can be known."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import Receive, Scope, Send

from infra.web.problem import Problem, svar


class Innholdsgrense(RequestBodyLimitMiddleware):
    """Starlette's limit. What says beforehand that it is too large gets a problem+json, not Starlette's plain text."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413, or hands on; a body that grows too large as it comes ends in the app's own error handler."""
        if scope["type"] == "http" and _lengde(scope) > self.max_body_size:
            await svar(Problem(413, "Innsendingen er for stor"))(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def _lengde(scope: Scope) -> int:
    oppgitt = Headers(scope=scope).get("content-length", "")
    return int(oppgitt) if oppgitt.isascii() and oppgitt.isdigit() else 0
