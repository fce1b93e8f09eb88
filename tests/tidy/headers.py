"""What the first comment of a header is held to."""

import re

_QUESTION = re.compile(r"// (What|Who|Whose|Whom|How|Whether|Which|Where|Why|When)\b")


def complaint(text):
    """Returns what is wrong with how a header begins, or None."""
    if not text.startswith("// "):
        return "begins without a comment"
    question = _QUESTION.match(text)
    if question:
        return (f"begins with {question[1]}: name first what it is, as in "
                "`// The result of validating a definition.`")
    return None
