"""What the parts of a new service are called."""

import keyword
import re
from typing import NamedTuple

from roadworthy.catalogue.services import NAME
from roadworthy.catalogue.table import shown
from roadworthy.errors import RoadworthyError


class ScaffoldError(RoadworthyError):
    """A service that cannot be added; nothing was written."""


class Names(NamedTuple):
    """The names of a service's parts.

    Attributes:
        service: in the catalogue: `order-intake`.
        module: of its stack: `order_intake`.
        stack: the class: `OrderIntakeStack`.
    """

    service: str
    module: str
    stack: str

    @classmethod
    def of(cls, service: str) -> "Names":
        """The names that follow from the service's.

        Raises:
            ScaffoldError: it is no name of a service, or none from which Python can import.
        """
        module = service.replace("-", "_")
        if not re.fullmatch(NAME, service) or not service[0].isalpha():
            words = "letters, digits, hyphens and underscores, and a letter first"
            raise ScaffoldError(f"the service's name is {shown(service)}: use {words}")
        if keyword.iskeyword(module):
            raise ScaffoldError(f"the service's name is {shown(service)}: Python cannot import stacks.{module}")
        return cls(service, module, "".join(word[:1].upper() + word[1:] for word in module.split("_")) + "Stack")
