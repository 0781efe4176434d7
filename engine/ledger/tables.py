"""The tables, as the whole house reads them.

Days are integers since 1970-01-01 (`days.py` of this room converts); instants are integers,
seconds since 1970-01-01T00:00Z. Every obligation and occurrence is named in full, with its
instrument: `X/12 (2001)#a61.quarterly-report` and `.../1`. Ranges of knowledge are
ledger numbers `k0 <= k < k1`, ranges of days `d0 <= day < d1`; the open ends are the
constants below, never null.
"""

from __future__ import annotations

from typing import Final

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

FIRST_DAY: Final = -1_000_000  # before every day that a calendar of ours knows
LAST_DAY: Final = 4_000_000
NO_KNOWLEDGE: Final = 0  # the ledger before its first entry
ALL_KNOWLEDGE: Final = 2**62

Seq = BigInteger().with_variant(Integer, "sqlite")  # an autoincrementing key on both databases

metadata = MetaData()

text = Table(  # the content store: what stands behind every hash
    "text",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # encoding | rules | contacts | portfolio
    Column("bytes", LargeBinary, nullable=False),
)

edition = Table(  # an adopted set of encodings; the newest row is in force
    "edition",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=True),
    Column("encoding", Text, nullable=False),  # "sha256:..." of the normalised trees
    Column("adopted_at", BigInteger, nullable=False),
    Column("adopted_by", Text, nullable=False),
    Column("horizon", Integer, nullable=False),  # endless series are dated up to this day
    Column("files", JSON, nullable=False),  # [{"instrument", "path", "sha256" of the bytes, "tree"}]
)

instrument = Table(
    "instrument",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("symbol", Text, primary_key=True),
    Column("zone", Text, nullable=False),
    Column("adopted", Integer, nullable=False),
    Column("place", Integer, nullable=False),  # order of the files
    Column("body", JSON, nullable=False),  # title, parties' titles, events, questions: what screens print
)

obligation = Table(  # what does not depend on the reading
    "obligation",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("instrument", Text, nullable=False),
    Column("provision", Text, nullable=False),
    Column("place", Integer, nullable=False),  # order in the encoding: the last key of every sorting
    Column("groups", JSON, nullable=False),
    Column("has_occurrences", Integer, nullable=False),  # 0: a statement, a content
    Column("flat", JSON, nullable=False),
    Column("origins", JSON, nullable=False),
)

