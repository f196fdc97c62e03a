"""Holds a linear deployment at the steps of a list, such as 10 and 50 percent, and nowhere else."""
