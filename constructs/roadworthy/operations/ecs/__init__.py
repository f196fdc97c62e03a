"""ECS as operations see it: what is read of its answers, typed, and the calls that read it."""
