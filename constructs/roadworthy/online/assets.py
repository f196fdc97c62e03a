"""The images that the CDK pushes just before it deploys: they need not exist when the assembly is checked.

Source: https://docs.aws.amazon.com/cdk/v2/guide/assets.html
"""

import json
import os
import re

from roadworthy.template.document import Document

# The repositories of the CDK's bootstrap stack.
BOOTSTRAP = re.compile(r"cdk-[a-z0-9]+-container-assets-\d{12}-[a-z0-9-]+")


class Assets:
    """The image assets of the assemblies that the documents are part of."""

    def __init__(self) -> None:
        self._tags: dict[str, frozenset[str]] = {}

    def bring(self, repository: str, tag: str | None, document: Document) -> bool:
        """Whether the CDK will push the image that a document names."""
        if BOOTSTRAP.fullmatch(repository) or not document.synthesized:
            return bool(BOOTSTRAP.fullmatch(repository))
        folder = os.path.dirname(document.file) or "."
        if folder not in self._tags:
            self._tags[folder] = _tags_in(folder)
        return tag in self._tags[folder]


def _tags_in(folder: str) -> frozenset[str]:
    names = os.listdir(folder) if os.path.isdir(folder) else []
    files = [os.path.join(folder, name) for name in names if name.endswith(".assets.json")]
    return frozenset(tag for file in files for tag in _tags(file))


def _tags(path: str) -> set[str]:
    """The tags that an asset manifest pushes; none when it is malformed."""
    try:
        with open(path, encoding="utf-8") as file:
            images = json.load(file).get("dockerImages", {}).values()
        return {str(place["imageTag"]) for image in images for place in image.get("destinations", {}).values()}
    except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return set()
