"""Settings into what commands work with: workspace, archive, strategy. Heavy imports wait here
until a command needs them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from tracker import watchlist
from tracker.cli import output
from tracker.cli.app import Globals
from tracker.config import WATCHLIST_FILE, Config
from tracker.errors import ConfigError
from tracker.model import Policy

if TYPE_CHECKING:
    from tracker.archive import Archive
    from tracker.pipeline.workspace import Workspace
    from tracker.selection import Strategy

LOCK_FILE = "tracker.lock"
# user:password in a database's URL
_SECRET = re.compile(r"(?<=://).*(?=@)")


@contextmanager
def opened(globals_: Globals, *, writes: bool = False) -> Iterator[tuple[Config, "Workspace"]]:
    """The workspace; under the run lock where the command writes to it."""
    from tracker import executors
    from tracker.pipeline.workspace import open_workspace
    from tracker.store.lock import RunLock

    executors.calm()
    config = globals_.config()
    policies = watchlist.parse(config.watchlist, WATCHLIST_FILE)
    _check_selectors(policies)
    output.log(globals_, f"workspace {config.workspace}, policies {len(policies)}", detail=True)
    output.log(globals_, f"database {_SECRET.sub('…', config.database_url)}", detail=True)
    with workers(config) if writes else executors.serial() as mapper:
        workspace = open_workspace(
            policies, config.snapshots, config.database_url, topics=config.topics, mapper=mapper
        )
        try:
            if writes:
                with RunLock(config.workspace / LOCK_FILE):
                    yield config, workspace
            else:
                yield config, workspace
        finally:
            workspace.database.close()


def _check_selectors(policies: Iterable[Policy]) -> None:
    """Before anything is fetched: found by the first page, a typo would end the crawl there."""
    selectors = [(policy, one) for policy in policies for one in (policy.select, *policy.remove)]
    if not any(one for _, one in selectors):
        return
    from tracker.normalize import tree

    nothing = tree.fragment("")
    for policy, one in selectors:
        try:
            tree.select(nothing, one or "*")
        except ConfigError as error:
            raise ConfigError(f'{WATCHLIST_FILE}: [policy] "{policy.id}": {error}') from error


def workers(config: Config) -> Any:
    from tracker import executors

    scheduler, count = config["fetch"]["scheduler"], config["fetch"]["workers"]
    if scheduler:
        return executors.dask(scheduler)
    return executors.processes(count) if count > 1 else executors.serial()


def chosen(workspace: "Workspace", wanted: list[str] | None) -> tuple[Policy, ...]:
    """The named policies or all; ConfigError where there is none to work on."""
    policies = watchlist.choose(workspace.known(), wanted or ())
    if not policies:
        raise ConfigError(
            "nothing is watched yet; add a policy with "
            '"policy-tracker add SERVICE/DOCUMENT URL" or import documents'
        )
    return policies


@contextmanager
def archive(config: Config, notify: Any) -> Iterator["Archive"]:
    """The archive of the settings. `notify` hears of every pause a user would wonder about."""
    from tracker.archive import ArchiveSettings, open_archive

    values = config["archive"]
    path = values["path"]
    source = open_archive(
        ArchiveSettings(
            url=values["url"],
            kind=values["kind"],
            path=config.workspace / Path(path).expanduser() if path else None,
            contact=values["contact"],
            cdx_per_minute=values["cdx_per_minute"],
            replays_per_minute=values["replays_per_minute"],
            timeout=values["timeout"],
            save_page_now=values["save_page_now"],
            notify=notify,
        )
    )
    try:
        yield source
    finally:
        source.close()


def strategy(config: Config, **given: Any) -> "Strategy":
    """The settings' strategy, with what was said on the command line in place of theirs."""
    from tracker.selection import Strategy
    from tracker.selection.plan import Period

    name = given.get("strategy") or config["fetch"]["strategy"]
    kind, _, period = name.partition("-")
    if kind not in ("adaptive", "all", "sample") or (period and period not in get_args(Period)):
        raise ConfigError(
            f'"{name}" is no strategy; expected adaptive, all, sample-month, sample-quarter '
            "or sample-year"
        )
    window = given.get("window")
    return Strategy(
        kind=kind,
        grid_days=given.get("grid") or config["fetch"]["grid_days"],
        window_days=config["fetch"]["window_days"] if window is None else window,
        per=period or "quarter",  # checked above
        since=given.get("since"),
        until=given.get("until"),
    )
