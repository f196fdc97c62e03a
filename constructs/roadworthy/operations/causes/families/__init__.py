"""The wordings of ECS by what they speak of. What is more special comes first."""

from roadworthy.operations.causes.families.deployments import DEPLOYMENTS
from roadworthy.operations.causes.families.health import HEALTH
from roadworthy.operations.causes.families.images import IMAGES
from roadworthy.operations.causes.families.initialization import INITIALIZATION
from roadworthy.operations.causes.families.logs import LOGS
from roadworthy.operations.causes.families.permissions import PERMISSIONS
from roadworthy.operations.causes.families.placement import PLACEMENT
from roadworthy.operations.causes.families.roles import ROLES
from roadworthy.operations.causes.families.secrets import SECRETS
from roadworthy.operations.causes.families.start import START
from roadworthy.operations.causes.families.storage import STORAGE

FAMILIES = (
    PERMISSIONS,
    ROLES,
    STORAGE,
    IMAGES,
    LOGS,
    SECRETS,
    START,
    INITIALIZATION,
    HEALTH,
    PLACEMENT,
    DEPLOYMENTS,
)
