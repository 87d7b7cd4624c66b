"""Templates with the words, links and facts every page has."""

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from importlib import resources
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker import timestamps
from tracker.model import LegalEvent, Topic
from tracker.render import headlines, links, words
from tracker.render.site import dates, paths, texts
from tracker.render.site.inputs import SiteInput

File = tuple[str, bytes]


@dataclass(frozen=True)
class Look:
    """What all pages of one site share."""

    title: str
    base_url: str  # with a slash at its end, or ""
    topics: tuple[Topic, ...]
    events: tuple[LegalEvent, ...]

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(topic.id for topic in self.topics)

    @cached_property
    def names(self) -> dict[str, str]:
        """Of topics, and of the facets that are named after an instrument of law."""
        law = {event.term: event.name for event in self.events}
        facets = {f"{topic.id}.{term}": name for topic in self.topics for term, name in law.items()}
        return facets | {topic.id: topic.name for topic in self.topics}

    def topic_page(self, identifier: str) -> str | None:
        """The page that speaks of a clause's topic: its own, or that of the topic of a facet."""
        for known in (identifier, identifier.partition(".")[0]):
            if known in self._ids:
                return paths.topic(known)
        return None

    def absolute(self, path: str) -> str:
        """The public address of a page, "" where nobody said where the site will live."""
        if not self.base_url:
            return ""
        return self.base_url + quote(path.removesuffix("index.html"), safe="/.-_~")

    def page(self, template: str, path: str, *, index: bool = True, **values: object) -> File:
        """A template filled for the page at `path`; `index` says whether search engines may list
        it."""
        html = (
            _environment()
            .get_template(template)
            .render(
                look=self,
                path=path,
                href=partial(_href, path) if index else self._from_root,
                canonical=self.absolute(path) if index else "",
                paths=paths,
                dates=dates,
                t=texts.T,
                texts=texts,
                words=words,
                headlines=headlines,
                links=links,
                names=self.names,
                **values,
            )
        )
        return path, html.encode()

    def _from_root(self, target: str) -> str:
        """For the page that servers show in place of any other: it cannot know how deep it is."""
        return f"{urlsplit(self.base_url).path or '/'}{target}"


def of(site: SiteInput) -> Look:
    base = site.base_url and site.base_url.rstrip("/") + "/"
    return Look(site.title, base, site.topics, site.events)


def _href(page: str, target: str) -> str:
    return paths.relative(target, page)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker.render.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_inert,
        auto_reload=False,
    )
    environment.filters["day"] = timestamps.day
    environment.filters["iso"] = timestamps.iso
    environment.filters["capital"] = words.capitalized
    return environment


def _inert(value: object) -> object:
    """No text, wherever it comes from, carries controls or turns the reading direction."""
    return words.inert(value) if type(value) is str and not value.isprintable() else value


def asset(name: str) -> bytes:
    return resources.files("tracker.render.site").joinpath("assets", name).read_bytes()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Changes with the program's own pages: a new template renders every page again."""
    found = hashlib.sha256()
    pending = [resources.files("tracker.render")]
    while pending:
        for each in sorted(pending.pop().iterdir(), key=lambda one: one.name):
            if each.is_dir() and each.name != "__pycache__":
                pending.append(each)
            elif each.is_file():
                found.update(each.name.encode() + b"\0" + each.read_bytes())
    return found.hexdigest()
