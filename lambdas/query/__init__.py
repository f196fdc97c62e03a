"""The public edge: passes queries on to the handler behind the internal load balancer."""
