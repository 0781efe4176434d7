"""Makes the tables of docs/deadlines.md: which sources and forms the published cases cover, and the regimes.

.venv/bin/python tests/reckoning/tally.py      (writes them anew)
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "src"))

if TYPE_CHECKING:
    from types import ModuleType

PAGE = HERE.parents[1] / "docs" / "deadlines.md"
SOURCES = {
    "AU": "Acts Interpretation Act 1901 (Cth)",
    "BGB": "Bürgerliches Gesetzbuch",
    "CPR": "Civil Procedure Rules of England and Wales",
    "DC": "dates-calc (Catala)",
    "DORA": "Regulation (EU) 2022/2554, reports of incidents",
    "DRIFT": "chained and anchored counting",
    "DU": "dateutil, documentation and issues",
    "EPO": "European Patent Convention",
    "EU": "Regulation 1182/71 and judgments of the Court of Justice",
    "FOI": "Freedom of Information Act 2000",
    "FRCP": "Federal Rules of Civil Procedure",
    "GDPR": "data protection: guidance of the ICO",
    "IRS": "Internal Revenue Code s. 7503",
    "MAKO": "German tenancy law: working days with Saturdays",
    "MPEP": "Manual of Patent Examining Procedure",
    "QL": "QuantLib, tests",
    "R5545": "RFC 5545, instances of libical",
    "R7529": "RFC 7529 (SKIP)",
    "SEC": "Securities Exchange Act, filing dates",
    "ST": "OpenGamma Strata, tests",
    "TOLL": "suspension under the UK Data Protection Act 2018",
    "UK": "United Kingdom: companies, taxes, judgments",
    "UN": "resolutions of the United Nations",
}


def by_path(name: str) -> ModuleType:
    """Import a neighbour: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def forms_of(tree: Any) -> set[str]:
    """The names of the forms that a written-out expression consists of."""
    if isinstance(tree, list):
        return set().union(*map(forms_of, tree))
    if not isinstance(tree, dict):
        return set()
    own = {name for name in tree if name not in PLAIN}
    return own.union(*(forms_of(value) for value in tree.values()))


PLAIN = {  # fields that only fill in a form
    *("after", "before", "from", "to", "until", "containing", "of", "year-starts", "nth", "first-day", "last-day"),
    *("at-cut-off", "stub", "ends", "for", "calendar", "offset", "times", "at-most", "days"),
}


def cases() -> list[str]:
    """The lines of the table of sources."""
    published, spelling = by_path("test_published"), by_path("spelling")
    rows: Counter[str] = Counter()
    forms: dict[str, set[str]] = {}
    for case in published.CASES:
        source = case["id"].split("-")[0]
        rows[source] += 1
        for one in published.KINDS[case["rule_kind"]](case["inputs"]):
            forms.setdefault(source, set()).update(forms_of(spelling.written(one)))
    lines = ["| source | rows | forms and terms |", "| --- | --- | --- |"]
    lines += [
        f"| {SOURCES[source]} | {rows[source]} | {', '.join(f'`{one}`' for one in sorted(forms[source]))} |"
        for source in sorted(rows, key=lambda name: SOURCES[name].casefold())
    ]
    return [*lines, f"| all | {rows.total()} | {len(set().union(*forms.values()))} of them |"]


def regimes() -> list[str]:
    """The lines of the table of regimes."""
    from duewatch.engine.reckoning.library import shipped

    lines = ["| regime | what it is | authority |", "| --- | --- | --- |"]
    for name in shipped().regimes():
        newest = shipped().regime(name)
        mark = " (**an assumption**)" if newest.assumed else ""
        lines.append(f"| `{name}` | {newest.title}{mark} | {newest.cites['']} |")
    return [*lines, "", f"Calendars: {', '.join(f'`{name}`' for name in shipped().calendars())}."]


def renewed(page: str) -> str:
    """The page with both tables as they are now."""
    for name, lines in (("cases", cases()), ("regimes", regimes())):
        mark = f"<!-- {name}: made by tests/reckoning/tally.py -->"
        head, _, rest = page.partition(mark)
        page = "\n".join([head + mark, *lines, "<!-- end -->"]) + rest.partition("<!-- end -->")[2]
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
