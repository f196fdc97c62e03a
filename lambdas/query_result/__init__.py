"""Answers the internal API's queries from the notification records."""
