"""A header says first what it is, in a noun that one can search for."""

import unittest

import headers


class HeadersTest(unittest.TestCase):

    def test_a_noun_or_a_verb_is_as_it_should_be(self):
        for begin in ("// The result of validating a definition.",
                      "// Counts of pipelines by state.",
                      "// Whatever the case may be.",
                      "// Accepts connections; what it may not take, waits."):
            self.assertIsNone(headers.complaint(begin + "\n"), begin)

    def test_a_question_is_no_beginning(self):
        for begin in ("// What was thought of a definition.",
                      "// Who may look at the page.",
                      "// How many there are of what.",
                      "// Whether a file is the one that it was.",
                      "// Which state may follow which.",
                      "// Where commands wait for the loop.",
                      "// When a lease ends."):
            self.assertIn("begins with", headers.complaint(begin + "\n"), begin)

    def test_a_header_without_a_comment_is_refused(self):
        self.assertEqual(headers.complaint("#ifndef A_H_\n"),
                         "begins without a comment")


if __name__ == "__main__":
    unittest.main()
