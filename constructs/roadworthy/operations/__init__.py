"""Verbs on running services, and what each of them needs."""
