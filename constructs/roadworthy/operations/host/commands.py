"""The arguments of `docker` for each container of an update.

Source of every option: https://docs.docker.com/reference/cli/docker/container/run/
"""

from roadworthy.operations.host.plan import Update

LABEL = "roadworthy.rolling-update"  # on each container that an update makes; its value is the service's name


def green(update: Update) -> tuple[str, ...]:
    """The new version on its own port. Docker does not restart it: one that ends has failed."""
    run = ("run", "--detach", "--name", update.green, "--restart", "no")
    return (*run, *_shared(update, update.green_port), update.image)


def next_one(update: Update) -> tuple[str, ...]:
    """The new version for the production port, made but not started."""
    create = ("create", "--name", update.next, "--restart", update.restart)
    return (*create, *_shared(update, update.port), update.image)


def migration(update: Update) -> tuple[str, ...]:
    """The migration: a container that goes when it has ended."""
    run = ("run", "--rm", "--name", update.migration)
    return (*run, *_shared(update, update.green_port), update.image, *update.migrate)


def _shared(update: Update, port: int) -> tuple[str, ...]:
    """What all of them have; `--env` wins over `--env-file`."""
    files = [part for file in update.env_files for part in ("--env-file", str(file))]
    values = {**update.environment, update.port_variable: str(port)}
    variables = [part for name, value in values.items() for part in ("--env", f"{name}={value}")]
    return ("--network", "host", "--label", f"{LABEL}={update.name}", *files, *variables, *update.options)
