"""Findings -> text or JSON."""
