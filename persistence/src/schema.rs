//! The tables, once for both databases.
// Columns carry the names of the properties; the domain documents those.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::BigInt;
    use crate::types::{Guid, Instant, JsonDoc};

    /// Organisations. The row is the tenant's write lock and its change counter.
    tenants (id) {
        /// Identifier.
        id -> Guid,
        /// `changes.seq` of the last committed change; 0 before the first.
        seq -> BigInt,
        /// When the organisation was created here.
        created_at -> Instant,
        /// Its properties.
        doc -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::types::{Guid, Instant, JsonDoc};

    /// The change feed.
    changes (tenant_id, seq) {
        /// Organisation.
        tenant_id -> Guid,
        /// Position: 1, 2, 3, … in the order of the commits.
        seq -> BigInt,
        /// Identifier, drawn before the transaction; tells after a lost COMMIT answer whether
        /// the commit happened.
        id -> Guid,
        /// When the change was made.
        at -> Instant,
        /// `user`, `client` or `system`.
        actor_kind -> Text,
        /// Who made it; none for the service itself.
        actor_id -> Nullable<Guid>,
        /// What was done: `users.create`.
        operation -> Text,
        /// Noun of the changed object.
        target_kind -> Text,
        /// The changed object.
        target_id -> Guid,
        /// The request that caused it.
        request_id -> Nullable<Guid>,
        /// Changed properties before and after, without secrets.
        details -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::types::{Guid, Instant, JsonDoc};

    /// People. Deleted ones stay for 30 days, with `deleted_at`.
    users (tenant_id, id) {
        tenant_id -> Guid,
        id -> Guid,
        version -> BigInt,
        created_at -> Instant,
        deleted_at -> Nullable<Instant>,
        account_enabled -> Bool,
        user_type -> Text,
        visible -> Bool,
        manager_id -> Nullable<Guid>,
        upn_key -> Text,
        display_name_key -> Text,
        given_name_key -> Nullable<Text>,
        surname_key -> Nullable<Text>,
        job_title_key -> Nullable<Text>,
        department_key -> Nullable<Text>,
        company_name_key -> Nullable<Text>,
        office_location_key -> Nullable<Text>,
        street_address_key -> Nullable<Text>,
        city_key -> Nullable<Text>,
        state_key -> Nullable<Text>,
        postal_code_key -> Nullable<Text>,
        country_key -> Nullable<Text>,
        usage_location_key -> Nullable<Text>,
        employee_id_key -> Nullable<Text>,
        mobile_phone_key -> Nullable<Text>,
        mail_key -> Nullable<Text>,
        mail_nickname_key -> Nullable<Text>,
        facets -> JsonDoc,
        doc -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::types::{Guid, Instant, JsonDoc};

    /// Shared contacts.
    contacts (tenant_id, id) {
        tenant_id -> Guid,
        id -> Guid,
        version -> BigInt,
        created_at -> Instant,
        visible -> Bool,
        manager_id -> Nullable<Guid>,
        display_name_key -> Text,
        name_key -> Text,
        mail_key -> Text,
        mail_nickname_key -> Text,
        given_name_key -> Nullable<Text>,
        surname_key -> Nullable<Text>,
        company_name_key -> Nullable<Text>,
        department_key -> Nullable<Text>,
        job_title_key -> Nullable<Text>,
        facets -> JsonDoc,
        doc -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Text};
    use crate::types::{Guid, Instant};

    /// Password hashes of users.
    credentials (tenant_id, user_id) {
        tenant_id -> Guid,
        user_id -> Guid,
        hash -> Text,
        must_change -> Bool,
        one_time -> Bool,
        changed_at -> Instant,
        epoch -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Text};
    use crate::types::Guid;

    /// Every address of every user, contact and group, each once.
    addresses (tenant_id, address_key) {
        tenant_id -> Guid,
        address_key -> Text,
        holder_kind -> Text,
        holder_id -> Guid,
        address -> Text,
        is_upn -> Bool,
        is_primary -> Bool,
        is_proxy -> Bool,
        is_routing -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::types::{Guid, Instant};

    /// Domain names.
    domains (tenant_id, name) {
        tenant_id -> Guid,
        name -> Text,
        is_initial -> Bool,
        is_default -> Bool,
        is_verified -> Bool,
        password_validity_days -> Nullable<Integer>,
        password_notice_days -> Integer,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{Guid, Instant};

    /// Roles of users and clients.
    role_assignments (tenant_id, id) {
        tenant_id -> Guid,
        id -> Guid,
        principal_id -> Guid,
        holder_kind -> Text,
        role -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Text};
    use crate::types::{Guid, Instant};

    /// API clients.
    clients (id) {
        id -> Guid,
        tenant_id -> Guid,
        name -> Text,
        secret_hash -> Text,
        enabled -> Bool,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::types::Instant;

    /// Keys that sign access tokens, sealed.
    signing_keys (kid) {
        kid -> Text,
        sealed -> Binary,
        created_at -> Instant,
        signs_from -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{Instant, JsonDoc};

    /// Wrong sign-ins by account.
    throttles (account) {
        account -> Text,
        state -> JsonDoc,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{Guid, Instant, JsonDoc};

    /// Sign-ins and refusals.
    events (id) {
        id -> Guid,
        tenant_id -> Nullable<Guid>,
        at -> Instant,
        kind -> Text,
        outcome -> Text,
        actor_id -> Nullable<Guid>,
        request_id -> Nullable<Guid>,
        details -> JsonDoc,
    }
}

diesel::table! {
    use crate::types::{Guid, Instant, JsonDoc};

    /// Saved views of the user list.
    user_views (tenant_id, id) {
        tenant_id -> Guid,
        id -> Guid,
        created_at -> Instant,
        doc -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable};
    use crate::types::{Guid, Instant, JsonDoc};

    /// Files on their way into the directory.
    import_jobs (tenant_id, id) {
        tenant_id -> Guid,
        id -> Guid,
        created_at -> Instant,
        finished_at -> Nullable<Instant>,
        /// Whether a process works on it.
        leased -> Bool,
        /// Number of times it was taken.
        fence -> BigInt,
        /// Grows whenever the owner does something.
        beat -> BigInt,
        doc -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::types::{Guid, Instant};

    /// Their content in pieces.
    import_chunks (tenant_id, job_id, number) {
        tenant_id -> Guid,
        job_id -> Guid,
        number -> BigInt,
        created_at -> Instant,
        bytes -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use crate::types::Guid;

    /// What became of their rows, sealed.
    import_parts (tenant_id, job_id, number) {
        tenant_id -> Guid,
        job_id -> Guid,
        number -> BigInt,
        outcomes -> Binary,
        with_passwords -> Nullable<Binary>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, role_assignments, credentials, domains);

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::types::{Guid, Instant, JsonDoc};

    /// Groups. Deleted security and Microsoft 365 groups stay for 30 days, with `deleted_at`.
    groups (tenant_id, id) {
        tenant_id -> Guid,
        id -> Guid,
        version -> BigInt,
        created_at -> Instant,
        deleted_at -> Nullable<Instant>,
        mail_enabled -> Bool,
        security_enabled -> Bool,
        visible -> Bool,
        members_hidden -> Bool,
        /// Rows of `group_links` with the relation `member`.
        member_count -> BigInt,
        display_name_key -> Text,
        mail_key -> Nullable<Text>,
        mail_nickname_key -> Nullable<Text>,
        facets -> JsonDoc,
        doc -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::Guid;

    /// What groups name: members, owners, senders, moderators.
    group_links (tenant_id, group_id, relation, object_id) {
        tenant_id -> Guid,
        group_id -> Guid,
        relation -> Text,
        object_id -> Guid,
        object_kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{Guid, Instant};

    /// Requests to join groups that wait for an owner.
    join_requests (tenant_id, group_id, requestor_id) {
        tenant_id -> Guid,
        group_id -> Guid,
        requestor_id -> Guid,
        id -> Guid,
        created_at -> Instant,
        justification -> Nullable<Text>,
    }
}
