"""How fast the local AWS's health checks go, in one place."""

# Health checks' intervals and grace periods pass ten times faster: one of 10 s is one of 1 s. Time-outs do not.
SPEED = 10.0

# A minute of a blue/green deployment's bake time, or between two steps of a gradual one, is a second.
BAKE_SECONDS_PER_MINUTE = 1.0

# A process starts no faster here than in AWS, so a closed port counts as a failed check only after this time.
STARTUP_SECONDS = 30.0
