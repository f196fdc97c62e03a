"""A new version next to the old one, in six steps: for services of ECS and for a container on one host."""
