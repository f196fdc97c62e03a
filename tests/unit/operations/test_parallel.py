import os
import signal
import threading
import time

import pytest

from roadworthy.operations.parallel import each


def test_results_are_in_order_however_long_each_takes():
    assert each(lambda wait: time.sleep(wait) or wait, [0.03, 0.0, 0.02, 0.01], 3) == [0.03, 0.0, 0.02, 0.01]


def test_no_more_go_on_at_a_time_than_there_are_workers():
    at_work = threading.Semaphore(3)

    def work(number):
        assert at_work.acquire(blocking=False)
        time.sleep(0.001)
        at_work.release()
        return number

    assert each(work, range(30), 3) == list(range(30))


def test_the_first_error_is_raised_and_nothing_is_begun_afterwards():
    begun = []

    def work(number):
        begun.append(number)
        if number == 1:
            raise ValueError(number)
        time.sleep(0.02)

    with pytest.raises(ValueError, match="1"):
        each(work, range(100), 2)
    assert sorted(begun) == [0, 1]


def test_ctrl_c_waits_for_nobody():
    going_on, end, ended = threading.Barrier(3), threading.Event(), []

    def work(_number):
        going_on.wait(10)
        end.wait(10)
        ended.append(True)

    def press():
        going_on.wait()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    with pytest.raises(KeyboardInterrupt):
        each(work, range(2), 2)
    assert ended == []
    end.set()
