"""What shuts the pages to others: security headers, forms that only our own pages can send, compression."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from asgi_csrf import Errors, asgi_csrf
from fastapi import FastAPI, Request
from secure import (
    ContentSecurityPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from secure.middleware import SecureASGIMiddleware
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.settings import Settings
from infra.web.problem import INNLOGGING, MASKINDOERER, Problem, svar_paa

EGNE_HODER = (*MASKINDOERER, "/svar/")
"""Doors that set their own headers. `/svar` is opened from an e-mail, without a session, and checks its own origin."""

APIDOK = "/api/docs"
"""A page for people among the doors for programs."""


class Sidehoder:
    """Headers and compression for what browsers show; the doors of programs get two headers, or pass by untouched.

    Pages may be compressed although they carry a CSRF token (BREACH): the session's cookie is SameSite=Lax, so no
    other site can make a browser fetch one of ours as somebody and watch its length.
    """

    def __init__(self, app: ASGIApp, *, secure: Secure) -> None:
        self._app = app
        self._med = SecureASGIMiddleware(GZipMiddleware(app, minimum_size=1000, compresslevel=6), secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        egne = scope["type"] != "http" or scope["path"].startswith(EGNE_HODER)
        if egne and scope.get("path") != APIDOK:
            await self._app(scope, receive, _for_programmer(send) if _er_api(scope) else send)
            return
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _uten_innhold(send)
        await self._med(scope, receive, send)  # type: ignore[arg-type] # its own names for ASGI's types


def _er_api(scope: Scope) -> bool:
    return scope["type"] == "http" and str(scope["path"]).startswith("/api/")


def _for_programmer(send: Send) -> Send:
    """What a program gets is kept by nobody on the way, unless its door says otherwise, and is read as what it is."""

    async def _send(melding: Message) -> None:
        if melding["type"] == "http.response.start":
            hoder = MutableHeaders(scope=melding)
            hoder.setdefault("Cache-Control", "no-store")
            hoder.setdefault("X-Content-Type-Options", "nosniff")
        await send(melding)

    return _send


def _uten_innhold(send: Send) -> Send:
    """The answer to a GET as HEAD wants it: the headers alone."""

    async def _send(melding: Message) -> None:
        await send({**melding, "body": b""} if melding["type"] == "http.response.body" else melding)

    return _send


class Skjemavern:
    """asgi-csrf, which itself trips over what no form of ours holds (a token in other letters, half a multipart)."""

    def __init__(self, app: ASGIApp, *, oppsett: Mapping[str, Any]) -> None:
        async def innenfor(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await app(scope, receive, send)
            except Exception as feil:
                raise _Innenfra(feil) from feil  # not the guard's own: told apart below

        self._vern: ASGIApp = asgi_csrf(innenfor, **oppsett)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._vern(scope, receive, send)
        except _Innenfra as feil:
            raise feil.aarsak from feil.aarsak.__cause__
        except (TypeError, ValueError, IndexError):
            await _avvis(scope, send, Errors.FORM_URLENCODED_MISMATCH)


class _Innenfra(Exception):
    """Something went wrong behind the guard."""

    def __init__(self, aarsak: Exception) -> None:
        super().__init__(str(aarsak))
        self.aarsak = aarsak


def koble_paa(app: FastAPI, settings: Settings) -> None:
    """Puts the guards around the app; the last one added stands outermost."""
    https = settings.public_url.startswith("https://")
    noekkel = f"csrf:{settings.secret_key.get_secret_value()}"
    oppsett = {
        "signing_secret": hashlib.sha256(noekkel.encode()).hexdigest(),
        "cookie_secure": https,
        # Without any cookie too: no other site may log somebody in.
        "always_protect": {INNLOGGING, f"{INNLOGGING}/demo"},
        "skip_if_scope": lambda scope: scope["path"].startswith(("/webhooks/", "/svar/")),
        "send_csrf_failed": _avvis,
    }
    app.add_middleware(Skjemavern, oppsett=oppsett)
    app.add_middleware(Sidehoder, secure=_hoder(https=https))


def _hoder(*, https: bool) -> Secure:
    csp = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .font_src("'self'")
        .connect_src("'self'")
        .manifest_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=csp,
        hsts=StrictTransportSecurity().max_age(63_072_000) if https else None,
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )


async def _avvis(scope: Scope, send: Send, _: Errors) -> None:
    detalj = "Siden var åpen for lenge, eller skjemaet kom fra et annet sted. Last siden på nytt og prøv igjen."
    request = Request(scope)
    await (await svar_paa(request, Problem(403, "Innsendingen ble ikke tatt imot", detalj)))(
        scope, request.receive, send
    )
