"""The small pure parts: hashes, provisions, verbs, circles, entries written out flat, syntax errors nobody foresaw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from duewatch.engine.encoding import provisions
from duewatch.engine.encoding.flat import Line, as_text, flat
from duewatch.engine.encoding.graphs import circles
from duewatch.engine.encoding.hashing import encoding_hash, sha256_of
from duewatch.engine.encoding.notebook import nearest
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.syntax import syntax_problem
from duewatch.engine.encoding.verbs import nearest_verb, strength_of
from duewatch.engine.problems import BadFile
from duewatch.engine.words import Instrument
from duewatch.rules.strengths import Verbs

Encode = Callable[..., Instrument]
ONE = "- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: act, topics: [x, y]}\n"


# ------------------------------------------------------------------ hashes
@pytest.mark.parametrize(
    ("text", "same"),
    [
        (ONE + "# a comment\n", True),
        (
            "- {provision: Art 1, id: a, verb: 'requests', topics: [x, \"y\"], bearer: secretary}\n".replace(
                "bearer", "action: act, kind: achieve, bearer"
            ),
            True,
        ),
        (ONE.replace("[x, y]", "[y, x]"), False),
        (ONE.replace("act,", "acts,"), False),
        (ONE.replace("action: act", "action: act, lead: 14 days"), False),
    ],
)
def test_only_what_a_file_says_is_hashed(text: str, same: bool, encode: Encode) -> None:
    assert (encode(text).tree_hash == encode(ONE).tree_hash) is same


def test_the_hash_of_several_encodings_does_not_know_their_order(encode: Encode) -> None:
    one, other = encode(ONE), encode(ONE.replace("Art 1", "Art 2"))
    assert encoding_hash([one, other]) == encoding_hash([other, one])
    assert encoding_hash([one]) != encoding_hash([one, other])


def test_the_hash_is_that_of_canonical_json() -> None:
    assert sha256_of({"b": "ü", "a": [1, True, None]}) == sha256_of({"a": [1, True, None], "b": "ü"})
    assert sha256_of([]) == "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def test_a_file_and_its_bytes_are_the_same_but_for_their_name(verbs: Mapping[str, Verbs], root: Path) -> None:
    path = root / "tests" / "cases" / "good" / "smallest.yaml"
    from_file, from_bytes = read_instrument(path, verbs)[0], read_instrument(path.read_bytes(), verbs, name="x")[0]
    assert (from_file.file, from_bytes.file) == (str(path), "x")
    assert from_file.tree_hash == from_bytes.tree_hash


def test_an_encoding_may_have_four_mebibytes_and_no_more(verbs: Mapping[str, Verbs], root: Path) -> None:
    content = (root / "tests" / "cases" / "good" / "smallest.yaml").read_bytes()
    filler = b"#" * (4 * 2**20 - len(content) - 1) + b"\n"
    assert read_instrument(content + filler, verbs, name="x")[0].obligations
    with pytest.raises(BadFile, match="larger than 4,194,304 bytes"):
        read_instrument(content + filler + b"\n", verbs, name="x")


# ------------------------------------------------------------------ provisions
@pytest.mark.parametrize(
    ("outer", "inner", "joined"),
    [
        ("Art 30", "(a)", "Art 30(a)"),
        ("Art 30(a)", "(iii)", "Art 30(a)(iii)"),
        ("Art 4", "bullet 2", "Art 4 bullet 2"),
        ("Art 4", "Art 4 bullet 2", "Art 4 bullet 2"),
        ("Art 4", "Art 40", "Art 4 Art 40"),
        ("", "Art 4", "Art 4"),
        ("Art 4", "", "Art 4"),
    ],
)
def test_how_provisions_are_joined(outer: str, inner: str, joined: str) -> None:
    assert provisions.join(outer, inner) == joined


def test_provisions_are_compared_by_their_parts() -> None:
    assert provisions.at_or_under("Art 6(a)(i)", "Art 6 (a)")
    assert provisions.at_or_under("Art 6", "Art 6")
    assert not provisions.at_or_under("Art 61", "Art 6")
    assert not provisions.at_or_under("Art 6", "Art 6(a)")


# ------------------------------------------------------------------ verbs
TABLE = Verbs(
    ("decides", "requests", "notes"),
    {"requests": "requests", "calls": "notes", "calls upon": "requests", "also calls upon": "decides"},
)


@pytest.mark.parametrize(
    ("verb", "strength"),
    [
        ("requests", "requests"),
        ("Further Requests", "requests"),
        ("calls", "notes"),
        ("calls  upon", "requests"),
        ("also calls upon", "decides"),
        ("request", None),
        ("recalls", None),
    ],
)
def test_the_longest_phrase_in_a_verb_counts(verb: str, strength: str | None) -> None:
    assert strength_of(verb, TABLE) == strength


def test_a_strange_verb_has_a_nearest() -> None:
    assert nearest_verb("requets", TABLE) == "requests"
    assert nearest_verb("abracadabra", TABLE) == ""


def test_a_name_is_found_whatever_its_case_and_strokes() -> None:
    assert nearest("Counts_By", ["counts-by", "count"]) == "counts-by"


# ------------------------------------------------------------------ circles
@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b"], "b": ["a"]}, [("a", "b", "a")]),
        ({"a": ["a"]}, [("a", "a")]),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),
        ({"x": ["a"], "a": ["b"], "b": ["a"], "c": ["c", "nowhere"]}, [("a", "b", "a"), ("c", "c")]),
    ],
)
def test_circles_are_found_with_their_path(graph: dict[str, list[str]], found: list[tuple[str, ...]]) -> None:
    assert list(circles(graph)) == found


def test_a_long_chain_breaks_nothing() -> None:
    chain = {str(n): [str(n + 1)] for n in range(20_000)}
    assert list(circles(chain)) == []


# ------------------------------------------------------------------ flat
def test_an_entry_is_written_out_with_what_it_inherits_and_from_where(encode: Encode) -> None:
    one = encode("""
