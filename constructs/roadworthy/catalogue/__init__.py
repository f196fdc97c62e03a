"""`services.toml`: environments and services, read by the stacks and by the command line.

`catalogue` is the file as a whole, `environment` and `service_entry` are what it is made of; `services` resolves a
service for its environments, and `table` reads values and tells mistakes with their line, which `key_lines` finds.
"""

from roadworthy.catalogue.catalogue import Catalogue
from roadworthy.catalogue.environment import Environment, ExistingTables
from roadworthy.catalogue.error import CatalogueError
from roadworthy.catalogue.service_entry import ServiceEntry

__all__ = ["Catalogue", "CatalogueError", "Environment", "ExistingTables", "ServiceEntry"]
