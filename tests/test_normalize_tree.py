"""The walk over a page's tree: what is entered, read and left, in which order."""

import tracemalloc

from tracker.normalize import tree


class Diary:
    """Notes each step of a walk."""

    def __init__(self):
        self.notes = []

    def add(self, text):
        self.notes.append(text)

    def enter(self, tag, node):
        self.notes.append(f"<{tag}>")
        return (Diary.leave, tag)

    def leave(self, tag):
        self.notes.append(f"</{tag}>")

    def skip(self, tag, node):
        return tree.OVER


ENTER = {"p": Diary.enter, "b": Diary.enter, "svg": Diary.skip}


def walked(root):
    diary = Diary()
    tree.visit(root, diary, ENTER, Diary.enter)
    return " ".join(diary.notes)


def test_texts_and_elements_come_in_order():
    root = tree.document("<p>a<b>b<i>c</i></b><x-y>d</x-y>e<p><!-- f -->g")
    assert walked(root) == "<p> a <b> b c </b> <x-y> d </x-y> e </p> <p> g </p>"


def test_what_is_skipped_is_skipped_whole():
    root = tree.document("<p>a<svg><g><text>b</text></g></svg>c</p><svg>d</svg>")
    assert walked(root) == "<p> a c </p>"


def test_the_walk_ends_with_its_root():
    root = tree.document("<p>a</p><p>b<svg></svg></p><p>c</p><svg></svg>")
    first, second, third = tree.select(root, "p")
    assert [walked(node) for node in (first, second, third)] == [
        "<p> a </p>",
        "<p> b </p>",
        "<p> c </p>",
    ]
    assert walked(tree.select(root, "svg")[0]) == ""


def test_a_node_is_one_object_while_it_is_held():
    """The walk tells by it which elements have ended."""
    root = tree.document("<p>a<b>b</b>")
    (paragraph,) = tree.select(root, "p")
    assert all(node.parent is paragraph for node in paragraph.children)


def test_children_to_come_are_not_held():
    root = tree.document("<p>" + "<br>" * 50_000)
    tracemalloc.start()
    try:
        walked(root)
        assert tracemalloc.get_traced_memory()[1] < 500_000, "2 MB are all children at once"
    finally:
        tracemalloc.stop()
