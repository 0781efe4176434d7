"""The fields of a situation keep what rules and SQL rely on."""

from __future__ import annotations

from duewatch.rules.fields import FIELDS, alert_fields, moves, phrase_fields


def test_what_moves_with_the_day_hangs_on_a_day() -> None:
    moving = [field for field in FIELDS.values() if field.slope]
    assert len(moving) == 8
    assert all(field.type == "number" and field.base is not None for field in moving)
    assert all(FIELDS[str(field.base)].type == "day" for field in moving)


def test_only_the_day_itself_moves_without_a_base() -> None:
    assert [name for name, field in FIELDS.items() if moves(field) and field.base is None] == ["day"]


def test_a_flag_holds_no_words_and_a_word_of_a_closed_list_does() -> None:
    assert all(
        (field.values is None) == (field.type != "word" or field.name == "strength") for field in FIELDS.values()
    )


def test_strengths_are_open_until_they_are_known() -> None:
    assert alert_fields(["open"])["strength"].values is None
    assert alert_fields(["open"], ["requests"])["strength"].values == ("requests",)
    assert phrase_fields(["open"], ["requests"])["strength"].values == ("requests",)


def test_phrases_see_a_whole_situation_and_its_status() -> None:
    assert set(phrase_fields(["open"])) == {*FIELDS, "status", "says_set", "form_set", "floor"}
