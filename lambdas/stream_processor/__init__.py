"""Turns command records into notification records, from the stream of `command-records`."""
