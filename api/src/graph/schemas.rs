//! The published schemas, made from the property tables.

mod options;

pub use creations::{NewContactSchema, NewGroupSchema, NewUserSchema};
pub use options::{Conditional, CountOptions, ExpandOption, ListOptions, SelectOption};

use roster_domain::address_book::Entry;
use roster_domain::contacts::Contact;
use roster_domain::groups::Group;
use roster_domain::join_requests::JoinRequest;
use roster_domain::properties::{Entity, Member, Property, Type};
use roster_domain::roles::{DirectoryRole, RoleAssignment, RoleDefinition, RoleTemplate};
use roster_domain::users::User;
use std::borrow::Cow;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{
    AllOfBuilder, ArrayBuilder, Discriminator, KnownFormat, ObjectBuilder, OneOfBuilder,
    SchemaFormat, SchemaType, Type as JsonType,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

fn of_type<E: Entity>(property: &Property<E>) -> Schema {
    let text = |max: Option<usize>, format: Option<KnownFormat>| {
        let mut object = ObjectBuilder::new().max_length(max);
        object = object.schema_type(nullable(JsonType::String, property.required));
        object.format(format.map(SchemaFormat::KnownFormat))
    };
    let describe = |object: ObjectBuilder| {
        let mut object = object.description(Some(description(property)));
        if property.set.is_none() {
            object = object.read_only(true);
        }
        if property.computed {
            object = object.extensions(Some(mark("x-computed")));
        }
        Schema::Object(object.build())
    };
    match property.ty {
        Type::Text { max } => describe(text(Some(max), None)),
        Type::Word(words) => describe(text(None, None).enum_values(Some(words.iter().copied()))),
        Type::Time => describe(text(None, Some(KnownFormat::DateTime))),
        Type::Id => describe(text(None, Some(KnownFormat::Uuid))),
        Type::Bool => {
            let ty = nullable(JsonType::Boolean, property.required);
            describe(ObjectBuilder::new().schema_type(ty))
        }
        Type::Object => {
            let ty = nullable(JsonType::Object, property.required);
            describe(with_members(ObjectBuilder::new().schema_type(ty), property.members))
        }
        Type::Texts { items, max } => {
            let item = ObjectBuilder::new()
                .schema_type(SchemaType::new(JsonType::String))
                .max_length(Some(max));
            array(property, item, Some(items))
        }
        Type::Objects => {
            let item = ObjectBuilder::new().schema_type(SchemaType::new(JsonType::Object));
            array(property, with_members(item, property.members), None)
        }
    }
}

fn with_members(object: ObjectBuilder, members: &[Member]) -> ObjectBuilder {
    members.iter().fold(object, |object, known| object.property(known.name, member(known)))
}

/// A member of a complex value.
fn member(member: &Member) -> ObjectBuilder {
    let text = ObjectBuilder::new().schema_type(nullable(JsonType::String, false));
    match member.ty {
        Type::Text { max } => text.max_length(Some(max)),
        Type::Word(words) => text.enum_values(Some(words.iter().copied())),
        Type::Bool => ObjectBuilder::new().schema_type(nullable(JsonType::Boolean, false)),
        Type::Time => text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))),
        Type::Id | Type::Texts { .. } | Type::Object | Type::Objects => text,
    }
}

fn array<E: Entity>(
    property: &Property<E>,
    item: ObjectBuilder,
    max_items: Option<usize>,
) -> Schema {
    let mut array =
        ArrayBuilder::new().items(item.build()).description(Some(description(property)));
    if let Some(max) = max_items {
        array = array.max_items(Some(max));
    }
    Schema::Array(array.build())
}

fn nullable(ty: JsonType, required: bool) -> SchemaType {
    if required { SchemaType::new(ty) } else { SchemaType::from_iter([ty, JsonType::Null]) }
}

/// Meaning, and what queries may do with the property.
fn description<E: Entity>(property: &Property<E>) -> String {
    let mut text = property.description.to_owned();
    let marks = [
        (property.set.is_none(), "Read-only."),
        (property.filter, "Supports `$filter`."),
        (property.sort, "Supports `$orderby`."),
        (!property.by_default, "Only with `$select`."),
        (property.member, "Every member may read it."),
        (property.sensitive, "Sensitive on administrators."),
    ];
    for (_, mark) in marks.iter().filter(|(holds, _)| *holds) {
        text.push(' ');
        text.push_str(mark);
    }
    text
}

