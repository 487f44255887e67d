"""The plumbing: settings, clock, log, database, journal, embedded nats-server, web shell, simulator."""
