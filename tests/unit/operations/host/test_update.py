"""The six steps in virtual time, with the times that are the defaults."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from roadworthy.operations.host.docker import Docker, Done
from roadworthy.operations.host.plan import Gate, Tick
from roadworthy.operations.host.report import Status
from roadworthy.operations.host.update import RollingUpdate
from tests.unit.operations.host.virtual import UPDATE, VirtualHost


def test_blue_keeps_its_container_until_the_new_version_is_verified(virtual: VirtualHost):
    assert virtual.roll().report.status is Status.SUCCESS
    assert virtual.verbs == [
        "run web-migrate",
        "run web-green",
        "create web-next",
        "stop web",
        "start web-next",
        "rm web",
        "rename web",
        "stop web-green",
        "rm web-green",
    ]
    assert virtual.statuses == {"web": "running"}
    assert virtual.boxes["web"].image == "web:2"


def test_nothing_is_between_the_stop_of_blue_and_the_start_of_the_new_one(virtual: VirtualHost):
    virtual.roll()
    stop = virtual.asked.index(("stop", "-t", "3", "web"))
    assert virtual.asked[stop + 1] == ("start", "web-next")


def test_an_image_that_is_not_here_is_pulled_before_green_starts(virtual: VirtualHost):
    virtual.images["web:3"] = virtual.images.pop("web:2")
    virtual.refuses["image", "inspect"] = "No such image: web:3"
    virtual.roll(replace(UPDATE, image="web:3"))
    assert virtual.verbs[:3] == ["pull web:3", "run web-migrate", "run web-green"]


def test_the_overlap_is_from_greens_start_to_blues_stop(virtual: VirtualHost):
    report = virtual.roll().report
    steps = sum(step.seconds for step in report.steps.steps[1:4])
    assert report.overlap == pytest.approx(steps, abs=0.2)


@pytest.mark.parametrize("tick", [Tick(path="/tick"), Tick(command=("idle",))])
def test_the_switch_waits_for_the_end_of_blues_work(virtual: VirtualHost, tick: Tick):
    begun = virtual.clock.now()
    virtual.busy_until = begun + 90
    report = virtual.roll(replace(UPDATE, tick=tick)).report
    assert report.status is Status.SUCCESS
    assert 90 <= begun + sum(step.seconds for step in report.steps.steps[:4]) - begun < 93


@pytest.mark.parametrize("tick", [Tick(), Tick(path="/tick"), Tick(command=("idle",))])
def test_ten_seconds_are_waited_in_any_case(virtual: VirtualHost, tick: Tick):
    assert 10 <= virtual.roll(replace(UPDATE, tick=tick)).report.steps.steps[3].seconds < 11


def test_work_that_does_not_end_in_two_minutes_keeps_blue(virtual: VirtualHost):
    virtual.busy_until = virtual.clock.now() + 3600
    report = virtual.roll(replace(UPDATE, tick=Tick(path="/tick"))).report
    assert (report.status, report.version) == (Status.ROLLED_BACK, "1")
    assert 120 <= report.steps.steps[3].seconds < 122
    assert virtual.statuses == {"web": "running"}


def test_the_gate_asks_twelve_times_in_sixty_seconds(virtual: VirtualHost):
    virtual.image("web:2", health={5222: 503})
    report = virtual.roll().report
    assert [line for line in virtual.told if "of 12: status 503" in line][-1].strip() == "try 12 of 12: status 503"
    assert 60 <= report.steps.steps[2].seconds < 61
    assert report.overlap < 300


def test_a_version_that_boots_for_eight_seconds_is_not_switched_to(virtual: VirtualHost):
    virtual.image("web:2", boot=8)
    report = virtual.roll().report
    assert report.status is Status.ROLLED_BACK
    assert "more than --max-downtime 5 s" in report.why
    assert "stop web" not in virtual.verbs


def test_a_version_that_boots_for_eight_seconds_is_switched_to_where_that_is_allowed(virtual: VirtualHost):
    virtual.image("web:2", boot=8)
    assert virtual.roll(replace(UPDATE, max_downtime=15)).report.status is Status.SUCCESS


def test_a_version_that_ends_later_fails_the_gate_at_once(virtual: VirtualHost):
    virtual.image("web:2", health={5222: 503}, ends=12)
    report = virtual.roll().report
    assert report.why == "container web-green ended with exit code 1"
    assert report.steps.steps[2].seconds < 11
    assert "      | last words of web-green" in virtual.told


def test_a_version_that_ends_on_the_production_port_is_taken_back_at_once(virtual: VirtualHost):
    virtual.image("web:2", boot=0.1, ends=20, health={5221: 503})
    virtual.roll(replace(UPDATE, tick=Tick(protection=19)))
    assert virtual.statuses == {"web": "running"}
    assert virtual.boxes["web"].image == "web:1"


def test_a_version_that_fails_while_it_is_verified_is_taken_back(virtual: VirtualHost):
    virtual.image("web:2", ends=13)  # green lives for as long: it starts eleven seconds earlier
    update = replace(UPDATE, tick=Tick(protection=1), verify_tries=30)
    report = virtual.roll(update).report
    assert (report.status, report.why) == (Status.ROLLED_BACK, "container web-next ended with exit code 1")
    assert report.steps.number == 6
    assert (
        virtual.verbs[-4:] == ["start web", "rm web-next", "rm web-green"][-4:] or virtual.verbs[-1] == "rm web-green"
    )
    assert virtual.statuses == {"web": "running"}


def test_blue_is_started_before_anything_is_tidied(virtual: VirtualHost):
    virtual.image("web:2", health={5221: 503})
    virtual.roll()
    after = virtual.verbs[virtual.verbs.index("start web-next") + 1 :]
    assert after == ["stop web-next", "start web", "rm web-next", "stop web-green", "rm web-green"]


def test_an_image_that_is_built_anew_meanwhile_is_not_switched_to(virtual: VirtualHost):
    virtual.clock.after(0.5, lambda: virtual.image("web:2", id="sha256:3"))
    virtual.image("web:2", boot=0.0)
    report = virtual.roll(replace(UPDATE, migrate=())).report
    assert report.why == "image web:2 was changed during the update: another one had passed the gate"
    assert virtual.statuses == {"web": "running"}


def test_another_program_on_the_production_port_brings_blue_back(virtual: VirtualHost):
    virtual.boxes["shop"] = replace(virtual.boxes["web"])
    report = virtual.roll().report
    assert report.why == "port 5221 is in use though web has stopped: another program has it"
    assert virtual.statuses == {"web": "running", "shop": "running"}


def test_a_migration_that_never_ends_is_removed(virtual: VirtualHost):
    virtual.image("web:2", migrates=None)
    report = virtual.roll().report
    assert report.why == "the migration `python -m app.migrate` did not end within 600 s"
    assert virtual.statuses == {"web": "running"}


@pytest.mark.parametrize("call", [("run", "--detach"), ("create",), ("stop", "-t", "3"), ("start", "web-next")])
def test_whatever_docker_refuses_blue_serves(virtual: VirtualHost, call: tuple[str, ...]):
    virtual.refuses[call] = "no space left on device"
    report = virtual.roll().report
    assert report.status is Status.ROLLED_BACK
    assert report.why.endswith("failed: no space left on device")
    assert virtual.statuses == {"web": "running"}
    assert virtual.status(5221, "/health") == 200


@pytest.mark.parametrize("call", [("rename",), ("rm", "--force", "web")])
def test_what_fails_after_the_verification_takes_nothing_back(virtual: VirtualHost, call: tuple[str, ...]):
    virtual.refuses[call] = "device busy"
    report = virtual.roll().report
    assert (report.status, report.version) == (Status.SUCCESS, "2")
    assert any("warning: `docker " in line and "device busy" in line for line in virtual.told)
    assert virtual.statuses["web-next"] == "running"


def test_green_that_cannot_be_removed_is_told_with_the_command(virtual: VirtualHost):
    virtual.image("web:2", health={5222: 500})
    virtual.refuses["rm", "--force", "web-green"] = "device busy"
    report = virtual.roll().report
    assert report.status is Status.ROLLED_BACK
    assert "remove it with `docker rm --force web-green`" in report.why


def test_blue_that_does_not_answer_again_is_told_and_green_stays(virtual: VirtualHost):
    virtual.image("web:2", health={5221: 503})
    virtual.clock.after(14, lambda: virtual.image("web:1", health={5221: 500}))
    report = virtual.roll().report
    assert report.status is Status.ROLLBACK_FAILED
    assert "did not answer on port 5221 for 60 s; web-green was left as it is, on port 5222" in report.why
    assert virtual.statuses == {"web": "running", "web-green": "running"}


def test_blue_that_was_ill_before_is_replaced_without_haste(virtual: VirtualHost):
    virtual.image("web:1", health={5221: 500})
    virtual.image("web:2", boot=8)
    report = virtual.roll().report
    assert report.status is Status.SUCCESS
    assert not report.measurable


def test_a_fault_of_ours_undoes_the_update_as_well(virtual: VirtualHost, monkeypatch: pytest.MonkeyPatch):
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("roadworthy.operations.host.update.tick_ends", fault)
    with pytest.raises(ZeroDivisionError):
        virtual.roll()
    assert virtual.statuses == {"web": "running"}


@pytest.mark.parametrize("seconds", [0.05, 1, 5, 11])
def test_a_press_before_the_switch_keeps_blue(virtual: VirtualHost, seconds: float):
    virtual.image("web:2", boot=3)
    virtual.clock.after(seconds, virtual.host.interrupts.press)
    report = virtual.roll().report
    assert (report.status, report.version, report.why) == (Status.CANCELLED, "1", "cancelled before the switch")
    assert virtual.statuses == {"web": "running"}
    assert "stop web" not in virtual.verbs


def test_a_gate_of_another_path_and_pace(virtual: VirtualHost):
    virtual.image("web:2", health={5222: 404})
    report = virtual.roll(replace(UPDATE, gate=Gate("/ready", tries=3, interval=2))).report
    assert report.why == "web-green did not answer GET /ready on port 5222 well in 3 tries, 6 s"


@pytest.mark.parametrize("at", range(1, 30))
def test_a_press_at_any_command_leaves_one_version_that_serves(virtual: VirtualHost, at: int):
    def run(arguments: Sequence[str], *, timeout: float | None = None, shown: bool = False) -> Done:
        done = virtual(arguments, timeout=timeout, shown=shown)
        if len(virtual.asked) == at:
            virtual.host.interrupts.press()
        return done

    host = replace(virtual.host, docker=Docker(run))
    report = RollingUpdate(UPDATE, host, host.docker.container("web")).run()
    assert (report.status, report.version) in {(Status.CANCELLED, "1"), (Status.SUCCESS, "2")}
    assert virtual.boxes.keys() == {"web"}
    assert virtual.boxes["web"].image == f"web:{report.version}"
    assert virtual.status(5221, "/health") == 200
