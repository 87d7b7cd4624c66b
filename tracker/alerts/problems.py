"""What the operators should hear of: crawls that keep failing, texts that cannot be read."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from tracker.model import Delivery, Failure, History, Problem, Run


def problems(
    runs: Sequence[Run], histories: Iterable[History], failed: Iterable[Delivery], *, most: int
) -> tuple[Problem, ...]:
    """All there are now. `runs` are scheduled ones, the latest first; `most` in a row may fail."""
    found = [*_failing(runs, most), *_unreadable(histories, most), *_undelivered(failed)]
    return tuple(sorted(found, key=lambda problem: problem.key))


def _failing(runs: Sequence[Run], most: int) -> Iterable[Problem]:
    """Policies, or steps of a run, that failed in each of the latest runs."""
    if len(runs) < most:
        return
    failures = [_by_subject(run) for run in runs]
    for subject, failure in failures[0].items():
        in_a_row = _length(subject, failures)
        if in_a_row >= most:
            since = runs[in_a_row - 1].started
            message = (
                f"{subject} failed in {in_a_row} runs in a row, "
                f"since {since:%Y-%m-%d %H:%M} UTC: {failure.message}"
            )
            yield Problem(f"failing {subject}", f"{subject} keeps failing", message)


def _length(subject: str, failures: Iterable[Mapping[str, Failure]]) -> int:
    return len(list(takewhile(lambda failed: subject in failed, failures)))


def _by_subject(run: Run) -> dict[str, Failure]:
    """A capture's failures are its policy's: "acme/privacy 2018-05-01T00:00:00Z"."""
    return {failure.subject.partition(" ")[0]: failure for failure in run.failures}


def _unreadable(histories: Iterable[History], most: int) -> Iterable[Problem]:
    """Policies whose latest captures are all incidents."""
    for history in histories:
        last = history.versions[-1].last_seen.captured_at if history.versions else None
        since = [
            one
            for one in history.coverage.incidents
            if one.captured_at and (last is None or one.captured_at > last)
        ]
        if len(since) >= most:
            latest = since[-1]
            told = f"since {last:%Y-%m-%d}" if last else "ever"
            message = (
                f"{history.policy.id}: no usable capture {told}; the last {len(since)} were "
                f"incidents ({latest.kind}: {latest.cause}); {latest.remedy}"
            )
            policy = history.policy.id
            yield Problem(f"unreadable {policy}", f"{policy} cannot be read", message)


def _undelivered(failed: Iterable[Delivery]) -> Iterable[Problem]:
    for delivery in failed:
        message = f'"{delivery.subject}" did not reach {delivery.address}: {delivery.cause}'
        title = f"{delivery.address} cannot be reached"
        yield Problem(f"undelivered {delivery.id}", title, message)
