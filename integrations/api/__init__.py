"""Doors for programs that belong to no room below."""
