CREATE TABLE user_views (
    tenant_id  BLOB    NOT NULL,
    id         BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    doc        TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
