"""The simulator: held to Twilio's own document, to the official SDK, and to its promise to lose nothing."""
