"""One system written with Roadworthy, with `aws_ecs_patterns` and with CDK's own L2 constructs: what it takes."""
