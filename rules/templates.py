"""Sentences with gaps: `overdue by {days_late:days}: recorded as lacking {contents_missing} items`.

A gap names a field and, after a colon, how it is said: `date` for a day, `days` for a number
of days ("1 day", "12 days"), `delay` and `after` for one by which something came late ("12 days",
"12 days after"; "hours", "after its hour on", where it came on its last day); without a form the
value stands as it is. Filling them is the business of whoever writes the sentence for people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Final

from duewatch.rules.faults import Faults, Path, remedy

if TYPE_CHECKING:
    from duewatch.rules.fields import Fields

_FORMS: Final = {
    "date": "day",
    "days": "number",
    "delay": "number",
    "after": "number",
}  # form -> the type of field that it is for


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One gap: the field that fills it, and the form in which it is said ("" = as it is)."""

    name: str
    form: str


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Give the gaps of a sentence, in order. Raises ValueError where its braces do not match."""
    return tuple(
        Placeholder(name, (form or "") + (f"!{conversion}" if conversion else ""))
        for _, name, form, conversion in Formatter().parse(text)
        if name is not None
    )


def check_template(text: str, fields: Fields, others: Collection[str], path: Path, faults: Faults) -> None:
    """Note a fault for each gap that nothing can fill. `others` are names without a field behind them."""
    try:
        gaps = placeholders(text)
    except ValueError as error:
        faults.add(path, f"the braces do not match ({error})", "write each gap as `{name}` or `{name:form}`")
        return
    for gap in gaps:
        if gap.name in fields:
            _check_form(gap, fields[gap.name].type, path, faults)
        elif gap.name not in others:
            faults.add(path, f"`{{{gap.name}}}` names no field", remedy(gap.name, [*fields, *others]))
        elif gap.form:
            faults.add(path, f"`{gap.name}` is a text and takes no form `{gap.form}`", f"write `{{{gap.name}}}`")


def _check_form(gap: Placeholder, kind: str, path: Path, faults: Faults) -> None:
    if kind == "day" and gap.form != "date":
        faults.add(path, f"`{gap.name}` is a day, said as `{{{gap.name}:date}}`", f"write `{{{gap.name}:date}}`")
    elif gap.form and gap.form not in _FORMS:
        faults.add(path, f"`{gap.form}` is not a form", remedy(gap.form, _FORMS))
    elif gap.form and _FORMS[gap.form] != kind:
        faults.add(path, f"`{gap.name}` is a {kind} and takes no form `{gap.form}`", f"write `{{{gap.name}}}`")
