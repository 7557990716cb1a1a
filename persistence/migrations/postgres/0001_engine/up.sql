CREATE TABLE tenants (
    id         uuid        NOT NULL PRIMARY KEY,
    -- Change counter: the last `changes.seq` of this tenant. Whoever writes it holds the lock.
    seq        bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    doc        jsonb       NOT NULL
);

CREATE TABLE changes (
    tenant_id   uuid        NOT NULL,
    seq         bigint      NOT NULL,
    id          uuid        NOT NULL,
    at          timestamptz NOT NULL,
    actor_kind  text        NOT NULL,
    actor_id    uuid,
    operation   text        NOT NULL,
    target_kind text        NOT NULL,
    target_id   uuid        NOT NULL,
    request_id  uuid,
    details     jsonb       NOT NULL,
    PRIMARY KEY (tenant_id, seq),
    UNIQUE (tenant_id, id)
);
