"""A stand-in for Twilio and an SMTP server on one machine: everything it accepts is on disk before it says so."""
