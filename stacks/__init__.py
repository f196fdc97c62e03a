"""What is deployed together: composition of patterns, no logic."""
