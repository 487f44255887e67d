"""`SALTO_SMTP_URL`: read strictly, because a misspelt option must not turn encryption off."""

from __future__ import annotations

import pytest

from infra.settings import Innstillingsfeil
from services.epost.tjener import Tjener, les_tjener


@pytest.mark.parametrize(
    ("url", "tjener"),
    [
        ("", None),
        ("smtp://post.example", Tjener("post.example", 25)),
        ("smtp://127.0.0.1:1025/", Tjener("127.0.0.1", 1025)),
        ("smtp://post.example:587?starttls=1", Tjener("post.example", 587, "starttls")),
        ("smtp://post.example?starttls=1", Tjener("post.example", 587, "starttls")),
        ("smtp://post.example?starttls=0", Tjener("post.example", 25)),
        ("smtps://post.example", Tjener("post.example", 465, "tls")),
        ("smtp://u%40x:p%2Fw%3A@post.example", Tjener("post.example", 25, "ingen", "u@x", "p/w:")),
        ("smtp://[::1]:2525", Tjener("::1", 2525)),
    ],
)
def test_a_url_is_read(url: str, tjener: Tjener | None) -> None:
    assert les_tjener(url) == tjener


@pytest.mark.parametrize(
    "url",
    [
        "post.example",
        "http://post.example",
        "smtp://",
        "smtp://post.example:x",
        "smtp://post.example:99999",
        "smtp://post.example/sti",
        "smtp://post.example?starttls=ja",
        "smtp://post.example?startls=1",
        "smtp://post.example?starttls",
        "smtps://post.example?starttls=1",
    ],
)
def test_another_url_is_refused_by_the_setting_s_name_and_not_by_its_secret(url: str) -> None:
    with pytest.raises(Innstillingsfeil, match="SALTO_SMTP_URL") as feil:
        les_tjener(url.replace("://", "://bruker:hemmelig@"))
    assert "hemmelig" not in str(feil.value)


def test_the_password_is_not_in_what_is_printed() -> None:
    assert "hemmelig" not in repr(les_tjener("smtp://bruker:hemmelig@post.example"))
