-- Properties that queries name stand in folded *_key columns or in facets; the rest is in doc.
CREATE TABLE users (
    tenant_id           BLOB NOT NULL,
    id                  BLOB NOT NULL,
    version             INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    deleted_at          INTEGER,
    account_enabled     INTEGER NOT NULL,
    user_type           TEXT NOT NULL,
    visible             INTEGER NOT NULL,
    manager_id          BLOB,
    upn_key             TEXT NOT NULL,
    display_name_key    TEXT NOT NULL,
    given_name_key      TEXT,
    surname_key         TEXT,
    job_title_key       TEXT,
    department_key      TEXT,
    company_name_key    TEXT,
    office_location_key TEXT,
    street_address_key  TEXT,
    city_key            TEXT,
    state_key           TEXT,
    postal_code_key     TEXT,
    country_key         TEXT,
    usage_location_key  TEXT,
    employee_id_key     TEXT,
    mobile_phone_key    TEXT,
    mail_key            TEXT,
    mail_nickname_key   TEXT,
    facets              TEXT NOT NULL,
    doc                 TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX users_upn ON users (tenant_id, upn_key, id);
CREATE INDEX users_display_name ON users (tenant_id, display_name_key, id);
CREATE INDEX users_deleted ON users (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_manager ON users (tenant_id, manager_id) WHERE manager_id IS NOT NULL;

CREATE TABLE credentials (
    tenant_id   BLOB NOT NULL,
    user_id     BLOB NOT NULL,
    hash        TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
) STRICT;

CREATE TABLE addresses (
    tenant_id   BLOB NOT NULL,
    address_key TEXT NOT NULL,
    holder_kind TEXT NOT NULL,
    holder_id   BLOB NOT NULL,
    address     TEXT NOT NULL,
    is_upn      INTEGER NOT NULL,
    is_primary  INTEGER NOT NULL,
    is_proxy    INTEGER NOT NULL,
    is_routing  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, address_key)
) STRICT;
CREATE INDEX addresses_holder ON addresses (tenant_id, holder_id);

CREATE TABLE domains (
    tenant_id              BLOB NOT NULL,
    name                   TEXT NOT NULL,
    is_initial             INTEGER NOT NULL,
    is_default             INTEGER NOT NULL,
    is_verified            INTEGER NOT NULL,
    password_validity_days INTEGER,
    password_notice_days   INTEGER NOT NULL,
    created_at             INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;
-- A name is verified in one organisation only (R102).
CREATE UNIQUE INDEX domains_verified ON domains (name) WHERE is_verified = 1;

CREATE TABLE role_assignments (
    tenant_id    BLOB NOT NULL,
    id           BLOB NOT NULL,
    principal_id BLOB NOT NULL,
    holder_kind  TEXT NOT NULL,
    role         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, principal_id, role)
) STRICT;

CREATE TABLE clients (
    id          BLOB NOT NULL,
    tenant_id   BLOB NOT NULL,
    name        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    enabled     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;

-- Private keys are sealed with the master key.
CREATE TABLE signing_keys (
    kid        TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    signs_from INTEGER NOT NULL,
    PRIMARY KEY (kid)
) STRICT;

-- State of wrong sign-ins, by a keyed hash of the name that was tried.
CREATE TABLE throttles (
    account    TEXT NOT NULL,
    state      TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account)
) STRICT;

-- Sign-ins and refusals: append-only, outside the change feed.
CREATE TABLE events (
    id         BLOB NOT NULL,
    tenant_id  BLOB,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    actor_id   BLOB,
    request_id BLOB,
    details    TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX events_tenant ON events (tenant_id, at);
