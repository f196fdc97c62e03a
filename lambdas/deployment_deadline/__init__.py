"""Rolls a deployment back that is not over in time."""
