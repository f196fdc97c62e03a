"""Synthesis that costs a fraction of the time: the same templates and the same checks, without the waste."""
