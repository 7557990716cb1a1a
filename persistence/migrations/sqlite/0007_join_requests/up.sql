-- A person waits at most once at a group; the index forgets people who are gone for good.
CREATE TABLE join_requests (
    tenant_id     BLOB NOT NULL,
    group_id      BLOB NOT NULL,
    requestor_id  BLOB NOT NULL,
    id            BLOB NOT NULL,
    created_at    INTEGER NOT NULL,
    justification TEXT,
    PRIMARY KEY (tenant_id, group_id, requestor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX join_requests_requestor ON join_requests (tenant_id, requestor_id);
