"""The directory: who has which role where, and how they are reached. The only holder of contact data."""
