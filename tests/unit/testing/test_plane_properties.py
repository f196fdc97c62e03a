"""Whatever happens in whatever order: counts agree, one deployment is PRIMARY, statuses only move forward."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from roadworthy.testing import AwsError, FakeEcs, faults

RANK = {"PENDING": 0, "IN_PROGRESS": 1, "STOP_REQUESTED": 2, "ROLLBACK_REQUESTED": 2, "ROLLBACK_IN_PROGRESS": 3}
FINAL = 4
DAY = 24 * 3600.0
FAULTS = [
    faults.none(),
    faults.pull_error(),
    faults.crash_loop(tasks=1),
    faults.crash_loop(after=100),
    faults.failed_health_checks("Target.Timeout"),
    faults.no_capacity(),
    faults.never_starts(),
    faults.slow_start(90),
    faults.replaced(after=30),
    faults.stopped(after=40),
    faults.rolled_back(after=60),
    faults.alarm_red(after=50),
    faults.alarm_red(at_start=True),
    faults.crash_loop() & faults.rollback_fails(),
    faults.crash_loop() & faults.no_circuit_breaker(),
    faults.five_active_deployments(3, released_after=200),
    faults.five_active_deployments(4),
    faults.stale_pointer(60),
]
PAUSES = [faults.paused_hook("PRE_PRODUCTION_TRAFFIC_SHIFT", 5), faults.hook_failure("POST_SCALE_UP")]


class AnyOrder(RuleBasedStateMachine):
    """One service, and everything that can be done to it."""

    @initialize(
        strategy=st.sampled_from(["ROLLING", "BLUE_GREEN", "CANARY", "LINEAR"]),
        desired=st.integers(0, 4),
        deployed=st.booleans(),
        minimum=st.sampled_from([0, 50, 100]),
        maximum=st.sampled_from([200, 250, 300]),  # less may leave no room, by rounding
    )
    def begin(self, strategy, desired, deployed, minimum, maximum):
        self.fake = FakeEcs()
        self.strategy, self.seen = strategy, {}
        percent = {"minimum_healthy_percent": minimum, "maximum_percent": maximum}
        options = {"desired": desired, "deployed": deployed, "alarms": ["red"], "strategy": strategy, **percent}
        self.fake.add_service("shop", "api", image="api:1", **options)

    def ask(self, operation, **parameters):
        return self.fake.backend.answer("ecs", operation, parameters)

    def try_to(self, operation, **parameters):
        """Ask for what ECS may refuse."""
        try:
            self.ask(operation, **parameters)
        except AwsError as refused:
            if refused.code not in {"InvalidParameterException", "ConflictException"}:
                raise

    def service(self):
        return self.ask("DescribeServices", cluster="shop", services=["api"])["services"][0]

    def deployments(self):
        listed = self.ask("ListServiceDeployments", cluster="shop", service="api", maxResults=100)["serviceDeployments"]
        return [one["serviceDeploymentArn"] for one in listed]

    def described(self, arn):
        return self.ask("DescribeServiceDeployments", serviceDeploymentArns=[arn])["serviceDeployments"][0]

    # What can be done -------------------------------------------------------------------------------------------------

    @rule(seconds=st.floats(0, 200))
    def time_passes(self, seconds):
        self.fake.clock.sleep(seconds)

    @rule()
    def deploy(self):
        self.try_to("UpdateService", cluster="shop", service="api", forceNewDeployment=True)

    @rule(count=st.integers(0, 5))
    def scale(self, count):
        self.ask("UpdateService", cluster="shop", service="api", desiredCount=count)

    @rule(kind=st.sampled_from(["ROLLBACK", "ABORT"]), number=st.integers(0, 3))
    def stop(self, kind, number):
        arns = self.deployments()
        self.try_to("StopServiceDeployment", serviceDeploymentArn=arns[number % len(arns)], stopType=kind)

    @rule(number=st.integers(0, 3), minutes=st.integers(1, 5))
    def protect(self, number, minutes):
        if tasks := self.ask("ListTasks", cluster="shop", serviceName="api")["taskArns"]:
            chosen = [tasks[number % len(tasks)]]
            asked = {"cluster": "shop", "tasks": chosen, "protectionEnabled": True, "expiresInMinutes": minutes}
            self.ask("UpdateTaskProtection", **asked)

    @rule(number=st.integers(0, 3))
    def stop_task(self, number):
        if tasks := self.ask("ListTasks", cluster="shop", serviceName="api")["taskArns"]:
            self.ask("StopTask", cluster="shop", task=tasks[number % len(tasks)])

    @rule(fault=st.sampled_from(FAULTS))
    def script(self, fault):
        self.fake.script("api", fault)

    @precondition(lambda self: self.strategy != "ROLLING")
    @rule(fault=st.sampled_from(PAUSES))
    def script_hook(self, fault):
        self.fake.script("api", fault)

    @rule(state=st.sampled_from(["OK", "ALARM"]))
    def alarm(self, state):
        self.fake.set_alarm("red", state)

    @rule(action=st.sampled_from(["CONTINUE", "ROLLBACK"]))
    def end_a_pause(self, action):
        for arn in self.deployments()[:1]:
            for hook in self.described(arn)["lifecycleHookDetails"]:
                asked = {"serviceDeploymentArn": arn, "hookId": hook["hookId"], "action": action}
                self.try_to("ContinueServiceDeployment", **asked)

    # What is always so ------------------------------------------------------------------------------------------------

    @invariant()
    def one_deployment_is_primary(self):
        statuses = [one["status"] for one in self.service()["deployments"]]
        assert statuses == ["PRIMARY", *["ACTIVE"] * (len(statuses) - 1)]
        assert len(statuses) <= 5 + 1  # five of its own, and one that a rollback brings back

    @invariant()
    def counts_agree(self):
        service = self.service()
        for count in ("runningCount", "pendingCount"):
            assert service[count] == sum(one[count] for one in service["deployments"])
        listed = self.ask("ListTasks", cluster="shop", serviceName="api")["taskArns"]
        assert len(listed) == service["runningCount"] + service["pendingCount"]
        assert len(set(listed)) == len(listed)

    @invariant()
    def statuses_only_move_forward(self):
        for arn in self.deployments():
            status = self.described(arn)["status"]
            rank = RANK.get(status, FINAL)
            former, before = self.seen.get(arn, ("", -1))
            assert rank > before or status == former
            self.seen[arn] = (status, rank)

    @invariant()
    def only_the_newest_deployment_is_under_way(self):
        live = [arn for arn in self.deployments() if self.described(arn)["status"] in RANK]
        assert live in ([], self.deployments()[:1])

    @invariant()
    def times_are_in_order(self):
        for arn in self.deployments():
            one = self.described(arn)
            times = [one.get(name) for name in ("createdAt", "startedAt", "finishedAt")]
            present = [time for time in times if time is not None]
            assert present == sorted(present)
            assert ("finishedAt" in one) == (one["status"] not in RANK)

    @invariant()
    def all_the_traffic_goes_somewhere(self):
        home = self.fake.plane.clusters["shop"].services["api"]
        for weights in (home.production, home.test):
            assert sum(weights.values()) in (0, 100)
            assert all(0 <= weight <= 100 for weight in weights.values())

    def teardown(self):
        """When all troubles are over, a deployment succeeds, and the service has the tasks that it wants."""
        if not hasattr(self, "fake"):
            return
        self.fake.plane.clusters["shop"].services["api"].script.clear()
        self.fake.set_alarm("red", "OK")
        self.fake.clock.sleep(3 * DAY)
        self.ask("UpdateService", cluster="shop", service="api", forceNewDeployment=True)
        self.fake.clock.sleep(DAY)
        service, newest = self.service(), self.described(self.deployments()[0])
        assert newest["status"] == "SUCCESSFUL"
        assert (service["runningCount"], service["pendingCount"]) == (service["desiredCount"], 0)
        assert service["events"][0]["message"] == "(service api) has reached a steady state."


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
