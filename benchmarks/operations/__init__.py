"""What operating many services takes: the command line, and scripts as people write them, on the same simulated ECS."""
