"""Every word of the interface: to translate the site, translate this module and method.py.

What reports in other formats say too (windows, coverage, stances) is in render/words.py.
"""

from collections.abc import Mapping

CHANGE_KINDS = {
    "substantive": "Substantive",
    "editorial": "Editorial",
    "flap": "Came and went",
    "date-only": "Only the date changed",
}
CLAUSE_KINDS = {
    "reversed": "Reversed",
    "vanished": "Vanished",
    "appeared": "Appeared",
    "reworded": "Reworded",
    "moved": "Moved",
}
EFFECTS = {"weakened": "protection weakened", "strengthened": "protection strengthened"}
STANCES = {
    "asserts": "Stated",
    "denies": "Denied",
    "conditional": "Under conditions",
}
MONTHS = (
    "January February March April May June July August September October November December".split()
)


def month(period: str) -> str:
    """
    >>> month("2018-06")
    'June 2018'
    """
    year, _, number = period.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def counts(counted: Mapping[str, int]) -> str:
    """How much of a text changed, by blocks.

    >>> counts({"changed": 2, "moved": 0, "same": 1300})
    '2 changed, 1,300 unchanged (paragraphs, headings, list items and rows).'
    """
    told = [f"{count:,} {T['count_' + kind]}" for kind, count in counted.items() if count]
    return f"{', '.join(told)} ({T['counted']})." if told else T["nothing_to_compare"]


