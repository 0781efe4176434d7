"""A resolution in French is drafted, covered and linted as one in English is; what is in neither is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.comparing import read_encoding
from duewatch.engine.encoding.coverage import coverage
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import split
from duewatch.engine.encoding.starting import Wanted, draft
from duewatch.engine.encoding.tongue import language_of, tongue
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from duewatch.engine.encoding.starting import Drafted

VERBS = load_rules(None).verbs
FRENCH = """Nations Unies
S/RES/9999 (2030)

Conseil de sécurité
1er mars 2030

Résolution 9999 (2030)

Adoptée par le Conseil de sécurité à sa 9000e séance, le 1er mars 2030

Le Conseil de sécurité,

Rappelant sa résolution 9998 (2029),

1. Décide :

a) De proroger jusqu\u2019au 30 juin 2031 le mandat de la Mission ;

b) Que la Mission pourra patrouiller ;

2. Prie également le Secrétaire général de lui présenter, au plus tard le 15 juin 2030, un rapport sur les archives ;

3. Demande instamment aux États Membres de verser leurs contributions dans un délai de trente jours, et engage le
Président de l\u2019Assemblée générale à y veiller, le cas échéant ;

4. Se félicite des progrès accomplis, exige que toutes les parties cessent le feu et exhorte toutes les parties à
respecter l\u2019Accord ;

5. Décide de rester saisi de la question.
"""


@pytest.fixture
def drafted(tmp_path: Path) -> Drafted:
    (tmp_path / "f.txt").write_text(FRENCH, encoding="utf-8")
    return draft(Wanted(tmp_path / "f.txt", None), VERBS)


def test_a_french_resolution_has_its_verbs_and_whom_they_ask(drafted: Drafted, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(drafted.content, encoding="utf-8")
    read = read_encoding(tmp_path / "f.yaml", VERBS)
    assert drafted.verbs == "un-fr"
    assert (read.instrument.symbol, str(read.instrument.adopted)) == ("S/RES/9999 (2030)", "2030-03-01")
    entries = {one.provision + one.id[-2:]: one.flat for one in read.instrument.obligations}
    found = [(one["verb"], one.get("bearer"), one.get("phrase")) for one in entries.values()]
    assert found == [
        ("décide", None, "jusqu\u2019au 30 juin 2031"),
        ("décide", None, None),
        ("prie", "secretaire-general", "au plus tard le 15 juin 2030"),
        ("demande instamment", "etats-membres", "dans un délai de trente jours"),
        ("engage", "president-de-l-assemblee-generale", None),
        ("se félicite", None, None),
        ("exige", "parties", None),
        ("exhorte", "parties", None),
        ("décide", None, None),
    ]
    covered = coverage(read, split(FRENCH), tongue("fr"))
    assert (covered.missing, covered.findings) == ((), ())


def test_the_language_of_a_text_is_told_by_its_small_words() -> None:
    here = Path("t.txt")
    assert language_of(FRENCH, here) == "fr"
    assert language_of("1. Requests the Secretary to report on the archive in the house.", here) == "en"
    assert language_of("1. Decides.", here) == "en"
    spanish = "Pide al Secretario que presente un informe sobre los archivos y exhorta a todos a pagar cuotas. " * 8
    with pytest.raises(BadInput, match=r"t.txt seems to be in no language .*\(en, fr\).*say so with --language"):
        language_of(spanish, here)
