"""The e-mail room: real SMTP, a real nats-server, a real database."""
