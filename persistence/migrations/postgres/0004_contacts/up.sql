-- Properties that queries name stand in folded *_key columns or in facets; the rest is in doc.
CREATE TABLE contacts (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    version           bigint NOT NULL,
    created_at        timestamptz NOT NULL,
    visible           boolean NOT NULL,
    manager_id        uuid,
    display_name_key  text NOT NULL,
    name_key          text NOT NULL,
    mail_key          text NOT NULL,
    mail_nickname_key text NOT NULL,
    given_name_key    text,
    surname_key       text,
    company_name_key  text,
    department_key    text,
    job_title_key     text,
    facets            jsonb NOT NULL,
    doc               jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX contacts_name ON contacts (tenant_id, name_key);
CREATE UNIQUE INDEX contacts_mail_nickname ON contacts (tenant_id, mail_nickname_key);
CREATE INDEX contacts_display_name ON contacts (tenant_id, display_name_key COLLATE "C", id);
CREATE INDEX contacts_manager ON contacts (tenant_id, manager_id) WHERE manager_id IS NOT NULL;
