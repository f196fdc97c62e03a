"""Virtual time passes when somebody sleeps, in order, and the same for all."""

import threading

from roadworthy.testing.clock import START, VirtualClock


def test_time_stands_still_until_somebody_sleeps():
    clock = VirtualClock()
    assert clock.now() == START
    clock.sleep(2.5)
    assert clock.now() == START + 2.5


def test_what_is_due_happens_at_its_moment_and_in_its_order():
    clock, seen = VirtualClock(), []
    for name, after in (("late", 3), ("early", 1), ("early too", 1)):
        clock.after(after, lambda name=name: seen.append((name, clock.now() - START)))
    clock.sleep(3)
    assert seen == [("early", 1), ("early too", 1), ("late", 3)]


def test_what_is_not_due_waits():
    clock, seen = VirtualClock(), []
    clock.at(START + 10, lambda: seen.append(clock.now()))
    clock.sleep(9)
    assert seen == []
    clock.sleep(1)
    assert seen == [START + 10]


def test_what_is_overdue_happens_at_once_and_time_never_goes_back():
    clock, seen = VirtualClock(), []
    clock.sleep(100)
    clock.at(START, lambda: seen.append(clock.now()))
    clock.sleep(0)
    assert seen == [START + 100]


def test_a_cancelled_timer_never_rings():
    clock, seen = VirtualClock(), []
    clock.after(1, lambda: seen.append("rang")).cancel()
    clock.sleep(5)
    assert seen == []


def test_what_happens_may_itself_take_time():
    clock, seen = VirtualClock(), []
    clock.after(1, lambda: clock.sleep(10))
    clock.after(5, lambda: seen.append(clock.now() - START))
    clock.sleep(2)
    assert (seen, clock.now() - START) == ([5], 11)


def test_a_negative_sleep_is_none():
    clock = VirtualClock()
    clock.sleep(-5)
    assert clock.now() == START


def test_threads_sleep_side_by_side_and_nothing_is_lost():
    clock, rung = VirtualClock(), []
    for second in range(200):
        clock.after(second, lambda second=second: rung.append(second))
    threads = [threading.Thread(target=lambda: [clock.sleep(1) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rung == sorted(rung)
    assert clock.now() >= START + 50
