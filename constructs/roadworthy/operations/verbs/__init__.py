"""The verbs: a request, what is decided of it, and what is done; how it is told is the command line's."""
