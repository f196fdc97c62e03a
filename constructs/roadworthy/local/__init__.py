"""An AWS of one's own on loopback: deploy the real stacks with the real CDK CLI, without an account or Docker.

`roadworthy local up|down|status|query|logs|demo` is the command; `roadworthy.local.session.LocalAws` is the same
for Python and for tests. docs/local-aws.md says what is real and what is stood in for.
"""
