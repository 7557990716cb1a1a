CREATE TABLE tenants (
    id         BLOB    NOT NULL PRIMARY KEY,
    -- Change counter: the last `changes.seq` of this tenant. Whoever writes it holds the lock.
    seq        INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    doc        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    tenant_id   BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    id          BLOB    NOT NULL,
    at          INTEGER NOT NULL,
    actor_kind  TEXT    NOT NULL,
    actor_id    BLOB,
    operation   TEXT    NOT NULL,
    target_kind TEXT    NOT NULL,
    target_id   BLOB    NOT NULL,
    request_id  BLOB,
    details     TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, seq),
    UNIQUE (tenant_id, id)
) STRICT;
