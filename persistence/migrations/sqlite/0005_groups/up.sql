CREATE TABLE groups (
    tenant_id         BLOB NOT NULL,
    id                BLOB NOT NULL,
    version           INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    deleted_at        INTEGER,
    mail_enabled      INTEGER NOT NULL,
    security_enabled  INTEGER NOT NULL,
    visible           INTEGER NOT NULL,
    members_hidden    INTEGER NOT NULL,
    member_count      INTEGER NOT NULL DEFAULT 0,
    display_name_key  TEXT NOT NULL,
    mail_key          TEXT,
    mail_nickname_key TEXT,
    facets            TEXT NOT NULL,
    doc               TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX groups_display_name ON groups (tenant_id, display_name_key, id);
CREATE INDEX groups_mail_nickname ON groups (tenant_id, mail_nickname_key);
CREATE INDEX groups_deleted ON groups (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;

-- What groups name: members, owners, senders, moderators. The key pages them in the order of ids,
-- the index finds the groups of an object.
CREATE TABLE group_links (
    tenant_id   BLOB NOT NULL,
    group_id    BLOB NOT NULL,
    relation    TEXT NOT NULL,
    object_id   BLOB NOT NULL,
    object_kind TEXT NOT NULL,
    PRIMARY KEY (tenant_id, group_id, relation, object_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_links_object ON group_links (tenant_id, object_id, relation, group_id);
