"""`python -m roadworthy.cli`: the command where its script is not on the PATH."""

import sys

from roadworthy.cli import main

sys.exit(main())
