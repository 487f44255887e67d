"""The e-mail channel: sends once over SMTP, reports, and takes answers on a page behind a secret link."""
