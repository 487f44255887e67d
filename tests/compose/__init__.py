"""The deployed form, tried on a real container engine."""
