"""Load test of the query service: `python -m benchmarks.load`."""

# What is written before, and asked for during, a run.
USERS, CAMPAIGNS, TRANSACTIONS = 50, 5, 1000
