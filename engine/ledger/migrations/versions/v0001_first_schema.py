"""The first schema. A copy of the tables as they were then: what they become later is for later revisions."""

from __future__ import annotations

from typing import Any, Final

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from duewatch.engine.ledger.guards import guard

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GUARDED: Final = ("fact", "fact_item", "transition", "attempt", "text", "edition", "occurrence")
_Type = type[TypeEngine[Any]]
_seq = BigInteger().with_variant(Integer, "sqlite")
_schema = MetaData()


def _key(kind: _Type, *names: str) -> list[Column[Any]]:
    return [Column(name, kind, primary_key=True) for name in names]


def _must(kind: _Type, *names: str) -> list[Column[Any]]:
    return [Column(name, kind, nullable=False) for name in names]


def _may(kind: _Type, *names: str) -> list[Column[Any]]:
    return [Column(name, kind) for name in names]


Table(
    "text",
    _schema,
    *_key(Text, "sha256"),
    *_must(Text, "kind"),
    *_must(LargeBinary, "bytes"),
)
Table(
    "edition",
    _schema,
    Column("seq", _seq, primary_key=True, autoincrement=True),
    *_must(Text, "encoding"),
    *_must(BigInteger, "adopted_at"),
    *_must(Text, "adopted_by"),
    *_must(Integer, "horizon"),
    *_must(JSON, "files"),
)
Table(
    "instrument",
    _schema,
    *_key(Text, "encoding", "symbol"),
    *_must(Text, "zone"),
    *_must(Integer, "adopted", "place"),
    *_must(JSON, "body"),
)
Table(
    "obligation",
    _schema,
    *_key(Text, "encoding", "obligation"),
    *_must(Text, "instrument", "provision"),
    *_must(Integer, "place"),
    *_must(JSON, "groups"),
    *_must(Integer, "has_occurrences"),
    *_must(JSON, "flat", "origins"),
)
Table(
    "variant",
    _schema,
    *_key(Text, "encoding", "obligation", "reading"),
    *_must(Text, "instrument"),
    *_must(Integer, "is_default"),
    *_must(Text, "standing"),
    *_must(Integer, "bearer_only"),
    *_must(Text, "kind", "modality", "strength", "watch"),
    *_must(Integer, "lead"),
    *_may(Integer, "review_days"),
    *_must(Text, "after_breach", "counts_by"),
    *_must(Integer, "rank"),
    *_must(Text, "armed_by", "which"),
    *_may(Text, "target_how", "target_form"),
    *_may(BigInteger, "target_numerator", "target_denominator"),
    *_must(Integer, "target_per", "target_sources"),
    *_must(JSON, "body"),
)
Table(
    "source",
    _schema,
    *_key(Text, "encoding", "obligation", "reading", "source"),
)
Table(
    "measured_by",
    _schema,
    *_key(Text, "encoding", "obligation", "reading", "source"),
)
Table(
    "need",
    _schema,
    *_key(Text, "encoding", "obligation", "reading", "item"),
    *_must(Text, "added_by"),
    *_must(Integer, "place"),
)
Table(
    "occurrence",
    _schema,
    *_key(Text, "occurrence"),
    *_must(Text, "obligation", "member"),
    *_must(Integer, "ordinal"),
    UniqueConstraint("obligation", "member", "ordinal"),
)
Table(
    "dating",
    _schema,
    *_key(Text, "encoding", "occurrence", "reading"),
    *_key(BigInteger, "k0"),
    *_key(Integer, "d0"),
    *_must(BigInteger, "k1"),
    *_must(Integer, "d1"),
    *_must(Text, "obligation", "state"),
    *_must(Integer, "armed"),
    *_may(Integer, "armed_on", "opens", "due"),
    *_may(BigInteger, "due_at"),
    *_may(Integer, "working_due", "soft_due", "ends"),
    *_may(BigInteger, "ends_at"),
    *_may(Integer, "looks_at"),
    *_may(BigInteger, "looks_at_at"),
    *_must(Integer, "inferred"),
    *_must(JSON, "steps"),
    Index("dating_by_obligation", "encoding", "obligation"),
)
Table(
    "fact",
    _schema,
    Column("seq", _seq, primary_key=True, autoincrement=True),
    *_must(BigInteger, "recorded_at"),
    *_must(Text, "recorded_by", "os_user", "kind", "instrument", "target", "member"),
    *_may(Integer, "document", "effective"),
    *_may(Text, "finding", "value"),
    *_may(BigInteger, "value_numerator", "value_denominator", "of_numerator", "of_denominator"),
    *_may(Text, "per"),
    *_may(Integer, "date", "dated", "transmitted", "issued", "received"),
    *_may(Text, "symbol", "form", "granted_by", "known_since"),
    *_must(BigInteger, "root"),
    *_must(Integer, "gone"),
    *_must(Text, "note", "evidence", "prev_hash", "hash"),
    UniqueConstraint("prev_hash"),
    Index("fact_by_root", "root", "seq"),
    Index("fact_by_target", "target", "kind", "effective"),
)
Table(
    "fact_item",
    _schema,
    *_key(BigInteger, "seq"),
    *_key(Text, "item"),
    *_must(Text, "state"),
)
Table(
    "decision",
    _schema,
    *_key(Text, "rules"),
    *_key(BigInteger, "signature"),
    *_must(Text, "status", "rule"),
    *_may(Text, "next_rule"),
    *_must(Text, "decided_by"),
)
Table(
    "state",
    _schema,
    *_key(Text, "occurrence"),
    *_must(Text, "encoding", "rules", "status", "default_status"),
    *_may(Integer, "due", "earliest_due", "next_day"),
    *_may(BigInteger, "next_at"),
    *_must(BigInteger, "run"),
)
Table(
    "transition",
    _schema,
    Column("seq", _seq, primary_key=True, autoincrement=True),
    *_must(Text, "occurrence"),
    *_must(Integer, "day"),
    *_must(BigInteger, "run"),
    *_may(Text, "old"),
    *_must(Text, "new", "cause"),
    *_must(JSON, "signatures"),
    *_must(BigInteger, "k"),
    Index("transition_by_occurrence", "occurrence", "seq"),
)
Table(
    "run",
    _schema,
    Column("run", _seq, primary_key=True, autoincrement=True),
    *_must(BigInteger, "at", "finished_at", "k"),
    *_must(Text, "encoding", "rules"),
    *_must(Integer, "examined", "disagreements"),
    *_must(JSON, "incidents"),
)
Table(
    "alert",
    _schema,
    *_key(Text, "occurrence", "stage"),
    *_key(Integer, "due"),
    *_must(Text, "status"),
    *_must(Integer, "raised_day"),
    *_must(BigInteger, "run"),
    *_may(Text, "skipped"),
    *_must(Integer, "unrouted"),
)
Table(
    "notice",
    _schema,
    *_key(Text, "key"),
    *_must(Text, "occurrence", "stage"),
    *_must(Integer, "due"),
    *_must(Text, "person", "channel", "reason", "delivery"),
    UniqueConstraint("occurrence", "stage", "due", "person", "channel"),
    Index("notice_by_delivery", "delivery"),
)
Table(
    "delivery",
    _schema,
    *_key(Text, "key"),
    *_must(Text, "person", "channel", "address"),
    *_must(BigInteger, "as_of"),
    *_must(Text, "state"),
    *_must(BigInteger, "next_at"),
    *_may(BigInteger, "lease_until"),
    *_may(Text, "owner"),
    *_must(Integer, "attempts"),
    *_may(LargeBinary, "raw"),
    *_may(Text, "raw_sha256", "receipt", "error"),
    Index("delivery_to_do", "channel", "state", "next_at", "attempts"),
)
Table(
    "attempt",
    _schema,
    *_key(Text, "delivery"),
    *_key(Integer, "n"),
    *_key(Text, "outcome"),
    *_must(BigInteger, "at"),
    *_must(Text, "detail"),
)


def upgrade() -> None:
    """Make all tables, and guard those that may only grow."""
    connection = op.get_bind()
    _schema.create_all(connection, checkfirst=False)
    for table in _GUARDED:
        guard(connection, table)
