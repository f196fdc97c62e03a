"""ECS's service deployments: their records, and blue/green, canary and linear ones played stage by stage."""
