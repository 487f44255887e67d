"""The language of the house: events, their subjects, and what rooms ask each other."""
