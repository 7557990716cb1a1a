//! The eight roles as objects that can be queried: definitions, directory roles, templates.

use crate::authz::{Cell, Permission, Policy, Role, Scope};
use crate::language::Language;
use crate::properties::{Entity, Property, Type};
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use uuid::Uuid;

/// One role, described in one language. Its id is the well-known template id: all roles are
/// always active, so definition, directory role and template share it.
pub struct Entry<K> {
    /// The role.
    pub role: Role,
    language: Language,
    policy: Policy,
    kind: PhantomData<fn() -> K>,
}

impl<K> Clone for Entry<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Entry<K> {}
impl<K> fmt::Debug for Entry<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.role).finish()
    }
}

/// Marks a `unifiedRoleDefinition`.
#[derive(Debug)]
pub enum Definition {}
/// Marks a `directoryRole`.
#[derive(Debug)]
pub enum Active {}
/// Marks a `directoryRoleTemplate`.
#[derive(Debug)]
pub enum Template {}

/// A `unifiedRoleDefinition`.
pub type RoleDefinition = Entry<Definition>;
/// A `directoryRole`.
pub type DirectoryRole = Entry<Active>;
/// A `directoryRoleTemplate`.
pub type RoleTemplate = Entry<Template>;

impl<K> Entry<K> {
    /// A role in the language of whoever reads it.
    pub const fn new(role: Role, scope: &Scope) -> Self {
        Self { role, language: scope.language(), policy: scope.policy(), kind: PhantomData }
    }

    /// Its name, in its language.
    pub const fn name(&self) -> &'static str {
        self.role.name().of(self.language)
    }

    /// All roles in the language of whoever reads them.
    pub fn all(scope: &Scope) -> Vec<Self> {
        Role::ALL.into_iter().map(|role| Self::new(role, scope)).collect()
    }
}

/// A property of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleField {
    /// The property id.
    Id,
    /// The property displayName.
    DisplayName,
    /// The property description.
    Description,
    /// The property templateId or roleTemplateId.
    TemplateId,
    /// The property isBuiltIn.
    IsBuiltIn,
    /// The property isEnabled.
    IsEnabled,
    /// The property version.
    Version,
    /// The property resourceScopes.
    ResourceScopes,
    /// The property rolePermissions.
    RolePermissions,
    /// The property deletedDateTime.
    DeletedDateTime,
}

use RoleField as F;

fn template_id<K>(entry: &Entry<K>) -> Value<'_> {
    Value::Text(Cow::Owned(entry.role.template_id().to_string()))
}

fn name<K>(entry: &Entry<K>) -> Value<'_> {
    Value::text(entry.name())
}

fn description<K>(entry: &Entry<K>) -> Value<'_> {
    Value::text(entry.role.description().of(entry.language))
}

/// The permissions of the matrix that the role has, each with its measure.
fn permissions(entry: &RoleDefinition) -> Value<'_> {
    let actions = Permission::ROWS.into_iter().chain(entry.policy.beside()).filter_map(|row| {
        let cell = row.cell(entry.role);
        let action = format!("roster.directory/{}/{}", row.key(), cell.text());
        (cell != Cell::No).then_some(Value::Text(action.into()))
    });
    Value::List(vec![Value::Object(vec![
        ("allowedResourceActions".into(), Value::List(actions.collect())),
        ("condition".into(), Value::Null),
    ])])
}

const fn row<K>(
    name: &'static str,
    field: RoleField,
    ty: Type,
    get: for<'a> fn(&'a Entry<K>) -> Value<'a>,
    description: &'static str,
) -> Property<Entry<K>>
where
    Entry<K>: Entity<Field = RoleField>,
{
    Property::new(name, field, ty, get, description).by_default().for_members()
}

const fn id<K>() -> Property<Entry<K>>
where
    Entry<K>: Entity<Field = RoleField>,
{
    row("id", F::Id, Type::Id, template_id, "The well-known template id.").filterable()
}

const fn display_name<K>() -> Property<Entry<K>>
where
    Entry<K>: Entity<Field = RoleField>,
{
    let ty = Type::Text { max: 256 };
    row("displayName", F::DisplayName, ty, name, "Name, in the language of `Accept-Language`.")
        .sortable()
}

const fn described<K>() -> Property<Entry<K>>
where
    Entry<K>: Entity<Field = RoleField>,
{
    let meaning = "What its holder does, in the language of `Accept-Language`.";
    row("description", F::Description, Type::Text { max: 1024 }, description, meaning).filterable()
}

const fn deleted<K>() -> Property<Entry<K>>
where
    Entry<K>: Entity<Field = RoleField>,
{
    row("deletedDateTime", F::DeletedDateTime, Type::Time, |_| Value::Null, "Always null.")
}

impl Entity for RoleDefinition {
    type Field = RoleField;
    const NAME: &'static str = "unifiedRoleDefinition";
    const PROPERTIES: &'static [Property<Self>] = &[
        id(),
        display_name(),
        described(),
        row("templateId", F::TemplateId, Type::Id, template_id, "The same id.").filterable(),
        row("isBuiltIn", F::IsBuiltIn, Type::Bool, |_| Value::Bool(true), "Always true.")
            .filterable(),
        row("isEnabled", F::IsEnabled, Type::Bool, |_| Value::Bool(true), "Always true.")
            .filterable(),
        row("version", F::Version, Type::Text { max: 8 }, |_| Value::text("1"), "Edition."),
        row(
            "resourceScopes",
            F::ResourceScopes,
            Type::Texts { items: 1, max: 1 },
            |_| Value::List(vec![Value::text("/")]),
            "Always the whole organisation.",
        ),
        row(
            "rolePermissions",
            F::RolePermissions,
            Type::Objects,
            permissions,
            "What the role may do: `roster.directory/PERMISSION/MEASURE`, as in \
             `/v1.0/permissions/matrix`.",
        ),
    ];

    fn id(&self) -> Uuid {
        self.role.template_id()
    }
}

impl Entity for DirectoryRole {
    type Field = RoleField;
    const NAME: &'static str = "directoryRole";
    const PROPERTIES: &'static [Property<Self>] = &[
        id(),
        deleted(),
        display_name(),
        described(),
        row("roleTemplateId", F::TemplateId, Type::Id, template_id, "The same id.").filterable(),
    ];

    fn id(&self) -> Uuid {
        self.role.template_id()
    }
}

impl Entity for RoleTemplate {
    type Field = RoleField;
    const NAME: &'static str = "directoryRoleTemplate";
    const PROPERTIES: &'static [Property<Self>] = &[id(), deleted(), display_name(), described()];

    fn id(&self) -> Uuid {
        self.role.template_id()
    }
}
