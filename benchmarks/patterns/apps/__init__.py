"""Complete CDK apps that make the same system: `python -m benchmarks.patterns` says what is the same."""
