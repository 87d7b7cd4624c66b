"""How many mementos each strategy fetches, and what it finds, on synthetic histories.

    python benchmarks/frugality.py

Each history has 2,000 captures over twelve years, more of them in some months than in others.
"found" counts the changes between texts that lasted a grid step; "tight" those of them whose
window is as small as the archive allows. Exits with 1 where the default strategy breaks its
promise: all found, all tight, at most (grid + 12 per change) mementos, none fetched twice.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from tracker import timestamps
from tracker.model import Capture
from tracker.selection import Fact, Strategy, explain, plan

CAPTURES, DAYS = 2000, 12 * 365
START = datetime(2012, 1, 1, tzinfo=UTC)
STRATEGIES = {
    "adaptive": Strategy(),
    "all": Strategy("all"),
    "sample": Strategy("sample", per="quarter"),
}

History = dict[Capture, str | None]  # capture -> its text; None: it gives none


@dataclass(frozen=True, slots=True)
class Result:
    fetched: int
    found: int
    tight: int
    in_vain: int  # mementos that gave no text
    grid: int
    changes: int  # seen between known captures, also of short-lived texts


def times(chance: Random) -> list[datetime]:
    """Bursts, as when a page is in the news, on top of a slow crawl."""
    bursts = [chance.randrange(DAYS) for _ in range(12)]
    days = [
        chance.uniform(0, DAYS)
        if chance.random() < 0.5
        else chance.choice(bursts) + chance.gauss(0, 10)
        for _ in range(CAPTURES)
    ]
    return sorted(START + timedelta(seconds=round(max(day, 0) * 86400)) for day in days)


def history(
    changes: int,
    *,
    bytes_change: bool = False,
    flapping: bool = False,
    gone: float = 0,
    seed: int = 1,
) -> History:
    """Texts "0", "1", ... one after the other; flapping: another one in between at times."""
    chance = Random(seed)
    turns = [DAYS * (n + 1) // (changes + 1) + chance.randint(-20, 20) for n in range(changes)]
    made: History = {}
    for number, time in enumerate(times(chance)):
        text: str | None = str(sum((time - START).days >= turn for turn in turns))
        if flapping and 100 < (time - START).days % 365 < 160 and number % 2:
            text = f"{text} as a bot sees it"
        if chance.random() < gone:
            text = None
        body = f"{text} {number if bytes_change else ''}"
        made[Capture("u", timestamps.digits(time), time, body, 200, "text/html")] = text
    return made


SCENARIOS = {
    "no change, equal bytes": history(0),
    "no change, bytes change": history(0, bytes_change=True),
    "1 change": history(1, bytes_change=True),
    "5 changes": history(5, bytes_change=True),
    "20 changes": history(20, bytes_change=True),
    "20 changes, equal bytes": history(20),
    "5 changes, 10 % unusable": history(5, bytes_change=True, gone=0.1),
    "flapping": history(1, bytes_change=True, flapping=True),
    "flapping, equal bytes": history(1, flapping=True),
}


def crawl(captures: History, strategy: Strategy) -> Result:
    facts: dict[tuple[str, str, str], Fact] = {}
    grid = 0
    while chosen := plan(captures, facts, strategy=strategy):
        for choice in chosen:
            if choice.capture.key in facts:
                raise AssertionError(f"{choice.capture.key} fetched twice")
            facts[choice.capture.key] = Fact(captures[choice.capture])
            grid += not choice.reason.startswith("the text changed")
    told = explain(captures, facts, strategy=strategy)
    known = {choice.capture for choice in told if choice.action in ("held", "equal")}
    live = [(capture, text) for capture, text in captures.items() if text is not None]
    seen = [n for n, (capture, _) in enumerate(live) if capture in known]
    windows = [(a, b) for a, b in pairwise(seen) if live[a][1] != live[b][1]]
    lasting = set(lasting_changes(live))
    return Result(
        fetched=len(facts),
        found=sum(any(a < turn <= b for a, b in windows) for turn in lasting),
        tight=sum((turn - 1, turn) in windows for turn in lasting),
        in_vain=sum(fact.text is None for fact in facts.values()),
        grid=grid,
        changes=len(windows),
    )


def lasting_changes(live: Sequence[tuple[Capture, str]]) -> Iterator[int]:
    """Where a text that lasts a grid step follows another that does."""
    starts = [0, *(n for n in range(1, len(live)) if live[n][1] != live[n - 1][1]), len(live)]
    step = timedelta(days=STRATEGIES["adaptive"].grid_days)
    runs = [(first, live[end - 1][0].at - live[first][0].at) for first, end in pairwise(starts)]
    for (_, before), (first, after) in pairwise(runs):
        if before >= step and after >= step:
            yield first


def promise_kept(captures: History, result: Result) -> bool:
    live = [(capture, text) for capture, text in captures.items() if text is not None]
    lasting = len(list(lasting_changes(live)))
    budget = result.grid + 12 * result.changes + result.in_vain
    return result.found == result.tight == lasting and result.fetched <= budget


def main() -> int:
    print(f"{'':26}{'':>8}" + "".join(f"{name:>24}" for name in STRATEGIES))
    print(f"{'history':26}{'lasting':>8}" + f"{'mementos  found  tight':>24}" * len(STRATEGIES))
    broken = 0
    for name, captures in SCENARIOS.items():
        results = {kind: crawl(captures, strategy) for kind, strategy in STRATEGIES.items()}
        cells = "".join(f"{r.fetched:>10}{r.found:>7}{r.tight:>7}" for r in results.values())
        print(f"{name:26}{results['all'].found:>8}{cells}")
        broken += not promise_kept(captures, results["adaptive"])
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
