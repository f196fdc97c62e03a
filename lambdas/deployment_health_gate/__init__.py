"""Asks a new version for its health through the test listener, before it gets traffic."""
