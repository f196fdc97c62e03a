"""ECS's own blue/green, canary and linear deployments: what moves the traffic, what may stop it, and for how long."""
