"""Every executor is `map`: equal output in input order, and an item that fails raises."""

import itertools
import math
import sys
from importlib.util import find_spec

import pytest
from support import require

from tracker import executors
from tracker.cli import main
from tracker.errors import ConfigError

OPENED = {
    "serial": executors.serial,
    "processes": lambda: executors.processes(2),
    "dask": lambda: executors.dask(batch=7),
}


def need_dask():
    require(find_spec("distributed") is not None, 'the extra "dask"')


@pytest.fixture(scope="module", params=OPENED)
def mapper(request):
    if request.param == "dask":
        need_dask()
    with OPENED[request.param]() as opened:
        yield opened


def test_results_come_in_the_order_of_the_input(mapper):
    assert list(mapper(math.factorial, range(100))) == [math.factorial(n) for n in range(100)]


def test_one_pass_over_the_input_is_enough(mapper):
    assert list(mapper(math.factorial, (n for n in (3, 1, 2)))) == [6, 1, 2]
    assert list(mapper(math.factorial, [])) == []


def test_an_item_that_fails_raises_and_the_executor_goes_on(mapper):
    with pytest.raises(ValueError, match="not defined for negative"):
        list(mapper(math.factorial, [1, 2, -1, *range(40)]))
    assert list(mapper(math.factorial, [3, 4])) == [6, 24]


def test_takes_no_more_of_the_input_than_it_needs(mapper):
    """A thousand histories must not wait in memory for a parent that is slow to save them."""
    endless = itertools.count(1)
    results = mapper(math.isqrt, endless)
    assert next(results) == 1
    assert next(endless) < 1_000


def test_processes_map_what_they_can_find_by_name():
    with executors.processes(1) as mapper, pytest.raises(AttributeError, match="local object"):
        list(mapper(lambda number: number, [1]))


def test_dask_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"policy-tracker\[dask\]"), executors.dask():
        pass


def test_dask_names_the_scheduler_that_does_not_answer():
    need_dask()
    with pytest.raises(ConfigError, match="no-scheme"), executors.dask("no-scheme://here:1"):
        pass


def test_a_cluster_named_in_the_settings_does_the_work(tmp_path, monkeypatch, capsys):
    need_dask()
    from distributed import LocalCluster

    page = tmp_path / "acme.txt"
    page.write_text("# Privacy Policy\n\n" + "We never sell your personal data to anyone. " * 40)
    facts = ["--policy", "acme/privacy", "--captured-at", "2018-05-01"]
    local = {"processes": False, "host": "tcp://127.0.0.1", "dashboard_address": ":0"}
    with LocalCluster(**local) as cluster:
        monkeypatch.setenv("TRACKER_FETCH_SCHEDULER", cluster.scheduler_address)
        for command in (
            ["init", str(tmp_path)],
            ["-w", str(tmp_path), "import", str(page), *facts],
        ):
            with pytest.raises(SystemExit) as left:
                main(command)
            assert not left.value.code
        assert cluster.scheduler.transition_counter > 0, "the cluster was never asked"
    assert "kept     " in capsys.readouterr().out