/// The schema of an entity: its annotations, properties and relations.
fn entity<E: Entity>() -> ObjectBuilder {
    let annotation = |text| {
        let ty = SchemaType::new(JsonType::String);
        ObjectBuilder::new().schema_type(ty).description(Some(text)).read_only(true)
    };
    let object = ObjectBuilder::new()
        .property("@odata.type", annotation("Type, in collections of several kinds."))
        .property("@odata.etag", annotation("Entity tag, for `If-Match`."));
    let object = E::PROPERTIES
        .iter()
        .fold(object, |object, property| object.property(property.name, of_type(property)));
    E::RELATIONS.iter().fold(object, |object, relation| object.property(*relation, related()))
}

/// What `$expand` adds: an object, or a collection of objects.
fn related() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([JsonType::Object, JsonType::Array, JsonType::Null]))
        .description(Some("Only with `$expand`."))
        .read_only(true)
        .extensions(Some(mark("x-relation")))
}

/// `x-relation`, `x-computed` for what depends on who asks, `x-input` for what is not part of the
/// object.
fn mark(name: &str) -> Extensions {
    Extensions::builder().add(name, true).build()
}

fn warnings() -> ArrayBuilder {
    ArrayBuilder::new().items(Ref::from_schema_name("warning"))
}

macro_rules! published {
    ($(#[$doc:meta])* $name:ident as $wire:literal, $build:expr $(, with $($other:ident),+)?) => {
        $(#[$doc])*
        pub enum $name {}
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::from($build.build()))
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($wire)
            }
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                // What the schema refers to by name.
                schemas.push((PasswordProfile::name().into(), PasswordProfile::schema()));
                schemas.push((WarningSchema::name().into(), WarningSchema::schema()));
                $($(schemas.push(($other::name().into(), $other::schema()));)+)?
            }
        }
    };
}

mod creations;

/// What is shown of an API client.
const CLIENT: [(&str, JsonType); 5] = [
    ("@odata.type", JsonType::String),
    ("id", JsonType::String),
    ("appId", JsonType::String),
    ("displayName", JsonType::String),
    ("accountEnabled", JsonType::Boolean),
];

/// One of several kinds of objects, by `@odata.type`.
fn any_of(kinds: &[&str]) -> OneOfBuilder {
    let types = kinds
        .iter()
        .map(|kind| (format!("#microsoft.graph.{kind}"), format!("#/components/schemas/{kind}")));
    kinds
        .iter()
        .fold(OneOfBuilder::new(), |any, kind| any.item(Ref::from_schema_name(*kind)))
        .discriminator(Some(Discriminator::with_mapping("@odata.type", types)))
}

/// A page of objects with a named schema.
pub(super) fn page(item: &str) -> ObjectBuilder {
    let text = || ObjectBuilder::new().schema_type(SchemaType::new(JsonType::String));
    ObjectBuilder::new()
        .property("@odata.context", text())
        .property(
            "@odata.count",
            ObjectBuilder::new()
                .schema_type(SchemaType::new(JsonType::Integer))
                .description(Some("Number of all matching objects, with `$count=true`.")),
        )
        .property(
            "@odata.nextLink",
            text().description(Some("Address of the next page; absent on the last.")),
        )
        .property("value", ArrayBuilder::new().items(Ref::from_schema_name(item)))
        .required("value")
}

published!(
    /// Schema of a user.
    UserSchema as "user",
    entity::<User>()
        .property("manager@odata.bind", manager_bind())
        .property(
            "passwordProfile",
            AllOfBuilder::new()
                .item(Ref::from_schema_name("passwordProfile"))
                .extensions(Some(mark("x-input"))),
        )
        .property(
            "roles",
            ArrayBuilder::new()
                .items(ObjectBuilder::new().schema_type(SchemaType::new(JsonType::String)))
                .extensions(Some(mark("x-input")))
                .description(Some(
                    "Only in a POST: roles to assign at once, as keys of the permission matrix \
                     or role template ids. Needs the right to delegate roles.",
                )),
        )
        .property("@roster.warnings", warnings())
);
published!(
    /// Schema of a contact.
    ContactSchema as "orgContact",
    entity::<Contact>()
        .property("manager@odata.bind", manager_bind())
        .property("@roster.warnings", warnings())
);
published!(
    /// Schema of a page of contacts.
    ContactPage as "orgContactCollection", page("orgContact")
);
published!(
    /// Schema of an entry of the address book.
    EntrySchema as "addressBookEntry", entity::<Entry>()
);
published!(
    /// Schema of a page of the address book.
    EntryPage as "addressBookCollection", page("addressBookEntry"), with EntrySchema
);
published!(
    /// Schema of a page of users.
    UserPage as "userCollection", page("user")
);

