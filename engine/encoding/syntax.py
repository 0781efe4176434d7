"""The syntax errors of PyYAML, in one clear line with a place and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from yaml.error import Mark, MarkedYAMLError, YAMLError

from duewatch.engine.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

# (what PyYAML's own parser or libyaml says, in lower case, all parts; what is wrong; what would be right)
_SAYINGS: Final[Sequence[tuple[tuple[str, ...], str, str]]] = (
    (("quoted scalar", "end of stream"), "a quotation mark is opened here and never closed", "close it"),
    (("quoted scalar", "document separator"), "a quotation mark is opened here and never closed", "close it"),
    (("quoted scalar", "document indicator"), "a quotation mark is opened here and never closed", "close it"),
    (("double-quoted", "escape"), "a backslash means something else inside double quotes", "use single quotes"),
    (("double-quoted", "hexadecimal"), "a backslash means something else inside double quotes", "use single quotes"),
    (("double-quoted", "hexdecimal"), "a backslash means something else inside double quotes", "use single quotes"),
    (("cannot start any token", "\\t"), "a tab stands where only spaces may", "indent with spaces"),
    (("tab character",), "a tab stands where only spaces may", "indent with spaces"),
    (("cannot start any token",), "an unquoted text cannot begin with this character", "put the text in double quotes"),
    (
        ("mapping values are not allowed",),
        "a colon stands where none may",
        "put a text that holds a colon in double quotes; the line before may lack its colon, or be indented otherwise",
    ),
    (("expected the node content",), "something is missing here", "write a value, or close what was opened before"),
    (
        ("flow mapping",),
        "a `{` is opened here and not closed where it should be",
        "close it with `}`; put a text that holds brackets, quotes or commas in double quotes",
    ),
    (
        ("flow sequence",),
        "a `[` is opened here and not closed where it should be",
        "close it with `]`; put a text that holds brackets, quotes or commas in double quotes",
    ),
    (("simple key",), "this line has no `key: value`", "write `key: value`, or put the whole text in double quotes"),
    (
        ("block collection",),
        "this line does not fit the list around it",
        "begin it with `- `, or check the indentation",
    ),
    (
        ("block mapping",),
        "this line does not fit the lines above it",
        "check the indentation; put a text that goes on after a quotation mark in one pair of quotes",
    ),
    (("anchor",), "a text that begins with `&` is an anchor, and anchors are refused", "put the text in double quotes"),
    (("alias",), "a text that begins with `*` is an alias, and aliases are refused", "put the text in double quotes"),
    (("tag",), "a text that begins with `!` is a tag, and tags are refused", "put the text in double quotes"),
    (("block scalar",), "a text that begins with `|` or `>` begins a block of lines", "put the text in double quotes"),
    (("directive",), "a line that begins with `%` is a directive, and directives are refused", "remove it"),
    (("document start",), "something follows where the document had ended", "keep one document in a file"),
    (
        ("block sequence entries are not allowed",),
        "a `- ` stands where no list may begin",
        "put the list on the next line",
    ),
)


def syntax_problem(error: YAMLError, name: str) -> Problem:
    """Say what a syntax error is and where; `name` is the file."""
    context, trouble = getattr(error, "context", None) or "", getattr(error, "problem", None) or str(error)
    saying = f"{context} {trouble}".lower()
    for parts, wrong, right in _SAYINGS:
        if all(part in saying for part in parts):
            return Problem(_place(error, name, opened=" here" in wrong and "opened" in wrong), wrong, right)
    return Problem(
        _place(error, name, opened=False),
        f"this is not YAML: {' '.join(trouble.split())}",
        "put the text in double quotes or check the indentation",
    )


def _place(error: YAMLError, name: str, *, opened: bool) -> Place:
    if not isinstance(error, MarkedYAMLError):
        return Place(name, 1, 1)
    marks = (error.context_mark, error.problem_mark) if opened else (error.problem_mark, error.context_mark)
    mark: Mark | None = next((mark for mark in marks if mark is not None), None)
    return Place(name, 1, 1) if mark is None else Place(name, mark.line + 1, mark.column + 1)
