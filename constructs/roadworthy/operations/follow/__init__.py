"""Following the deployments that we started to their ends, and telling them apart."""
