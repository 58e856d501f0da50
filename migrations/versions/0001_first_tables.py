"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_at"), ["at"], unique=False)
        batch_op.create_index("ix_attempt_key_at", ["key", "at"], unique=False)

    op.create_table(
        "opened_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_up_to", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_year")),
        sa.UniqueConstraint("school_year", name=op.f("uq_opened_year_school_year")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "company",
                "school",
                name="registered",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_token_hash")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_registration_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.Enum(
                "hours_strict_before_15",
                "hours_earliest",
                "hours_latest",
                "reach_km",
                "answer_days",
                "silent_days",
                "most_pledged",
                name="settingkey",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
    )
    op.create_table(
        "territory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
        sa.UniqueConstraint("vintage", "code", name=op.f("uq_territory_vintage_code")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("login_name", sa.String(length=40), nullable=True),
        sa.Column("code_hash", sa.String(length=200), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(email IS NOT NULL AND password_hash IS NOT NULL AND login_name IS NULL AND code_hash IS NULL) OR (email IS NULL AND password_hash IS NULL AND login_name IS NOT NULL AND code_hash IS NOT NULL)",
            name=op.f("ck_user_adult_or_pupil"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("login_name", name=op.f("uq_user_login_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_user_ref")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_last_seen_at"), ["last_seen_at"], unique=False)

    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "new_password",
                "verify_email",
                "change_email",
                name="linkpurpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "user_id IS NOT NULL OR purpose = 'new_password'",
            name=op.f("ck_account_link_asked_by_address"),
        ),
        sa.CheckConstraint(
            "(user_id IS NULL) = (token_hash IS NULL)", name=op.f("ck_account_link_user_with_token")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_account_link_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_link_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_account_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "policy",
            sa.Enum(
                "fair",
                "best_total",
                "cannot_be_gamed",
                name="policy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("wishes_open_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wishes_close_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 15", name=op.f("ck_campaign_answer_days")),
        sa.CheckConstraint("wishes_open_at < wishes_close_at", name=op.f("ck_campaign_dates")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user.id"], name=op.f("fk_campaign_opened_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("ref", name=op.f("uq_campaign_ref")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "approved",
                "refused",
                "blocked",
                name="approvalstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "vetted_how",
            sa.Enum(
                "email_domain",
                "call_back",
                "document",
                name="vettedhow",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("vetted_words", sa.String(length=300), nullable=True),
        sa.Column(
            "vetted_document",
            sa.Enum(
                "company_register",
                "sirene",
                "statutes",
                "other",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("vetted_user_id", sa.Integer(), nullable=True),
        sa.Column("vetted_by_id", sa.Integer(), nullable=True),
        sa.Column("vetted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(coalesce(vetted_how, '') = 'document') = (vetted_document IS NOT NULL)",
            name=op.f("ck_company_document_named"),
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR (vetted_how IS NOT NULL AND vetted_words IS NOT NULL AND vetted_user_id IS NOT NULL AND vetted_by_id IS NOT NULL AND vetted_at IS NOT NULL)",
            name=op.f("ck_company_approved_once_vetted"),
        ),
        sa.ForeignKeyConstraint(
            ["vetted_by_id"], ["user.id"], name=op.f("fk_company_vetted_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["vetted_user_id"], ["user.id"], name=op.f("fk_company_vetted_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("ref", name=op.f("uq_company_ref")),
        sa.UniqueConstraint("siren", name=op.f("uq_company_siren")),
    )
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_vetted_by_id"), ["vetted_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_company_vetted_user_id"), ["vetted_user_id"], unique=False
        )

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("from_status", sa.String(length=32), nullable=True),
        sa.Column("to_status", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_event_actor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_actor_id", ["actor_id"], unique=False)
        batch_op.create_index("ix_event_at", ["at"], unique=False)
        batch_op.create_index("ix_event_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "kept",
                name="mailstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "status IN ('sent', 'failed') OR (text IS NOT NULL AND html IS NOT NULL)",
            name=op.f("ck_mail_words"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_mail_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("ref", name=op.f("uq_mail_ref")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_mail_status_due_at", ["status", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_user_id"), ["user_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")
        ),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("gazetteer_year", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("attached_territory_id", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column(
            "priority_education",
            sa.Enum(
                "none",
                "rep",
                "rep_plus",
                name="priorityeducation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("holiday_zone", sa.String(length=16), nullable=False),
        sa.Column("reach_km", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "approved",
                "refused",
                "blocked",
                name="approvalstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reach_km BETWEEN 1 AND 100", name=op.f("ck_school_reach")),
        sa.ForeignKeyConstraint(
            ["attached_territory_id"],
            ["territory.id"],
            name=op.f("fk_school_attached_territory_id_territory"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_school_territory_id_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("ref", name=op.f("uq_school_ref")),
        sa.UniqueConstraint("uai", name=op.f("uq_school_uai")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_school_attached_territory_id"), ["attached_territory_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_school_commune_code"), ["commune_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_territory_id"), ["territory_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("ref", name=op.f("uq_sign_in_ref")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "two_factor",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_two_factor_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_two_factor")),
    )
    op.create_table(
        "campaign_territory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_territory_campaign_id_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territory.id"],
            name=op.f("fk_campaign_territory_territory_id_territory"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_territory")),
        sa.UniqueConstraint(
            "campaign_id",
            "territory_id",
            name=op.f("uq_campaign_territory_campaign_id_territory_id"),
        ),
    )
    with op.batch_alter_table("campaign_territory", schema=None) as batch_op:
        batch_op.create_index(
            "uq_campaign_territory_open",
            ["territory_id", "school_year"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "import_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("file", sa.JSON(), nullable=False),
        sa.Column("default_class", sa.String(length=40), nullable=True),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user.id"],
            name=op.f("fk_import_preview_owner_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_import_preview_school_id_school"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_preview")),
        sa.UniqueConstraint("owner_id", name=op.f("uq_import_preview_owner_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_import_preview_ref")),
    )
    with op.batch_alter_table("import_preview", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_preview_touched_at"), ["touched_at"], unique=False
        )

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "principal",
                "class_teacher",
                "school_clerk",
                "company_member",
                "territory_coordinator",
                "foundation_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(company_id IS NOT NULL) = (role = 'company_member')",
            name=op.f("ck_invitation_company_role"),
        ),
        sa.CheckConstraint(
            "(school_id IS NOT NULL) = (role IN ('principal', 'class_teacher', 'school_clerk'))",
            name=op.f("ck_invitation_school_role"),
        ),
        sa.CheckConstraint(
            "(territory_id IS NOT NULL) = (role = 'territory_coordinator')",
            name=op.f("ck_invitation_territory_role"),
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_invitation_one_end")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["user.id"],
            name=op.f("fk_invitation_accepted_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
            name=op.f("fk_invitation_company_id_company"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["user.id"],
            name=op.f("fk_invitation_invited_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_invitation_school_id_school"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territory.id"],
            name=op.f("fk_invitation_territory_id_territory"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("ref", name=op.f("uq_invitation_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invitation_invited_by_id"), ["invited_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_invitation_school_id"), ["school_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invitation_territory_id"), ["territory_id"], unique=False
        )

    op.create_table(
        "legal_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "text",
            sa.Enum(
                "vie-privee-eleves",
                "vie-privee-familles",
                "vie-privee-entreprises",
                "conditions-d-utilisation",
                "contrat-de-traitement",
                "mentions-legales",
                "accessibilite",
                name="legaltext",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(school_id IS NULL) <> (company_id IS NULL)",
            name=op.f("ck_legal_acceptance_one_party"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_legal_acceptance_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_legal_acceptance_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_legal_acceptance_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_acceptance")),
        sa.UniqueConstraint(
            "text",
            "version",
            "company_id",
            name=op.f("uq_legal_acceptance_text_version_company_id"),
        ),
        sa.UniqueConstraint(
            "text", "version", "school_id", name=op.f("uq_legal_acceptance_text_version_school_id")
        ),
    )
    with op.batch_alter_table("legal_acceptance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_legal_acceptance_company_id"), ["company_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_legal_acceptance_school_id"), ["school_id"], unique=False
        )

    op.create_table(
        "match_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "policy",
            sa.Enum(
                "fair",
                "best_total",
                "cannot_be_gamed",
                name="policy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "discarded",
                name="runstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("input_digest", sa.String(length=64), nullable=True),
        sa.Column("fingerprints", sa.JSON(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=True),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_match_run_progress")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_match_run_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["user.id"], name=op.f("fk_match_run_started_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sa.UniqueConstraint("ref", name=op.f("uq_match_run_ref")),
    )
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_run_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(
            "uq_match_run_published",
            ["campaign_id", "round"],
            unique=True,
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "principal",
                "class_teacher",
                "school_clerk",
                "company_member",
                "territory_coordinator",
                "foundation_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(company_id IS NOT NULL) = (role = 'company_member')",
            name=op.f("ck_membership_company_role"),
        ),
        sa.CheckConstraint(
            "(school_id IS NOT NULL) = (role IN ('principal', 'class_teacher', 'school_clerk'))",
            name=op.f("ck_membership_school_role"),
        ),
        sa.CheckConstraint(
            "(territory_id IS NOT NULL) = (role = 'territory_coordinator')",
            name=op.f("ck_membership_territory_role"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_membership_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_membership_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_membership_territory_id_territory")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_school_id"), ["school_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_membership_territory_id"), ["territory_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "pledge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.CheckConstraint("pupils > 0", name=op.f("ck_pledge_pupils")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_pledge_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint(
            "company_id", "school_year", name=op.f("uq_pledge_company_id_school_year")
        ),
    )
    op.create_table(
        "pupil_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user.id"],
            name=op.f("fk_pupil_import_author_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_pupil_import_school_id_school"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_import")),
        sa.UniqueConstraint("ref", name=op.f("uq_pupil_import_ref")),
    )
    with op.batch_alter_table("pupil_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pupil_import_school_id"), ["school_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("gazetteer_year", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("attached_territory_id", sa.Integer(), nullable=True),
        sa.Column("blocked_by_inspection", sa.Boolean(), nullable=False),
        sa.Column("most_pupils", sa.Integer(), nullable=True),
        sa.CheckConstraint("most_pupils BETWEEN 1 AND 1000", name=op.f("ck_site_most_pupils")),
        sa.ForeignKeyConstraint(
            ["attached_territory_id"],
            ["territory.id"],
            name=op.f("fk_site_attached_territory_id_territory"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_site_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_site_territory_id_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("ref", name=op.f("uq_site_ref")),
        sa.UniqueConstraint("siret", name=op.f("uq_site_siret")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_site_attached_territory_id"), ["attached_territory_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_site_commune_code"), ["commune_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_territory_id"), ["territory_id"], unique=False)

    op.create_table(
        "class_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("class_teacher_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_teacher_id"], ["user.id"], name=op.f("fk_class_group_class_teacher_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["pupil_import.id"],
            name=op.f("fk_class_group_import_id_pupil_import"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_class_group_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_group")),
        sa.UniqueConstraint("ref", name=op.f("uq_class_group_ref")),
        sa.UniqueConstraint(
            "school_id",
            "school_year",
            "name",
            name=op.f("uq_class_group_school_id_school_year_name"),
        ),
    )
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_group_import_id"), ["import_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("what_you_see", sa.Text(), nullable=False),
        sa.Column("what_you_do", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.String(length=5), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("gear", sa.Text(), nullable=False),
        sa.Column("tutor_name", sa.String(length=120), nullable=False),
        sa.Column("charter", sa.JSON(), nullable=False),
        sa.Column("most_at_once", sa.Integer(), nullable=True),
        sa.Column("most_of_a_school", sa.Integer(), nullable=True),
        sa.Column("most_in_all", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "published",
                "paused",
                "closed",
                name="offerstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("returned_because", sa.String(length=500), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(weekdays) BETWEEN 3 AND 5", name=op.f("ck_offer_weekdays")),
        sa.CheckConstraint(
            "most_at_once BETWEEN 1 AND 1000 AND most_of_a_school BETWEEN 1 AND 1000 AND most_in_all BETWEEN 1 AND 1000",
            name=op.f("ck_offer_limits"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_offer_timetable")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_offer_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_offer_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("ref", name=op.f("uq_offer_ref")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_sector"), ["sector"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_site_id"), ["site_id"], unique=False)

    op.create_table(
        "offer_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["offer.id"],
            name=op.f("fk_offer_week_offer_id_offer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_week")),
        sa.UniqueConstraint("offer_id", "week", name=op.f("uq_offer_week_offer_id_week")),
    )
    op.create_table(
        "placement_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("class_group_id", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("weekdays", sa.String(length=5), nullable=False),
        sa.CheckConstraint(
            "length(weekdays) BETWEEN 3 AND 5", name=op.f("ck_placement_window_weekdays")
        ),
        sa.ForeignKeyConstraint(
            ["class_group_id"],
            ["class_group.id"],
            name=op.f("fk_placement_window_class_group_id_class_group"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_placement_window_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_window")),
    )
    with op.batch_alter_table("placement_window", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_window_class_group_id"), ["class_group_id"], unique=False
        )

    op.create_table(
        "pupil",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("lottery_reference", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("class_group_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("identity", sa.String(length=200), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("needs_access", sa.Boolean(), nullable=False),
        sa.Column("kept_apart", sa.String(length=16), nullable=True),
        sa.Column("card_issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_group_id"], ["class_group.id"], name=op.f("fk_pupil_class_group_id_class_group")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["pupil_import.id"],
            name=op.f("fk_pupil_import_id_pupil_import"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_pupil_school_id_school")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pupil_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil")),
        sa.UniqueConstraint("lottery_reference", name=op.f("uq_pupil_lottery_reference")),
        sa.UniqueConstraint("ref", name=op.f("uq_pupil_ref")),
        sa.UniqueConstraint(
            "school_id",
            "school_year",
            "identity",
            name=op.f("uq_pupil_school_id_school_year_identity"),
        ),
        sa.UniqueConstraint("user_id", name=op.f("uq_pupil_user_id")),
    )
    with op.batch_alter_table("pupil", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pupil_class_group_id"), ["class_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pupil_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pupil_kept_apart"), ["kept_apart"], unique=False)
        batch_op.create_index(batch_op.f("ix_pupil_school_id"), ["school_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=True),
        sa.Column("reserved_for", sa.String(length=16), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_seat_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("week", sa.String(length=8), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "read_by_school",
                "declined",
                "withdrawn",
                "superseded",
                name="applicationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rank BETWEEN 1 AND 5", name=op.f("ck_application_rank")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_application_offer_id_offer")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"],
            ["pupil.id"],
            name=op.f("fk_application_pupil_id_pupil"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("pupil_id", "offer_id", name=op.f("uq_application_pupil_id_offer_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_application_ref")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(
            "uq_application_live_rank",
            ["pupil_id", "rank"],
            unique=True,
            sqlite_where=sa.text("status IN ('draft', 'submitted', 'read_by_school')"),
            postgresql_where=sa.text("status IN ('draft', 'submitted', 'read_by_school')"),
        )

    op.create_table(
        "guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.CheckConstraint("position IN (1, 2)", name=op.f("ck_guardian_position")),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_guardian_pupil_id_pupil"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("pupil_id", "position", name=op.f("uq_guardian_pupil_id_position")),
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["pupil_import.id"],
            name=op.f("fk_import_change_import_id_pupil_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"],
            ["pupil.id"],
            name=op.f("fk_import_change_pupil_id_pupil"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
        sa.UniqueConstraint(
            "import_id", "pupil_id", name=op.f("uq_import_change_import_id_pupil_id")
        ),
    )
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_change_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_change_pupil_id"), ["pupil_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "run",
                "host",
                "outside",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "confirmed",
                "signed",
                "done",
                "declined",
                "expired",
                "cancelled",
                "absent",
                "declared",
                name="placementstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("same_territory", sa.Boolean(), nullable=False),
        sa.Column("reserved_seat", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("school_answer", sa.Boolean(), nullable=True),
        sa.Column("school_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_answered_by_id", sa.Integer(), nullable=True),
        sa.Column("pupil_answer", sa.Boolean(), nullable=True),
        sa.Column("pupil_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pupil_answered_by_id", sa.Integer(), nullable=True),
        sa.Column("host_answer", sa.Boolean(), nullable=True),
        sa.Column("host_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "school",
                "pupil",
                "host",
                "coordinator",
                "nobody",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ended_reason", sa.String(length=32), nullable=True),
        sa.Column("ended_words", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(seat_id IS NULL) = (origin = 'outside')", name=op.f("ck_placement_seat_or_outside")
        ),
        sa.ForeignKeyConstraint(
            ["host_answered_by_id"], ["user.id"], name=op.f("fk_placement_host_answered_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_answered_by_id"],
            ["user.id"],
            name=op.f("fk_placement_pupil_answered_by_id_user"),
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"],
            ["pupil.id"],
            name=op.f("fk_placement_pupil_id_pupil"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_placement_run_id_match_run")
        ),
        sa.ForeignKeyConstraint(
            ["school_answered_by_id"],
            ["user.id"],
            name=op.f("fk_placement_school_answered_by_id_user"),
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_placement_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("ref", name=op.f("uq_placement_ref")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(
            "uq_placement_holding_pupil",
            ["pupil_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
            postgresql_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
        )
        batch_op.create_index(
            "uq_placement_holding_seat",
            ["seat_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
            postgresql_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
        )

    op.create_table(
        "refused_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_refused_pair_offer_id_offer")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"],
            ["pupil.id"],
            name=op.f("fk_refused_pair_pupil_id_pupil"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_pair")),
        sa.UniqueConstraint("pupil_id", "offer_id", name=op.f("uq_refused_pair_pupil_id_offer_id")),
    )
    with op.batch_alter_table("refused_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_pair_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "run_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("week", sa.String(length=8), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("same_territory", sa.Boolean(), nullable=False),
        sa.Column("reserved_seat", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_run_result_offer_id_offer")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"],
            ["pupil.id"],
            name=op.f("fk_run_result_pupil_id_pupil"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_run_result_run_id_match_run")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_run_result_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_result")),
        sa.UniqueConstraint("run_id", "pupil_id", name=op.f("uq_run_result_run_id_pupil_id")),
    )
    with op.batch_alter_table("run_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_result_run_id"), ["run_id"], unique=False)
        batch_op.create_index(
            "uq_run_result_seat",
            ["run_id", "seat_id"],
            unique=True,
            sqlite_where=sa.text("seat_id IS NOT NULL"),
            postgresql_where=sa.text("seat_id IS NOT NULL"),
        )

    # Indexes on expressions, which autogeneration leaves out.
    op.create_index(
        "uq_membership_live",
        "membership",
        [
            "user_id",
            "role",
            sa.text("coalesce(school_id, 0)"),
            sa.text("coalesce(company_id, 0)"),
            sa.text("coalesce(territory_id, 0)"),
        ],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_placement_window",
        "placement_window",
        ["school_id", sa.text("coalesce(class_group_id, 0)"), "week"],
        unique=True,
    )


def downgrade() -> None:
    with op.batch_alter_table("run_result", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_result_seat",
            sqlite_where=sa.text("seat_id IS NOT NULL"),
            postgresql_where=sa.text("seat_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_run_result_run_id"))

    op.drop_table("run_result")
    with op.batch_alter_table("refused_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_pair_offer_id"))

    op.drop_table("refused_pair")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_placement_holding_seat",
            sqlite_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
            postgresql_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
        )
        batch_op.drop_index(
            "uq_placement_holding_pupil",
            sqlite_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
            postgresql_where=sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')"),
        )
        batch_op.drop_index(batch_op.f("ix_placement_seat_id"))
        batch_op.drop_index(batch_op.f("ix_placement_run_id"))
        batch_op.drop_index(batch_op.f("ix_placement_pupil_id"))

    op.drop_table("placement")
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_change_pupil_id"))
        batch_op.drop_index(batch_op.f("ix_import_change_expires_at"))

    op.drop_table("import_change")
    op.drop_table("guardian")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_live_rank",
            sqlite_where=sa.text("status IN ('draft', 'submitted', 'read_by_school')"),
            postgresql_where=sa.text("status IN ('draft', 'submitted', 'read_by_school')"),
        )
        batch_op.drop_index(batch_op.f("ix_application_offer_id"))

    op.drop_table("application")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_offer_id"))

    op.drop_table("seat")
    with op.batch_alter_table("pupil", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pupil_school_id"))
        batch_op.drop_index(batch_op.f("ix_pupil_kept_apart"))
        batch_op.drop_index(batch_op.f("ix_pupil_import_id"))
        batch_op.drop_index(batch_op.f("ix_pupil_class_group_id"))

    op.drop_table("pupil")
    with op.batch_alter_table("placement_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_window_class_group_id"))

    op.drop_table("placement_window")
    op.drop_table("offer_week")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_site_id"))
        batch_op.drop_index(batch_op.f("ix_offer_sector"))

    op.drop_table("offer")
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_group_import_id"))

    op.drop_table("class_group")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_territory_id"))
        batch_op.drop_index(batch_op.f("ix_site_company_id"))
        batch_op.drop_index(batch_op.f("ix_site_commune_code"))
        batch_op.drop_index(batch_op.f("ix_site_attached_territory_id"))

    op.drop_table("site")
    with op.batch_alter_table("pupil_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pupil_import_school_id"))

    op.drop_table("pupil_import")
    op.drop_table("pledge")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))
        batch_op.drop_index(batch_op.f("ix_membership_territory_id"))
        batch_op.drop_index(batch_op.f("ix_membership_school_id"))
        batch_op.drop_index(batch_op.f("ix_membership_company_id"))

    op.drop_table("membership")
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_run_published",
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_match_run_campaign_id"))

    op.drop_table("match_run")
    with op.batch_alter_table("legal_acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_acceptance_school_id"))
        batch_op.drop_index(batch_op.f("ix_legal_acceptance_company_id"))

    op.drop_table("legal_acceptance")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_territory_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_school_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))
        batch_op.drop_index(batch_op.f("ix_invitation_company_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("import_preview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_preview_touched_at"))

    op.drop_table("import_preview")
    with op.batch_alter_table("campaign_territory", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_campaign_territory_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("campaign_territory")
    op.drop_table("two_factor")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_created_at"))

    op.drop_table("sign_in")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_territory_id"))
        batch_op.drop_index(batch_op.f("ix_school_commune_code"))
        batch_op.drop_index(batch_op.f("ix_school_attached_territory_id"))

    op.drop_table("school")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_user_id"))
        batch_op.drop_index("ix_mail_status_due_at")
        batch_op.drop_index(batch_op.f("ix_mail_created_at"))

    op.drop_table("mail")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_subject")
        batch_op.drop_index("ix_event_at")
        batch_op.drop_index("ix_event_actor_id")

    op.drop_table("event")
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_company_vetted_user_id"))
        batch_op.drop_index(batch_op.f("ix_company_vetted_by_id"))

    op.drop_table("company")
    op.drop_table("campaign")
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_link_user_id"))
        batch_op.drop_index(batch_op.f("ix_account_link_expires_at"))

    op.drop_table("account_link")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_last_seen_at"))

    op.drop_table("user")
    op.drop_table("territory")
    op.drop_table("setting")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_expires_at"))
        batch_op.drop_index(batch_op.f("ix_registration_email"))

    op.drop_table("registration")
    op.drop_table("opened_year")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_key_at")
        batch_op.drop_index(batch_op.f("ix_attempt_at"))

    op.drop_table("attempt")
