"""The words of the page on method: what is known, how, and what cannot be."""

METHOD = (
    (
        "What a change is",
        (
            "Web archives keep captures of pages. The program reads the text of each capture and "
            "joins neighbouring captures of equal text into a version. A change lies between the "
            "last capture of one version and the first capture of the next.",
            "That span is the change's window. “After 2017-06-29 and by 2018-08-30” says that the "
            "old text was still there on the first day and the new one on the second. On which day "
            "between them the text changed is not known, and no page here claims to know.",
        ),
    ),
    (
        "What is compared",
        (
            "Menus, cookie banners, link targets, typography, the case of headings and years in "
            "copyright notices make no difference. All texts compared with one another were made "
            "by the same rules: when the rules change, everything is derived again from the raw "
            "captures, so a change of the program is never shown as a change of a policy.",
        ),
    ),
    (
        "Clauses, stances and weights",
        (
            "A clause is a sentence or list item that speaks on a topic: stated (“we sell”), "
            "denied (“we never sell”) or under conditions (“with your consent”). A clause change "
            "is one that appeared, vanished, was reworded, moved, or was reversed from denied to "
            "stated or back.",
            "Clauses are found by lists of phrases, not by reading. They miss some and take some "
            "for what they are not; the rule that matched is named beside each. The weight, from 0 "
            "to 100, ranks what to read first; it is no legal judgement.",
        ),
    ),
    (
        "What cannot be known",
        (
            "What stood in a text between two captures, and what was shown to readers in other "
            "places or languages. A missing capture is never shown as the deletion of a clause. "
            "Pages that were blocked, empty or broken are listed as incidents, not as changes.",
            "How dense the evidence is stands under “Coverage” on each policy's page: how many "
            "captures the archive lists, how many were read, and the longest gap between them.",
        ),
    ),
    (
        "How to verify",
        (
            "Each quotation links to the capture it is taken from, scrolled to the sentence where "
            "the browser can do that. “Raw” leads to the bytes as archived. Each version names the "
            "SHA-256 of the raw capture that was read and, where the archive's own digest was "
            "checked against it, says so.",
            "Dates a text gives of itself (“last updated”) are shown apart from the dates of "
            "captures, for they are claims.",
        ),
    ),
    (
        "Licence",
        (
            "The texts quoted belong to the organisations that published them and are quoted as "
            "evidence. The program, policy-tracker, is free software under the Apache License 2.0.",
        ),
    ),
)
