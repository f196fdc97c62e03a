"""Holds the switch of traffic until the work that the old version has begun is done."""
