"""Doors for learners: find, call one verb, render."""
