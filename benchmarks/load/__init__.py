"""Load test of the query service: `python -m benchmarks.load`."""