T = {
    "method_lead": "What the pages say, how they came to say it, and what nobody can know.",
    # Navigation
    "skip": "Skip to the content",
    "home": "Latest changes",
    "policies": "Policies",
    "topics": "Topics",
    "search": "Search",
    "about": "Method",
    "main_navigation": "Main",
    "breadcrumb": "You are here",
    "feed": "Feed",
    "footer": (
        "A change lies between two captures in a web archive; the day itself is not known. "
        "Every quotation links to its captures."
    ),
    "data": "Data",
    # Home and lists of changes
    "home_lead": (
        "When organisations changed what they promise about your data, what exactly changed, "
        "and the archived pages that prove it."
    ),
    "at_a_glance": "At a glance",
    "services": "Services",
    "captures_read": "Captures read",
    "captures_listed": "Listed by the archive",
    "last_run": "Last checked",
    "never_run": "No run has been recorded yet.",
    "with_incidents": "with incidents",
    "failed": "The last run could not check:",
    "healthy": "all policies could be checked",
    "severe_first": "Within each month, the weightiest changes come first.",
    "filters": "Filter the changes",
    "filters_off": "Filters need JavaScript. Without it, go by topic, policy or year:",
    "filter_topic": "Topic",
    "filter_service": "Service",
    "filter_language": "Language",
    "filter_kind": "What happened",
    "filter_from": "From",
    "filter_until": "Until",
    "any": "any",
    "reset": "Show all",
    "shown": "{shown} of {total} changes shown",
    "none_shown": "No change matches. Choose fewer filters.",
    "all_years": "Year by year",
    "only_latest": "The latest {count} of {total} substantive changes. The others stand under "
    "their year.",
    "by_year": "Changes of {year}",
    "page": "Page {number}",
    "pages": "Pages",
    "no_changes": "No substantive change has been found yet.",
    "watched": "What is watched",
    "all_policies": "All {count} policies",
    "severity": "Weight {severity} of 100",
    # Dates
    "window": "after {} and by {} ({})",
    "window_in_a_day": "after {} and by {} UTC (the same day)",
    "since_between": "after {} and by {}",
    "since_or_earlier": "{} or earlier",
    # Policies
    "policy": "Policy",
    "language": "Language",
    "versions": "Versions",
    "changes": "Changes",
    "last_change": "Last change",
    "last_capture": "Last capture",
    "incidents": "Incidents",
    "earlier_incidents": "{count} further incidents before these.",
    "none": "none",
    "policies_lead": "Every document that is watched, by service.",
    # One policy
    "timeline": "Timeline",
    "timeline_scroll": "Timeline, scrollable",
    "captures_row": "Captures a month",
    "versions_row": "Versions",
    "changes_row": "Changes",
    "legend_version": "a version, from its first to its last capture",
    "legend_window": "no capture: a change lies somewhere in here",
    "legend_change": "a change, at the capture that first shows it; the larger, the weightier",
    "no_captures": "nothing listed for half a year or more",
    "legend_captures": "captures the archive lists",
    "legend_law": "legal event",
    "today": "What it says now",
    "today_lead": "Clauses of the latest version and since when captures show them.",
    "topic": "Topic",
    "stance": "Stance",
    "quote": "Quotation",
    "since": "Since",
    "no_clauses": "No clause on a known topic was found in the latest version.",
    "version": "Version",
    "first_seen": "First seen",
    "last_seen": "Last seen",
    "declared": "Says it was updated",
    "effective": "Says it applies from",
    "captures": "Captures",
    "words": "Words",
    "evidence": "Evidence",
    "capture": "capture",
    "raw": "raw",
    "at_date": "Show the version at a date",
    "show": "Show",
    "before_first": "Before the first capture: not known.",
    "in_window": "Between two captures: version {before} or {after}, not known which.",
    "coverage": "Coverage",
    "watched_addresses": "Watched addresses",
    "since_date": "from {date}",
    "until_date": "until {date}",
    "out_of_time": "Law cited outside its time",
    "no_versions": "No usable capture, so nothing is known of the text.",
    "remedy": "What to do",
    "when": "When",
    "cause": "Cause",
    "kind": "Kind",
    # A change
    "change_title": "Version {before} to version {after}",
    "happened": "Changed",
    "clause_changes": "What changed",
    "no_clause_changes": "No clause on a known topic changed.",
    "further": "{count} further clause changes",
    "before": "Before",
    "after": "After",
    "why": "Why",
    "in_comparison": "In the comparison",
    "permalink": "Link to this",
    "moved_only": "Moved, otherwise the same:",
    "comparison": "The whole text compared",
    "count_changed": "changed",
    "count_added": "added",
    "count_removed": "removed",
    "count_moved": "moved",
    "count_same": "unchanged",
    "nothing_to_compare": "The two texts differ in nothing that is compared.",
    "counted": "paragraphs, headings, list items and rows",
    "inline": "In one column",
    "side_by_side": "Side by side",
    "sections": "Sections with changes",
    "before_headings": "Before the first heading",
    "unchanged": "{count} unchanged",
    "moved_here": "Moved here from",
    "moved_away": "Moved to",
    "its_old_place": "its old place",
    "its_new_place": "its new place",
    "renumbered": "Only the number changed",
    "added_block": "Added",
    "removed_block": "Removed",
    "earlier": "Previous change",
    "later": "Next change",
    "part": "Part {number} of {total}",
    "parts": "Parts of the comparison",
    "marks": "Removed words are struck through, added words underlined.",
    "old_capture": "Last capture of the old text",
    "new_capture": "First capture of the new text",
    "as_json": "This change as JSON",
    # A version
    "seen_on": "Seen on",
    "seen_from": "Seen from",
    "seen_until": "to",
    "contents": "Contents",
    "capture_at": "Captured",
    "text": "Text",
    "version_title": "Version {number}",
    "superseded": "A later version exists",
    "latest": "The latest version known",
    "text_hash": "SHA-256 of the compared text",
    "snapshot_hash": "SHA-256 of the raw capture",
    "digest": "The archive's digest",
    "verified": "verified",
    "unverified": "not verified",
    "rules": "Rules of normalisation",
    "from_url": "Address",
    "problem": "Note",
    # Topics
    "topics_lead": "What the program looks for in each text.",
    "share_chart": "Share of watched policies that speak on it, by month",
    "share_caption": "Of the policies with a captured text in a month, the share that speaks on "
    "this topic, and the share that denies doing it.",
    "speaks": "speaks on it",
    "denies": "denies it",
    "says_what": "Who says what today",
    "nobody": "No watched policy speaks on this today.",
    "other_changes": "Other changes on this topic",
    "topic_changes": "Changes on this topic",
    "topic_unchanged": "No change on this topic has been found.",
    "reversals": "Reversals",
    "speaking": "Speaking on it",
    "denying": "Denying it",
    "conditional": "Under conditions",
    "dated_law": "Law cited outside its time",
    "dated_lead": "Policies that cited a law or framework before it existed or after its end.",
    "no_dated": "No such citation has been found.",
    # Search
    "search_lead": "Full text of every version. A word finds all words that begin with it; "
    "“quotation marks” find a phrase. All words must stand in one passage.",
    "query": "Words or a “phrase”",
    "find": "Find",
    "all_of_them": "all policies",
    "searching": "Searching …",
    "found": "Passages found: {passages}; policies: {policies}",
    "found_nothing": "Nothing found.",
    "more": "Search further policies",
    "all_passages": "Show all {count} passages",
    "stands_in": "in versions {first} to {last}, captures of {start} to {end}",
    "stands_in_one": "in version {first}, captures of {start} to {end}",
    "search_off": "Search needs JavaScript. Without it, choose a policy and search in its "
    "versions with your browser, or look a topic up.",
    "search_failed": "A part of the index could not be loaded; rebuild the site.",
    # Elsewhere
    "not_found": "There is no such page",
    "not_found_lead": "It may have been renumbered when earlier captures were found.",
}