published!(
    /// Schema of a role.
    RoleDefinitionSchema as "unifiedRoleDefinition", entity::<RoleDefinition>()
);
published!(
    /// Schema of a page of roles.
    RoleDefinitionPage as "unifiedRoleDefinitionCollection", page("unifiedRoleDefinition")
);
published!(
    /// Schema of an active role.
    DirectoryRoleSchema as "directoryRole", entity::<DirectoryRole>()
);
published!(
    /// Schema of a page of active roles.
    DirectoryRolePage as "directoryRoleCollection", page("directoryRole")
);
published!(
    /// Schema of the template of a role.
    RoleTemplateSchema as "directoryRoleTemplate", entity::<RoleTemplate>()
);
published!(
    /// Schema of a page of templates.
    RoleTemplatePage as "directoryRoleTemplateCollection", page("directoryRoleTemplate")
);
published!(
    /// Schema of a role assignment.
    RoleAssignmentSchema as "unifiedRoleAssignment",
    entity::<RoleAssignment>()
        .property("@roster.warnings", ArrayBuilder::new().items(Ref::from_schema_name("warning")))
);
published!(
    /// Schema of a page of role assignments.
    RoleAssignmentPage as "unifiedRoleAssignmentCollection", page("unifiedRoleAssignment")
);
published!(
    /// Schema of an object of any kind; `@odata.type` tells which.
    DirectoryObjectSchema as "directoryObject",
    any_of(&["user", "orgContact", "group", "directoryRole"]).description(Some("An object of any kind."))
);
published!(
    /// Schema of whoever holds a role; `@odata.type` tells which.
    RoleHolderSchema as "roleHolder",
    any_of(&["user", "servicePrincipal"]).description(Some("A user or API client."))
);
published!(
    /// Schema of a page of holders of a role.
    RoleHolderPage as "roleHolderCollection", page("roleHolder"),
    with RoleHolderSchema, ServicePrincipalSchema
);
published!(
    /// Schema of an API client that holds a role.
    ServicePrincipalSchema as "servicePrincipal",
    CLIENT.iter().fold(ObjectBuilder::new(), |object, (name, ty)| {
        object.property(
            *name,
            ObjectBuilder::new().schema_type(SchemaType::new(ty.clone())).read_only(true),
        )
    })
);
published!(
    /// Schema of a page of objects of any kind.
    DirectoryObjectPage as "directoryObjectCollection", page("directoryObject")
);
published!(
    /// Schema of a group.
    GroupSchema as "group",
    entity::<Group>()
        .property("members@odata.bind", bind("Addresses of objects to add as members."))
        .property("owners@odata.bind", bind("Addresses of objects to add as owners."))
);
published!(
    /// Schema of a page of groups.
    GroupPage as "groupCollection", page("group")
);
published!(
    /// Schema of a request to join a group.
    JoinRequestSchema as "groupJoinRequest",
    entity::<JoinRequest>()
);
published!(
    /// Schema of a page of requests to join a group.
    JoinRequestPage as "groupJoinRequestCollection", page("groupJoinRequest")
);
published!(
    /// Schema of a reference to an object.
    ReferenceBody as "reference",
    ObjectBuilder::new()
        .property(
            "@odata.id",
            ObjectBuilder::new()
                .schema_type(SchemaType::new(JsonType::String))
                .description(Some("Address of an object; its last segment is the id.")),
        )
        .required("@odata.id")
);
published!(
    /// Schema of a page of references.
    ReferencePage as "referenceCollection", page("reference")
);

fn manager_bind() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(nullable(JsonType::String, false))
        .description(Some("Address of the user or contact who is the manager; null for none."))
        .write_only(true)
}

fn bind(description: &str) -> ArrayBuilder {
    ArrayBuilder::new()
        .items(ObjectBuilder::new().schema_type(SchemaType::new(JsonType::String)))
        .max_items(Some(roster_domain::limits::MAX_BIND))
        .description(Some(description))
}

/// Password of a user; never answered, except a generated one, once.
#[derive(ToSchema)]
#[schema(as = passwordProfile)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
pub struct PasswordProfile {
    /// 8 to 256 characters of three kinds; leave it out to have one generated.
    password: Option<String>,
    /// Whether the next sign-in must change it; true by default.
    #[schema(rename = "forceChangePasswordNextSignIn")]
    force_change: Option<bool>,
}

/// The address of an object.
#[derive(ToSchema)]
#[schema(as = reference)]
#[expect(dead_code, reason = "describes what is read and written elsewhere")]
pub struct ReferenceSchema {
    /// What describes an answer; ignored in bodies.
    #[schema(rename = "@odata.context")]
    context: Option<String>,
    /// Its address; only the last segment, the id, matters.
    #[schema(rename = "@odata.id")]
    id: String,
}

/// What the caller should know although the request worked.
#[derive(ToSchema)]
#[schema(as = warning)]
#[expect(dead_code, reason = "describes an answer that is written elsewhere")]
pub struct WarningSchema {
    /// Stable code.
    code: String,
    /// Text for people.
    message: String,
    /// Property or object it is about.
    target: Option<String>,
}
