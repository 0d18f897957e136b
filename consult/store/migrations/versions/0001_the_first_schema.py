"""The first schema. Upgrades go forward only; docs/operating.md says how to go back to a copy."""

import sqlalchemy as sa
from alembic import op

import consult.store.tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "consultations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("station", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("item_name", sa.String(length=255), nullable=False),
        sa.Column("social_worker", sa.String(length=64), nullable=False),
        sa.Column("clerk", sa.String(length=64), nullable=True),
        sa.Column("opened_at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.Column("claimed_at", consult.store.tables.Moment(timezone=True), nullable=True),
        sa.Column("live_at", consult.store.tables.Moment(timezone=True), nullable=True),
        sa.Column("ended_at", consult.store.tables.Moment(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["clerk"], ["accounts.id"], name=op.f("fk_consultations_clerk")),
        sa.ForeignKeyConstraint(
            ["social_worker"], ["accounts.id"], name=op.f("fk_consultations_social_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultations_clerk"), ["clerk"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultations_social_worker"), ["social_worker"], unique=False)
        batch_op.create_index("ix_consultations_state_district", ["state", "district"], unique=False)
        batch_op.create_index(
            "uq_open_of_clerk",
            ["clerk"],
            unique=True,
            sqlite_where=sa.text("state != 'ended'"),
            postgresql_where=sa.text("state != 'ended'"),
        )
        batch_op.create_index(
            "uq_open_of_social_worker",
            ["social_worker"],
            unique=True,
            sqlite_where=sa.text("state != 'ended'"),
            postgresql_where=sa.text("state != 'ended'"),
        )

    op.create_table(
        "device_checks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.Column("camera", sa.String(length=16), nullable=False),
        sa.Column("microphone", sa.String(length=16), nullable=False),
        sa.Column("network", sa.String(length=16), nullable=False),
        sa.Column("round_trip_ms", sa.Float(), nullable=True),
        sa.Column("loss_percent", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_device_checks_account")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_device_checks")),
    )
    with op.batch_alter_table("device_checks", schema=None) as batch_op:
        batch_op.create_index("ix_device_checks_account_at", ["account", "at"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("created_at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_sign_ins_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account"), ["account"], unique=False)

    op.create_table(
        "chat",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_chat_consultation")),
        sa.ForeignKeyConstraint(["sender"], ["accounts.id"], name=op.f("fk_chat_sender")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_chat")),
        sa.UniqueConstraint("consultation", "sender", "id", name=op.f("uq_chat_consultation_sender_id")),
    )
    op.create_table(
        "events",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", consult.store.tables.Moment(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["actor"], ["accounts.id"], name=op.f("fk_events_actor")),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_events_consultation")),
        sa.PrimaryKeyConstraint("consultation", "version", name=op.f("pk_events")),
    )
