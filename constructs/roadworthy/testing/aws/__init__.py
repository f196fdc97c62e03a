"""The services around ECS that a pipeline asks, as far as it does: one file each, with its state and its answers."""
