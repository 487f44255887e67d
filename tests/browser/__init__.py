"""The pages in a real browser: the main flow, phones, keyboard, without scripts, and a lost connection."""
