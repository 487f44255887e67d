"""Whole stories, told in the verbs of the domain."""
