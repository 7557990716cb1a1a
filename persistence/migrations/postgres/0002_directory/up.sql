-- Properties that queries name stand in folded *_key columns or in facets; the rest is in doc.
CREATE TABLE users (
    tenant_id           uuid NOT NULL,
    id                  uuid NOT NULL,
    version             bigint NOT NULL,
    created_at          timestamptz NOT NULL,
    deleted_at          timestamptz,
    account_enabled     boolean NOT NULL,
    user_type           text NOT NULL,
    visible             boolean NOT NULL,
    manager_id          uuid,
    upn_key             text NOT NULL,
    display_name_key    text NOT NULL,
    given_name_key      text,
    surname_key         text,
    job_title_key       text,
    department_key      text,
    company_name_key    text,
    office_location_key text,
    street_address_key  text,
    city_key            text,
    state_key           text,
    postal_code_key     text,
    country_key         text,
    usage_location_key  text,
    employee_id_key     text,
    mobile_phone_key    text,
    mail_key            text,
    mail_nickname_key   text,
    facets              jsonb NOT NULL,
    doc                 jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX users_upn ON users (tenant_id, upn_key COLLATE "C", id);
CREATE INDEX users_display_name ON users (tenant_id, display_name_key COLLATE "C", id);
CREATE INDEX users_deleted ON users (tenant_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_manager ON users (tenant_id, manager_id) WHERE manager_id IS NOT NULL;

CREATE TABLE credentials (
    tenant_id   uuid NOT NULL,
    user_id     uuid NOT NULL,
    hash        text NOT NULL,
    must_change boolean NOT NULL,
    changed_at  timestamptz NOT NULL,
    epoch       bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

CREATE TABLE addresses (
    tenant_id   uuid NOT NULL,
    address_key text NOT NULL,
    holder_kind text NOT NULL,
    holder_id   uuid NOT NULL,
    address     text NOT NULL,
    is_upn      boolean NOT NULL,
    is_primary  boolean NOT NULL,
    is_proxy    boolean NOT NULL,
    is_routing  boolean NOT NULL,
    PRIMARY KEY (tenant_id, address_key)
);
CREATE INDEX addresses_holder ON addresses (tenant_id, holder_id);

CREATE TABLE domains (
    tenant_id              uuid NOT NULL,
    name                   text NOT NULL,
    is_initial             boolean NOT NULL,
    is_default             boolean NOT NULL,
    is_verified            boolean NOT NULL,
    password_validity_days integer,
    password_notice_days   integer NOT NULL,
    created_at             timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
-- A name is verified in one organisation only (R102).
CREATE UNIQUE INDEX domains_verified ON domains (name) WHERE is_verified;

CREATE TABLE role_assignments (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    principal_id uuid NOT NULL,
    holder_kind  text NOT NULL,
    role         text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, principal_id, role)
);

CREATE TABLE clients (
    id          uuid NOT NULL,
    tenant_id   uuid NOT NULL,
    name        text NOT NULL,
    secret_hash text NOT NULL,
    enabled     boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (id)
);

-- Private keys are sealed with the master key.
CREATE TABLE signing_keys (
    kid        text NOT NULL,
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL,
    signs_from timestamptz NOT NULL,
    PRIMARY KEY (kid)
);

-- State of wrong sign-ins, by a keyed hash of the name that was tried.
CREATE TABLE throttles (
    account    text NOT NULL,
    state      jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account)
);

-- Sign-ins and refusals: append-only, outside the change feed.
CREATE TABLE events (
    id         uuid NOT NULL,
    tenant_id  uuid,
    at         timestamptz NOT NULL,
    kind       text NOT NULL,
    outcome    text NOT NULL,
    actor_id   uuid,
    request_id uuid,
    details    jsonb NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX events_tenant ON events (tenant_id, at);
