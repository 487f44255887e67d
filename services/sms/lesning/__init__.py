"""Reads a reply on its own: never guesses, never raises, knows nothing of the call-outs."""

from services.sms.lesning.les import les

__all__ = ["les"]
