"""Folders of rules: what is shipped, and what is said of copies with mistakes in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from duewatch.engine.encoding import rulefiles
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.problems import BadFile

SHIPPED = Path(__file__).parents[2] / "rules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files."""
    found = tmp_path / "rules"
    shutil.copytree(SHIPPED, found, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(folder: Path) -> list[str]:
    with pytest.raises(BadFile) as bad:
        load_rules(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in bad.value.problems]


def test_the_shipped_rules_are_read() -> None:
    rules = load_rules(None)
    assert set(rules.verbs) == {path.stem for path in SHIPPED.glob("verbs/*.yaml")}
    assert rules.texts[0] == (SHIPPED / "status.yaml").read_bytes()
    assert len(rules.texts) == 3 + len(rules.verbs)
    assert rules.stages == tuple(sorted(set(rules.stages)))
    assert 0 in rules.stages
    assert rules.groups[:2] == ("late", "soon")
    assert set(rules.contest) == set(rules.status.statuses)


def test_a_phrase_is_chosen_by_the_words_file() -> None:
    rules = load_rules(None)
    situation: dict[str, object] = dict.fromkeys(rules.words.ruleset.fields)
    situation |= {
        "status": "overdue",
        "kind": "achieve",
        "modality": "obligation",
        "strength": "requests",
        "watch": "own",
        "days_late": 1,
    }
    assert "{days_late:days}" in rules.say(situation)


def test_a_copy_has_the_same_hash_whatever_its_comments(folder: Path) -> None:
    shipped = load_rules(None).hash
    assert load_rules(folder).hash == shipped
    (folder / "status.yaml").write_text("# a comment\n" + (folder / "status.yaml").read_text("utf-8"), "utf-8")
    assert load_rules(folder).hash == shipped


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("status.yaml", "it is no longer owed", "it is not owed any more"),
        ("words.yaml", "overdue by", "late by"),
        ("alerts.yaml", ": -14", ": -15"),
        ("verbs/un-sc.yaml", "urges: urges", "urges: requests"),
    ],
)
def test_any_change_of_what_they_say_changes_the_hash(name: str, old: str, new: str, folder: Path) -> None:
    change(folder / name, old, new)
    assert load_rules(folder).hash != load_rules(None).hash


def test_each_file_gets_its_own_faults_with_their_places(folder: Path) -> None:
    change(folder / "status.yaml", "when: {owed: 0, was_owed: 1}", "when: {owd: 0, was_owed: yes}")
    change(folder / "alerts.yaml", "rules:", "ruels:")
    change(folder / "words.yaml", "language: en", "language: [en]")
    change(folder / "verbs/un-sc.yaml", "urges: urges", "urges: urged")
    found = said(folder)
    assert {one.split(":")[0] for one in found} == {"status.yaml", "alerts.yaml", "words.yaml", "verbs/un-sc.yaml"}
    assert any("`owd` is not a field of a situation; did you mean `owed`?" in one for one in found)
    row, column, rest = next(one for one in found if "owd" in one).split(":", 3)[1:]
    line = (folder / "status.yaml").read_text("utf-8").splitlines()[int(row) - 1]
    assert line[int(column) - 1 :].startswith("owd")
    assert rest


def test_the_reader_s_problems_are_not_said_twice(folder: Path) -> None:
    change(folder / "status.yaml", "when: {owed: 0, was_owed: 1}", "when: {owed: 010, was_owed: 1}")
    (only,) = said(folder)
    assert "YAML reads `010` as an octal number" in only


def test_alerts_and_words_are_held_against_the_names_of_faulty_statuses(folder: Path) -> None:
    change(folder / "status.yaml", "group: late, urgency: 95", "group: lat, urgency: 95")
    assert [one.split(":")[0] for one in said(folder)] == ["status.yaml"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("urges: urges", "urges: urged"),
        ("calls upon, encourages", "calls upn, encourages"),
        ("  decides: decides", "  decides: ["),
    ],
)
def test_a_faulty_table_of_verbs_is_the_only_file_blamed(folder: Path, old: str, new: str) -> None:
    change(folder / "verbs/un-sc.yaml", old, new)
    assert {one.split(":")[0] for one in said(folder)} == {"verbs/un-sc.yaml"}


def test_what_is_missing_or_no_yaml_is_said(folder: Path) -> None:
    (folder / "words.yaml").unlink()
    (folder / "alerts.yaml").write_text("{", encoding="utf-8")
    shutil.rmtree(folder / "verbs")
    found = said(folder)
    assert found[0].startswith("alerts.yaml:1:2: something is missing here")
    assert found[1].startswith("verbs: there is no table of verbs")
    assert found[2].startswith("words.yaml: the file cannot be read")


@pytest.mark.parametrize("text", ["- statuses\n", "statuses: none\n", "status\n"])
def test_a_file_of_another_shape_is_refused(text: str, folder: Path) -> None:
    (folder / "status.yaml").write_text(text, encoding="utf-8")
    assert any(one.startswith("status.yaml:1:") for one in said(folder))


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert len(said(tmp_path / "nowhere")) == 4


def test_the_version_of_the_library_is_found_however_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_rules(None).hash
    monkeypatch.setattr(rulefiles, "find_spec", lambda _name: None)
    assert load_rules(None).hash == usual
