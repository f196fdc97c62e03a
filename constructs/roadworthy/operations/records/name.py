"""The name of the table of records, for those who need no more of it."""

NAME = "deployments"
OFF = "off"  # in place of a name: nothing is recorded
