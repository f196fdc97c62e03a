"""Complete CDK apps that make the same system; benchmarks/patterns/features.py says what is the same."""
