"""The room of intake: a varslet hendelse comes in, lives, and is closed; and what waits for a person."""
