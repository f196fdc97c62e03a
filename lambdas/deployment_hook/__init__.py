"""What the deployment functions share: the contract of lifecycle hooks, settings, and which errors may pass."""
