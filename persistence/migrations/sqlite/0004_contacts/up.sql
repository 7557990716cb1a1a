-- Properties that queries name stand in folded *_key columns or in facets; the rest is in doc.
CREATE TABLE contacts (
    tenant_id         BLOB NOT NULL,
    id                BLOB NOT NULL,
    version           INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    visible           INTEGER NOT NULL,
    manager_id        BLOB,
    display_name_key  TEXT NOT NULL,
    name_key          TEXT NOT NULL,
    mail_key          TEXT NOT NULL,
    mail_nickname_key TEXT NOT NULL,
    given_name_key    TEXT,
    surname_key       TEXT,
    company_name_key  TEXT,
    department_key    TEXT,
    job_title_key     TEXT,
    facets            TEXT NOT NULL,
    doc               TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX contacts_name ON contacts (tenant_id, name_key);
CREATE UNIQUE INDEX contacts_mail_nickname ON contacts (tenant_id, mail_nickname_key);
CREATE INDEX contacts_display_name ON contacts (tenant_id, display_name_key, id);
CREATE INDEX contacts_manager ON contacts (tenant_id, manager_id) WHERE manager_id IS NOT NULL;
