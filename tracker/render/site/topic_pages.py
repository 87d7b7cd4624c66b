"""A page and a feed per topic, the list of topics, and who cites law outside its time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.model import Topic
from tracker.render.site import feeds, listing, paths, timeline
from tracker.render.site.look import File, Look
from tracker.render.site.summary import OutOfTime, Promise, Summary


@dataclass(frozen=True, slots=True)
class Speaker:
    """What a policy says on a topic today."""

    summary: Summary
    promise: Promise


def files(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    ids = [topic.id for topic in look.topics]
    usable = any(one.first for one in summaries)
    counted = timeline.tally(summaries, ids) if usable else None
    speaking = Counter(
        topic
        for one in summaries
        for topic in {
            known for promise in one.promises for said in promise.topics for known in _reach(said)
        }
    )
    for topic in look.topics:
        picture = (
            timeline.share(counted, topic.id, look.events, _terms(summaries, topic.id))
            if counted
            else None
        )
        yield from _topic(topic, summaries, picture, look)
    yield from _dated(summaries, look)
    yield look.page("topics.html", paths.TOPICS, speaking=speaking)


def _terms(summaries: Iterable[Summary], topic: str) -> set[str]:
    """The facets of a topic that policies speak on; some are named after instruments of law."""
    return {
        span.topic.partition(".")[2]
        for one in summaries
        for span in one.presence
        if timeline.on_topic(span.topic, topic)
    }


def _reach(topic: str) -> set[str]:
    return {topic, topic.partition(".")[0]}


def _topic(
    topic: Topic, summaries: Sequence[Summary], picture: timeline.Share | None, look: Look
) -> Iterator[File]:
    speakers = [
        Speaker(summary, promise)
        for summary in summaries
        for promise in summary.promises
        if timeline.any_on_topic(promise.topics, topic.id)
    ]
    speakers.sort(key=lambda one: ("asserts", "denies", "conditional").index(one.promise.stance))
    entries = feeds.entries(summaries, topic.id)
    changed = [listing.shown(one.summary, one.change, look, topic.id) for one in entries]
    reversals = [one for one in changed if one.told and one.told.kind == "reversed"]
    path = paths.topic_feed(topic.id)
    yield (
        path,
        feeds.atom(look, path, paths.topic(topic.id), f"{topic.name}: {look.title}", entries),
    )
    chunks = listing.chunks(speakers)
    pages = [paths.topic(topic.id, number) for number in range(1, len(chunks) + 1)]
    for number, chunk in enumerate(chunks, 1):
        yield look.page(
            "topic.html",
            pages[number - 1],
            topic=topic,
            picture=picture,
            speakers=chunk,
            stances=Counter(one.promise.stance for one in speakers),
            changed=[one for one in changed if one not in reversals],
            reversals=reversals,
            offenders=[one for one in _offenders(summaries) if topic.id in _reached(one[1])][:50],
            pages=pages,
            number=number,
        )


def _reached(reference: OutOfTime) -> set[str]:
    return {known for topic in reference.topics for known in _reach(topic)}


def _offenders(summaries: Iterable[Summary]) -> list[tuple[Summary, OutOfTime]]:
    """The longest out of time first."""
    found = [(summary, one) for summary in summaries for one in summary.out_of_time]
    return sorted(found, key=lambda one: (-abs(one[1].days), one[0].id))


def _dated(summaries: Sequence[Summary], look: Look) -> Iterator[File]:
    chunks = listing.chunks(_offenders(summaries))
    pages = [paths.dated(number) for number in range(1, len(chunks) + 1)]
    for number, chunk in enumerate(chunks, 1):
        yield look.page(
            "dated.html", pages[number - 1], offenders=chunk, pages=pages, number=number
        )
