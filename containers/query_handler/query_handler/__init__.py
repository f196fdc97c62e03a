"""The query service's handler: checks queries and asks the internal API."""
