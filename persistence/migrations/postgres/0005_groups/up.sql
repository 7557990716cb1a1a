CREATE TABLE groups (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    version           bigint NOT NULL,
    created_at        timestamptz NOT NULL,
    deleted_at        timestamptz,
    mail_enabled      boolean NOT NULL,
    security_enabled  boolean NOT NULL,
    visible           boolean NOT NULL,
    members_hidden    boolean NOT NULL,
    member_count      bigint NOT NULL DEFAULT 0,
    display_name_key  text NOT NULL,
    mail_key          text,
    mail_nickname_key text,
    facets            jsonb NOT NULL,
    doc               jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX groups_display_name ON groups (tenant_id, display_name_key COLLATE "C", id);
CREATE INDEX groups_mail_nickname ON groups (tenant_id, mail_nickname_key);
CREATE INDEX groups_deleted ON groups (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;

-- What groups name: members, owners, senders, moderators. The key pages them in the order of ids,
-- the index finds the groups of an object.
CREATE TABLE group_links (
    tenant_id   uuid NOT NULL,
    group_id    uuid NOT NULL,
    relation    text NOT NULL,
    object_id   uuid NOT NULL,
    object_kind text NOT NULL,
    PRIMARY KEY (tenant_id, group_id, relation, object_id)
);
CREATE INDEX group_links_object ON group_links (tenant_id, object_id, relation, group_id);
