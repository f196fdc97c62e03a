"""The points of the checklist, one file each."""
