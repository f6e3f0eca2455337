"""Doors for readers and learners: find, call one verb, render."""
