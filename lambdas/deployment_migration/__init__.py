"""Runs the migrations of a new version in its own task, before ECS starts it."""
