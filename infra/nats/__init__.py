"""The embedded nats-server: started, kept to one store, stopped last."""
