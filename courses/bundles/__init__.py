"""Courses as plain text: reading a bundle, finding its faults, loading it."""
