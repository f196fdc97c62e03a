"""Stops a deployment whose image is not in ECR, before ECS would try to start it."""
