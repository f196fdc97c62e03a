"""The online checks: one check, one file; a file that lies in this folder is a check."""