variant = Table(  # a reading is a whole obligation; nothing is merged later
    "variant",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("instrument", Text, nullable=False),
    Column("is_default", Integer, nullable=False),
    Column("standing", Text, nullable=False),  # arguable | noted
    Column("bearer_only", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("modality", Text, nullable=False),
    Column("strength", Text, nullable=False),
    Column("watch", Text, nullable=False),
    Column("lead", Integer, nullable=False),
    Column("review_days", Integer),
    Column("after_breach", Text, nullable=False),
    Column("counts_by", Text, nullable=False),
    Column("rank", Integer, nullable=False),  # the round in which it is decided
    Column("armed_by", Text, nullable=False),  # "" | event | undone
    Column("which", Text, nullable=False),  # any | all | ""
    Column("target_how", Text),  # at-least | at-most | above; null: no target
    Column("target_form", Text),  # count | share | sum
    Column("target_numerator", BigInteger),  # the bound as a fraction; null: unknown
    Column("target_denominator", BigInteger),
    Column("target_per", Integer, nullable=False),  # 1: every body measured has to reach it
    Column("target_sources", Integer, nullable=False),  # how many rows of `measured_by` make its value
    Column("body", JSON, nullable=False),  # the whole norm, for people: see judgement/wording
)

answer = Table(  # what each reading answers to each doubt of its entry
    "answer",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("question", Text, primary_key=True),  # in full; "" for the entry's own readings
    Column("answer", Text, nullable=False),
    Column("is_default", Integer, nullable=False),
    Column("noted", Integer, nullable=False),
    Index("answer_by_question", "encoding", "question"),
)

source = Table(  # the norms that a consequence looks at, one row a source and reading
    "source",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("source", Text, primary_key=True),  # the obligation looked at
)

measured_by = Table(  # whose measures make the value of a target: its own, or those that a sum adds
    "measured_by",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("source", Text, primary_key=True),
)

need = Table(  # an item that the report of an occurrence must contain
    "need",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("added_by", Text, nullable=False),  # the obligation that names it
    Column("place", Integer, nullable=False),
)

effect = Table(  # what an instrument does to one thing of an earlier one, from a day on
    "effect",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("n", Integer, primary_key=True),  # in the order of the files
    Column("instrument", Text, nullable=False),  # the later one
    Column("sort", Text, nullable=False),  # ends | moves-to | leaves | amends | adds-item | refers
    Column("target", Text, nullable=False),  # the obligation or the event of the earlier one
    Column("since", Integer, nullable=False),  # the first day on which it is so
    Column("moves_to", Text, nullable=False),  # the obligation that takes over, or ""
    Column("date", Integer),  # amends: the day to which the event is moved
    Column("item", Text, nullable=False),  # adds-item
    Column("ordinal", Integer),  # adds-item: the one report; null: each that falls due from then on
    Column("how", Text, nullable=False),  # refers: static | dynamic | ""
    Column("provision", Text, nullable=False),  # where the later one says so
    Column("note", Text, nullable=False),  # what and why, in words
    Index("effect_by_target", "encoding", "target"),
)

renamed = Table(  # what was recorded under another id of an obligation
    "renamed",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("former", Text, primary_key=True),  # an obligation in full, as facts may name it
    Column("obligation", Text, nullable=False),  # as this encoding names it
)

occurrence = Table(  # created once, never deleted
    "occurrence",
    metadata,
    Column("occurrence", Text, primary_key=True),
    Column("obligation", Text, nullable=False),
    Column("member", Text, nullable=False),  # "" where nobody in particular
    Column("ordinal", Integer, nullable=False),
    UniqueConstraint("obligation", "member", "ordinal"),
)

dating = Table(  # a cache: one row for each rectangle of knowledge and days in which the date is the same
    "dating",
    metadata,
    Column("encoding", Text, primary_key=True),
    Column("occurrence", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("k0", BigInteger, primary_key=True),
    Column("d0", Integer, primary_key=True),
    Column("k1", BigInteger, nullable=False),
    Column("d1", Integer, nullable=False),
    Column("obligation", Text, nullable=False),
    Column("state", Text, nullable=False),  # dated | none | unresolved | expected | suspended
    Column("armed", Integer, nullable=False),  # by an event, or needing none: 1; 0: its event has not come
    Column("armed_on", Integer),
    Column("opens", Integer),
    Column("due", Integer),
    Column("due_at", BigInteger),  # the first instant that is too late
    Column("working_due", Integer),  # the latest working date: its passing is at-risk, never overdue
    Column("soft_due", Integer),
    Column("ends", Integer),  # last day of a standing norm, a permission, a power
    Column("ends_at", BigInteger),
    Column("looks_at", Integer),  # the day at which a consequence looks at its sources (`at`)
    Column("looks_at_at", BigInteger),
    Column("inferred", Integer, nullable=False),  # 1: an inferred anchor stands behind it
    Column("steps", JSON, nullable=False),  # the computation in words, in order
    Index("dating_by_obligation", "encoding", "obligation"),
)

FACT_COLUMNS: Final = (
    Column("seq", Seq, primary_key=True, autoincrement=True),
    Column("recorded_at", BigInteger, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("os_user", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("target", Text, nullable=False),  # occurrence | obligation | event | "" (a document)
    Column("member", Text, nullable=False),
    Column("document", Integer),  # root of the document that a judgement is about
    Column("effective", Integer),  # null for a document (the day that `counts-by` names) and what rests on one
    # judgement: fulfilled|not-fulfilled|kept|not-kept; looked: nothing|cannot-say; announced: late|never
    # and for carried one of ends, moves-to, leaves
    Column("finding", Text),
    Column("value", Text),  # exact decimal or fraction, as typed
    Column("value_numerator", BigInteger),
    Column("value_denominator", BigInteger),
    Column("of_numerator", BigInteger),
    Column("of_denominator", BigInteger),
    Column("per", Text),  # the body measured
    Column("date", Integer),  # event: its day; extension: the new due day
    Column("dated", Integer),
    Column("transmitted", Integer),
    Column("issued", Integer),
    Column("received", Integer),
    Column("symbol", Text),
    Column("form", Text),
    Column("granted_by", Text),
    Column("known_since", Text),
    Column("root", BigInteger, nullable=False),  # seq of the first version
    Column("gone", Integer, nullable=False),  # 1: this version retracts
    Column("note", Text, nullable=False),  # why
    Column("evidence", Text, nullable=False),  # link or SHA-256
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("at", BigInteger),  # event: its instant, where the clock time is known
)

fact = Table(
    "fact",
    metadata,
    *FACT_COLUMNS,
    Index("fact_by_root", "root", "seq"),
    Index("fact_by_target", "target", "kind", "effective"),
    UniqueConstraint("prev_hash"),  # two chains cannot grow from one entry
)

fact_item = Table(
    "fact_item",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("state", Text, nullable=False),  # seen | missing
)

decision = Table(  # memoised: what the rules say of a signature
    "decision",
    metadata,
    Column("rules", Text, primary_key=True),
    Column("signature", BigInteger, primary_key=True),
    Column("status", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("next_rule", Text),
    Column("decided_by", Text, nullable=False),  # both | interpreter
)

state = Table(  # what the clock last concluded
    "state",
    metadata,
    Column("occurrence", Text, primary_key=True),
    Column("encoding", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("default_status", Text, nullable=False),
    Column("due", Integer),
    Column("earliest_due", Integer),
    Column("next_day", Integer),
    Column("next_at", BigInteger),
    Column("run", BigInteger, nullable=False),
)

transition = Table(  # append-only: what was said, and when
    "transition",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=True),
    Column("occurrence", Text, nullable=False),
    Column("day", Integer, nullable=False),
    Column("run", BigInteger, nullable=False),
    Column("old", Text),
    Column("new", Text, nullable=False),
    Column("cause", Text, nullable=False),  # time | fact | encoding | rules
    Column("signatures", JSON, nullable=False),  # reading -> signature
    Column("k", BigInteger, nullable=False),
    Index("transition_by_occurrence", "occurrence", "seq"),
)

run = Table(
    "run",
    metadata,
    Column("run", Seq, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),  # the instant it asked about
    Column("finished_at", BigInteger, nullable=False),
    Column("k", BigInteger, nullable=False),
    Column("encoding", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("examined", Integer, nullable=False),
    Column("disagreements", Integer, nullable=False),
    Column("incidents", JSON, nullable=False),
    Column("contacts", Text),  # hash of the text of the contacts by which it routed; null where there was none
)

alert = Table(  # a stage reached by an occurrence; exists even when nobody is routed
    "alert",
    metadata,
    Column("occurrence", Text, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("due", Integer, primary_key=True),  # the day that the ladder counts from
    Column("status", Text, nullable=False),
    Column("raised_day", Integer, nullable=False),
    Column("run", BigInteger, nullable=False),
    Column("skipped", Text),  # why it was never said: "overtaken by overdue+3"
    Column("unrouted", Integer, nullable=False),
)

notice = Table(  # the same for one person and channel
    "notice",
    metadata,
    Column("key", Text, primary_key=True),  # sha256(occurrence|due|stage|person|channel)[:32]
    Column("occurrence", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("due", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("delivery", Text, nullable=False),
    UniqueConstraint("occurrence", "stage", "due", "person", "channel"),
    Index("notice_by_delivery", "delivery"),
)

delivery = Table(  # one message to one person on one channel
    "delivery",
    metadata,
    Column("key", Text, primary_key=True),  # sha256(person|channel|sorted notice keys)[:32]
    Column("person", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),  # the alert's own instant, for the truth check
    Column("state", Text, nullable=False),  # pending | leased | sent | dead | obsolete
    Column("next_at", BigInteger, nullable=False),  # real clock
    Column("lease_until", BigInteger),
    Column("owner", Text),
    Column("attempts", Integer, nullable=False),
    Column("raw", LargeBinary),  # frozen bytes
    Column("raw_sha256", Text),
    Column("receipt", Text),
    Column("error", Text),
    Index("delivery_to_do", "channel", "state", "next_at", "attempts"),
)

attempt = Table(  # append-only
    "attempt",
    metadata,
    Column("delivery", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("outcome", Text, primary_key=True),  # start | sent | retry | paused | dead | obsolete | lease-lost
    Column("at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
)

pause = Table(  # a channel that is not tried for a while
    "pause",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),  # real clock
    Column("until", BigInteger, nullable=False),  # real clock
    Column("asked", Integer, nullable=False),  # 1: its far side asked for it; 0: it would not have us
    Column("times", Integer, nullable=False),  # how often in a row
    Column("why", Text, nullable=False),
)

APPEND_ONLY: Final = ("fact", "fact_item", "transition", "attempt", "text", "edition", "occurrence")
