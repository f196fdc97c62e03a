"""The stacks: images, what the services of an environment share, and one stack for each service."""
