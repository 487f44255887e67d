"""Twilio's error codes as its REST API answers them: HTTP status, text, and the JSON around them."""

from __future__ import annotations

from dataclasses import dataclass

_KJENTE: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20009: (409, "Resource is not in a final state, so it cannot be deleted"),
    20404: (404, "The requested resource was not found"),
    20422: (400, "Invalid parameter"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21609: (400, "The 'StatusCallback' URL is not a valid URL"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    30409: (409, "Message can no longer be canceled"),
}
_LEVERING: dict[int, str] = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Carrier violation",
    30008: "Unknown error",
    30036: "Validity Period Expired",
}
_FOR_STATUS = {401: 20003, 404: 20404, 429: 20429, 500: 20500, 503: 20503}


@dataclass(frozen=True)
class Feil:
    """One refusal, in Twilio's legacy JSON."""

    kode: int
    status: int
    melding: str

    def json(self) -> dict[str, object]:
        mer = f"https://www.twilio.com/docs/errors/{self.kode}"
        return {"code": self.kode, "message": self.melding, "more_info": mer, "status": self.status}


def feil(kode: int, detalj: str = "") -> Feil:
    """The refusal with this code; a code we do not know is a 400."""
    status, melding = _KJENTE.get(kode, (400, f"Error {kode}"))
    return Feil(kode, status, f"{melding}: {detalj}" if detalj else melding)


def feil_for_status(status: int) -> Feil:
    """What Twilio's JSON says when the gateway itself fails with this HTTP status."""
    kjent = feil(_FOR_STATUS.get(status, 20500 if status >= 500 else 20422))
    return Feil(kjent.kode, status, kjent.melding)


def leveringsfeil(kode: int | None) -> str | None:
    """The text beside an `error_code` of a message that was not delivered."""
    return None if kode is None else _LEVERING.get(kode, f"Error {kode}")
