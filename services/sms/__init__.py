"""The SMS channel: sends once, reports, reads replies."""
