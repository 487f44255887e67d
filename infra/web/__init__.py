"""The web shell: the app, who may come in, and how errors are told."""
