"""Fargate's stand-in: each container of a task is a local process on a loopback address of its own."""
