"""What the reader makes of bytes: the same with libyaml and without, whatever is in them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from duewatch.engine.encoding.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode, locate, plain
from duewatch.engine.encoding.reader import MEBIBYTE, read
from duewatch.engine.problems import BadFile, Place

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [ROOT / "obligations.yaml", ROOT / "contacts.yaml", *ROOT.glob("rules/**/*.yaml"), *ROOT.glob("tests/**/*.yaml")]
)
needs_libyaml = pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml here")


def outcome(content: bytes, *, libyaml: bool) -> Document | tuple[str, ...]:
    """The document, or what is said of a file that is none."""
    try:
        return read(content, "f.yaml", 4 * MEBIBYTE, libyaml=libyaml)
    except BadFile as bad:
        return tuple(str(problem) for problem in bad.problems)


def problems(content: bytes | str) -> tuple[str, ...]:
    found = outcome(content.encode() if isinstance(content, str) else content, libyaml=False)
    return tuple(str(problem) for problem in found.problems) if isinstance(found, Document) else found


def value(text: str) -> object:
    document = read(f"k: {text}".encode(), "f.yaml")
    assert document.problems == ()
    data = plain(document.root)
    assert isinstance(data, dict)
    return data["k"]


# ------------------------------------------------------------------ with libyaml and without
@needs_libyaml
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_the_same_with_libyaml_and_without(path: Path) -> None:
    content = path.read_bytes()
    assert outcome(content, libyaml=True) == outcome(content, libyaml=False)


@needs_libyaml
def test_a_file_cut_off_anywhere_is_the_same_with_libyaml_and_without() -> None:
    content = (ROOT / "tests" / "cases" / "good" / "every-field.yaml").read_bytes()
    for end in range(0, len(content), 97):
        assert outcome(content[:end], libyaml=True) == outcome(content[:end], libyaml=False), content[:end][-40:]


# ------------------------------------------------------------------ scalars
@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("5", 5),
        ("-42", -42),
        ("0", 0),
        ("999999999999999999", 999999999999999999),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("off", "off"),
        ("3 months", "3 months"),
        ("-42 days", "-42 days"),
        ("30/100", "30/100"),
        ("S/RES/1 (1946)", "S/RES/1 (1946)"),
        ('"5"', "5"),
        ("'2021-06-29'", "2021-06-29"),
        ("1.participation", "1.participation"),
        ("6.1.2", "6.1.2"),
        ("2nd", "2nd"),
        (".hidden", ".hidden"),
        ("15-0-0", "15-0-0"),
        ("|\n  one\n  two\n", "one\ntwo\n"),
    ],
)
def test_what_a_scalar_means(text: str, meaning: object) -> None:
    found = value(text)
    assert found == meaning
    assert type(found) is type(meaning)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2021-06-29",
            "2021-6-9",
            "2021-06-29T10:00:00Z",
            "2021-06-29 10:00",
            "12:30",
            "12:30:59",
            "1:2.5",
            "010",
            "-017",
            "0o10",
        ),
        *(
            "0x1f",
            "0b11",
            "1.5",
            "-1.5",
            ".5",
            "5.",
            "1e3",
            "1.5e3",
            "1E+3",
            "5.e3",
            ".inf",
            "-.INF",
            ".nan",
            "+5",
            "1_000",
        ),
        *("True", "TRUE", "False", "Null", "1234567890123456789", "-1234567890123456789"),
    ],
)
def test_what_must_be_quoted(text: str) -> None:
    (problem,) = problems(f"k: {text}\n")
    assert problem.startswith("f.yaml:1:4: ")
    assert problem.endswith(f'put it in double quotes: "{text}"')
    assert value(f'"{text}"') == text


@pytest.mark.parametrize("key", ["on", "Yes", "TRUE", "off", "no", "False", "5", "1.5", "2021-06-29", "null", "~"])
def test_a_key_that_is_no_text(key: str) -> None:
    (problem,) = problems(f"{key}: a\nother: b\n")
    assert problem.startswith("f.yaml:1:1: ")
    assert "double quotes" in problem
    assert problems(f'"{key}": a\nother: b\n') == ()


# ------------------------------------------------------------------ what the bytes may be
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "f.yaml:1:1: the file is empty"),
        (b"# only a comment\n", "f.yaml:1:1: the file is empty"),
        (b"---\n# only a comment\n", "f.yaml:1:1: the file is empty"),
        (b"~", "f.yaml:1:1: the file is empty"),
        (b"\xef\xbb\xbf", "f.yaml:1:1: the file is empty"),
        (b"\xff\xfea\x00", "f.yaml:1:1: the file is not UTF-8 (byte 0xff); save it as UTF-8"),
        (b"a: b\nc: \xe9\n", "f.yaml:2:4: the file is not UTF-8 (byte 0xe9); save it as UTF-8"),
        (b"\xef\xbb\xbfa: \xe9", "f.yaml:1:4: the file is not UTF-8 (byte 0xe9); save it as UTF-8"),
        (b"a: b\nc: d\x00e\n", "f.yaml:2:5: a character that no text shows (U+0000); remove it"),
        (b"a: \x1b[31m\n", "f.yaml:1:4: a character that no text shows (U+001B); remove it"),
        ("a: b\u2028c\n".encode(), "f.yaml:1:5: a character that no text shows (U+2028); remove it"),
        ("a: \ufeffb\n".encode(), "f.yaml:1:4: a character that no text shows (U+FEFF); remove it"),
        (b"\t\tx", "f.yaml:1:1: a tab stands where only spaces may; indent with spaces"),
    ],
)
def test_what_is_no_text(content: bytes, said: str) -> None:
    for libyaml in (True, False):
        found = outcome(content, libyaml=libyaml)
        assert isinstance(found, tuple)
        assert found[0].startswith(said)


def test_a_byte_order_mark_and_other_line_ends_are_nothing_special() -> None:
    assert plain(read("\ufeffa: b\r\nc: d\re: f\n".encode(), "f").root) == {"a": "b", "c": "d", "e": "f"}


def test_other_scripts_are_texts_and_columns_count_characters() -> None:
    (problem,) = problems("{наказ: 'ü😀', x: 010}\n")
    assert problem.startswith("f.yaml:1:18: ")


def test_every_unprintable_character_is_said_up_to_twenty() -> None:
    assert len(problems(b"a: \x00\nb: \x01\n")) == 2
    assert len(problems(b"\x00" * 100)) == 20


def test_a_file_that_is_too_large_is_not_read_on(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: b\n" * 100)
    with pytest.raises(BadFile, match="the file is larger than 499 bytes"):
        read(path, max_bytes=499)
    with pytest.raises(BadFile, match=r"input:1:1: the file is larger than 4 bytes"):
        read(b"a: b\n", max_bytes=4)
    assert read(b"a: b", max_bytes=4).name == "input"


@pytest.mark.parametrize("name", ["missing.yaml", ".", "nul\0byte"])
def test_what_cannot_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="the file cannot be read"):
        read(tmp_path / name)


# ------------------------------------------------------------------ depth and tricks
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_at_once(opening: str) -> None:
    for libyaml in (True, False):
        found = outcome(opening.encode() * 20_000, libyaml=libyaml)
        assert isinstance(found, tuple)
        assert "more than 20 levels stand inside one another" in found[-1]


def test_twenty_levels_are_enough() -> None:
    assert problems("[" * 20 + "]" * 20) == ()
    assert len(problems("[" * 21 + "]" * 21)) == 1


def test_a_billion_laughs_are_refused() -> None:
    laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert [problem.split(": ")[1].split(" is ")[0] for problem in problems(laughs)] == [
        "`&a`",
        "`&b`",
        "`*a`",
        "`*a`",
        "`*b`",
        "`*b`",
    ]


def test_several_documents_are_refused_and_one_with_a_marker_is_not() -> None:
    assert problems("---\na: b\n") == ()
    assert problems("a: b\n...\n") == ()
    assert "a second document begins here" in problems("a: b\n---\nc: d\n")[0]


def test_a_refused_key_makes_its_mapping_partial_and_a_double_one_does_not() -> None:
    root = read(b"{on: a, x: b}", "f").root
    assert isinstance(root, MappingNode)
    assert (root.partial, root.keys, root.flow) == (True, ("x",), True)
    double = read(b"x: a\nx: b\n", "f")
    assert isinstance(double.root, MappingNode)
    assert (double.root.partial, plain(double.root)) == (False, {"x": "a"})


# ------------------------------------------------------------------ places
def test_every_node_knows_its_place() -> None:
    document = read(b"a:\n- b: c\n  d: [e, 'f']\n", "f.yaml")
    found = dict(places(document.root))
    assert found == {"c": (2, 6), "e": (3, 7), "f": (3, 10)}


def places(node: Node) -> list[tuple[str, tuple[int, int]]]:
    if isinstance(node, ScalarNode):
        return [(node.text, (node.place.line, node.place.column))]
    parts = node.items if isinstance(node, SequenceNode) else [one for _, one in node.entries]
    return [place for part in parts for place in places(part)]


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("a",), 1, 1),
        (("a", 0), 2, 3),
        (("a", 0, "d"), 3, 3),
        (("a", 0, "d", 1), 3, 10),
        (("a", 0, "missing"), 2, 3),
        (("a", 7), 1, 1),
        (("a", 0, "b", "deeper"), 2, 3),
        (("nowhere", 0), 1, 1),
    ],
)
def test_a_path_leads_to_a_place_as_far_as_it_can_be_followed(
    path: tuple[str | int, ...], line: int, column: int
) -> None:
    root = read(b"a:\n- b: c\n  d: [e, 'f']\n", "f.yaml").root
    assert locate(root, path) == Place("f.yaml", line, column)


def test_lookup_by_key() -> None:
    root = read(b"{a: 1, b: 2}", "f").root
    assert isinstance(root, MappingNode)
    assert [plain(node) for node in (root.get("a"), root.get("b")) if node] == [1, 2]
    assert root.get("c") is None


def test_problems_come_in_the_order_of_the_file() -> None:
    said = [problem.split(":")[1:3] for problem in problems("a: 010\nb: &x c\nd: 1.5\nd: 2\n")]
    assert all((int(one[0]), int(one[1])) <= (int(two[0]), int(two[1])) for one, two in pairwise(said))
