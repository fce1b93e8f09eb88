"""Holds the pages against the tree: links, sections cited, entries."""

import re
import unittest

import layers
import source_tree

CONTRACT = "proto/DATAPIPELINE.md"
DECISIONS = "server/DECISIONS.md"

_CODE = (".cc", ".h", ".proto", ".py", ".sql")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^( *)```.*?^\1```", re.M | re.S)

# What begins a line of a comment or of a text that goes on.
_MARGIN = re.compile(r"\n *(?://|#|--|\*|\")? *")
_CITED = re.compile(
    r"(RFC \d+ )?\b[Ss]ections? "
    r"(\d[\d.]*(?:(?:,? and |,? to |, )\d[\d.]*)*)(?:, row (\d+))?")
_TRANSITION = re.compile(r"\b[Rr]ow ([PA]\d+)\b")
_ENTRY = re.compile(r"^## (.+)$", re.M)
_PARTS = ("**Context.**", "**Decision.**", "**Consequences.**")


def read(path):
    return (source_tree.root() / path).read_text()


def anchor_of(heading):
    """Returns the anchor that a heading has where pages are shown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors_of(page):
    """Returns the anchors of a page. Of two that are alike the first counts."""
    return {anchor_of(h) for h in _HEADING.findall(_FENCE.sub("", page))}


def sections_of(contract):
    return set(re.findall(r"^#+ (\d+(?:\.\d+)?)\.? ", contract, re.M))


class PagesTest(unittest.TestCase):

    def expect_none(self, complaints):
        found = list(complaints)
        if found:
            self.fail("\n" + "\n".join(found))

    def test_links_lead_somewhere(self):
        def complaints():
            for path in source_tree.files(".md"):
                for link in _LINK.findall(_FENCE.sub("", read(path))):
                    if re.match(r"\w+:", link):
                        continue
                    name, _, anchor = link.partition("#")
                    target = (source_tree.root() / path.parent / name
                              if name else source_tree.root() / path)
                    if not target.exists():
                        yield f"{path}: there is no {link}"
                    elif anchor and anchor not in anchors_of(target.read_text()):
                        yield f"{path}: there is no heading {link}"
        self.expect_none(complaints())

    def test_rooms_have_pages(self):
        # A room within a room may be told of on the page of that.
        def complaints():
            for room in layers.LAYERS:
                folder = source_tree.root() / room
                above = folder.parent / "README.md"
                told = (room.count("/") > 1 and above.exists()
                        and f"`{folder.name}/`" in above.read_text())
                if not told and not (folder / "README.md").exists():
                    yield f"{room}: has no page"
        self.expect_none(complaints())

    def test_sections_that_are_cited_exist(self):
        contract = read(CONTRACT)
        sections = sections_of(contract)
        self.assertIn("3.13", sections)
        decisions = set(re.findall(r"^\| (\d+) \|", contract, re.M))
        transitions = set(re.findall(r"^\| ([PA]\d+) \|", contract, re.M))
        def complaints():
            for path in source_tree.files(*_CODE, ".md"):
                text = _MARGIN.sub(" ", read(path))
                for elsewhere, numbers, row in _CITED.findall(text):
                    if elsewhere:
                        continue
                    for number in re.findall(r"\d+(?:\.\d+)*", numbers):
                        if number not in sections:
                            yield f"{path}: there is no section {number}"
                    if row and row not in decisions:
                        yield f"{path}: section 15 has no row {row}"
                for row in _TRANSITION.findall(text):
                    if row not in transitions:
                        yield f"{path}: there is no row {row}"
        self.expect_none(complaints())

    def test_decisions_have_their_parts(self):
        page = read(DECISIONS)
        headings = _ENTRY.findall(page)
        self.assertGreater(len(headings), 50)
        self.assertEqual(len(headings), len(set(headings)))
        def complaints():
            for heading, body in zip(headings, _ENTRY.split(page)[2::2]):
                if not re.match(r"\d{4}-\d\d-\d\d: ", heading):
                    yield f"{heading}: begins without its date"
                for part in _PARTS:
                    if part not in body:
                        yield f"{heading}: has no {part}"
            for topic in re.findall(r"^# (.+)$", page, re.M)[1:]:
                if f"](#{anchor_of(topic)})" not in page:
                    yield f"{topic}: is not among the topics"
        self.expect_none(complaints())


if __name__ == "__main__":
    unittest.main()
