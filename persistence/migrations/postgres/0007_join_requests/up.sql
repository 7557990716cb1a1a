-- A person waits at most once at a group; the index forgets people who are gone for good.
CREATE TABLE join_requests (
    tenant_id     uuid NOT NULL,
    group_id      uuid NOT NULL,
    requestor_id  uuid NOT NULL,
    id            uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    justification text,
    PRIMARY KEY (tenant_id, group_id, requestor_id)
);
CREATE INDEX join_requests_requestor ON join_requests (tenant_id, requestor_id);
