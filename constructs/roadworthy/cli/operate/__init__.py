"""The verbs that operate services; what they share is in `arguments`, `telling` and `results`."""
