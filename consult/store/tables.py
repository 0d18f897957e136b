"""The schema. migrations/ builds it step by step; a test holds the two equal."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite has no zones, so they are put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"expected an aware time, came {value.isoformat()}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("number", sa.String(32), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("place", sa.String(12), nullable=False),
    sa.Column("password_hash", sa.String(255), nullable=False),
    # A sample account signs in only where the service runs in demo mode.
    sa.Column("sample", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    # Of the cookie's token only its SHA-256 is kept: a stolen database signs nobody in.
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

consultations = sa.Table(
    "consultations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("district", sa.String(6), nullable=False),
    sa.Column("street", sa.String(9), nullable=False),
    sa.Column("station", sa.String(12), nullable=False),
    sa.Column("item", sa.String(12), nullable=False),
    sa.Column("item_name", sa.String(255), nullable=False),
    sa.Column("social_worker", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("clerk", sa.ForeignKey("accounts.id"), index=True),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("claimed_at", Moment),
    sa.Column("live_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("end_reason", sa.String(16)),
    sa.Column("outcome", sa.String(16)),
    sa.Index("ix_consultations_state_district", "state", "district"),
)

_not_ended = consultations.c.state != "ended"
# The database itself holds that nobody is in two open consultations.
sa.Index(
    "uq_open_of_social_worker",
    consultations.c.social_worker,
    unique=True,
    sqlite_where=_not_ended,
    postgresql_where=_not_ended,
)
sa.Index(
    "uq_open_of_clerk",
    consultations.c.clerk,
    unique=True,
    sqlite_where=_not_ended,
    postgresql_where=_not_ended,
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("consultation", sa.ForeignKey("consultations.id"), primary_key=True),
    # The consultation's version that this event made.
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    # None where the service itself acted: ring, quiet, expire.
    sa.Column("actor", sa.ForeignKey("accounts.id")),
)

chat = sa.Table(
    "chat",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("consultation", sa.ForeignKey("consultations.id"), nullable=False),
    # The sender's own id for it, so that sending again after a lost connection keeps it once.
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("sender", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("consultation", "sender", "id"),
)

device_checks = sa.Table(
    "device_checks",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("camera", sa.String(16), nullable=False),
    sa.Column("microphone", sa.String(16), nullable=False),
    sa.Column("network", sa.String(16), nullable=False),
    sa.Column("round_trip_ms", sa.Float),
    sa.Column("loss_percent", sa.Float),
    sa.Index("ix_device_checks_account_at", "account", "at"),
)
