"""The stages of a blue/green deployment at which ECS asks, in their order.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
"""

import enum


class LifecycleStage(enum.Enum):
    """A stage with hooks; between them ECS scales up, bakes and cleans up without asking anybody."""

    RECONCILE_SERVICE = "RECONCILE_SERVICE"  # only where more than one version is active at the start
    PRE_SCALE_UP = "PRE_SCALE_UP"  # green has not started
    POST_SCALE_UP = "POST_SCALE_UP"  # green is healthy, and gets no requests
    TEST_TRAFFIC_SHIFT = "TEST_TRAFFIC_SHIFT"  # asked again when a deployment goes back
    POST_TEST_TRAFFIC_SHIFT = "POST_TEST_TRAFFIC_SHIFT"  # green answers the test listener
    PRE_PRODUCTION_TRAFFIC_SHIFT = "PRE_PRODUCTION_TRAFFIC_SHIFT"  # before each step
    PRODUCTION_TRAFFIC_SHIFT = "PRODUCTION_TRAFFIC_SHIFT"  # at each step; asked again when a deployment goes back
    POST_PRODUCTION_TRAFFIC_SHIFT = "POST_PRODUCTION_TRAFFIC_SHIFT"  # green answers everything

    @property
    def both_run(self) -> bool:
        """Whether both versions run, so that time spent here is time spent together."""
        return self not in {LifecycleStage.RECONCILE_SERVICE, LifecycleStage.PRE_SCALE_UP}

    @property
    def is_per_step(self) -> bool:
        """Whether it comes with each step of a linear or canary deployment."""
        return self in {LifecycleStage.PRE_PRODUCTION_TRAFFIC_SHIFT, LifecycleStage.PRODUCTION_TRAFFIC_SHIFT}


class TimeoutAction(enum.Enum):
    """What ECS does when nobody answered in time.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html
    """

    ROLLBACK = "ROLLBACK"
    CONTINUE = "CONTINUE"
