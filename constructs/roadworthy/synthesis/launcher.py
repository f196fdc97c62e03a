"""Runs a Python CDK app as `python app.py` does, with hardly any garbage collection: `python launcher.py app.py ...`.

Importing `aws_cdk` makes hundreds of thousands of objects that stay; looking through them again and again costs a
quarter of the imports. It needs nothing but the standard library, since the app may run in an environment of its own.
"""

import gc
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    gc.set_threshold(500_000, 50, 50)
    sys.argv = sys.argv[1:]
    if not Path(sys.argv[0]).is_file():
        sys.exit(f"{sys.argv[0]}: no such file")
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
