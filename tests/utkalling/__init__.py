"""Tests of the call-outs."""
