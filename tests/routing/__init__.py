"""Routing: places, rules and decisions, over a fictitious city."""