- under: g
  provision: Art 4
  shared: {verb: further requests, bearer: {each: [secretary, council]}, kind: achieve, watch: others}
  entries:
  - id: a
    provision: (i)
    action: >-
      act
      soon
    watch: inventory
    continues: true
    target: {count: x, at-least: 3}
""")
    assert flat(one.obligations[0]) == (
        Line("id", "g.a", "entry"),
        Line("provision", "Art 4(i)", "entry"),
        Line("verb", "further requests", "shared of g"),
        Line("strength", "requests", "verbs un-sc"),
        Line("modality", "obligation", "default"),
        Line("kind", "achieve", "shared of g"),
        Line("bearer", "{each: [secretary, council]}", "shared of g"),
        Line("action", "act soon", "entry"),
        Line("deadline", "none", "default"),
        Line("lead", "14 days", "default"),
        Line("after-breach", "still_owed", "default"),
        Line("counts-by", "dated", "default"),
        Line("watch", "inventory", "entry"),
        Line("target", "{count: x, at-least: 3}", "entry"),
        Line("continues", "true", "entry"),
    )


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ("kind: maintain, bearer: secretary", {"review": "never"}),
        ("kind: maintain, bearer: secretary, reviewed-by: r", {"review": "124 days"}),
        (
            "kind: recur, bearer: secretary, deadline: {every: 3 months, after: adoption}",
            {"lead": "14 days", "after-breach": "still_owed", "counts-by": "dated"},
        ),
        ("modality: statement", {}),
        ("kind: content, bearer: secretary, item: x, adds-to: {entry: r}", {}),
    ],
)
def test_what_holds_without_being_written_fits_the_kind(fields: str, lines: dict[str, str], encode: Encode) -> None:
    one = encode(f"""
- {{id: a, provision: Art 1, verb: requests, action: act, {fields}}}
- id: r
  provision: Art 2
  verb: requests
  bearer: secretary
  kind: recur
  action: act
  deadline: {{every: 3 months, after: adoption}}
""")
    shown = {line.field: line.text for line in flat(one.obligations[0]) if line.origin == "default"}
    assert {name: text for name, text in shown.items() if name not in {"modality", "watch"}} == lines


def test_a_provision_that_is_only_the_group_s_says_so(encode: Encode) -> None:
    one = encode("- {under: g, provision: Art 4, entries: [{id: a, verb: notes, modality: statement, action: act}]}\n")
    assert Line("provision", "Art 4", "group g") in flat(one.obligations[0])


def test_plain_data_as_text() -> None:
    assert as_text({"a": [1, True, None, "x\n y"], "b": {}}) == "{a: [1, true, , x y], b: {}}"


# ------------------------------------------------------------------ syntax
def test_a_syntax_error_that_nobody_foresaw_is_still_one_line_with_a_place() -> None:
    problem = syntax_problem(yaml.YAMLError("something\nnew"), "f.yaml")
    assert (
        str(problem)
        == "f.yaml:1:1: this is not YAML: something new; put the text in double quotes or check the indentation"
    )


def test_a_mark_is_used_where_there_is_one() -> None:
    mark = yaml.Mark("f", 0, 4, 2, None, 0)
    assert str(syntax_problem(yaml.MarkedYAMLError(None, None, "odd", mark), "f.yaml")).startswith(
        "f.yaml:5:3: this is not YAML: odd"
    )
    assert str(syntax_problem(yaml.MarkedYAMLError("here", mark, None, None), "f.yaml")).startswith("f.yaml:5:3: ")
    assert str(syntax_problem(yaml.MarkedYAMLError(None, None, "odd", None), "f.yaml")).startswith("f.yaml:1:1: ")
