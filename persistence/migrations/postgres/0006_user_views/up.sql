CREATE TABLE user_views (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    doc        jsonb       NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
