"""The one root of our exceptions: each is a user's mistake, told in one line."""


class RoadworthyError(Exception):
    """Something that the user can mend; the message says what is wrong, with the value, and what to do."""
