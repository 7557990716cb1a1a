//! Bodies of creations: the object, with what it cannot do without.

use super::{PasswordProfile, WarningSchema};
use std::borrow::Cow;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

fn creation(kind: &str, required: &[&str]) -> AllOfBuilder {
    let needed = required.iter().fold(ObjectBuilder::new(), |object, name| object.required(*name));
    AllOfBuilder::new().item(Ref::from_schema_name(kind)).item(needed)
}

published!(
    /// Schema of a user to create.
    NewUserSchema as "newUser", creation("user", &["displayName", "userPrincipalName"])
);
published!(
    /// Schema of a contact to create.
    NewContactSchema as "newOrgContact", creation("orgContact", &["displayName", "mail"])
);
published!(
    /// Schema of a group to create.
    NewGroupSchema as "newGroup",
    creation("group", &["displayName", "mailNickname", "mailEnabled", "securityEnabled"])
);
