"""What is wrong with a service: a checklist, each point checked against AWS, and the one cause that explains the rest.

`checks/` has one file for each point; to add one, drop a file in.
"""

from roadworthy.operations.diagnose.run import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
