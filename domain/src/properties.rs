//! The property table of an entity: one row a property, from which bodies are read, `$select`,
//! `$filter` and `$orderby` are checked, answers rendered, changes recorded and the published
//! schema made.

mod objects;

pub use objects::{Complex, text_member};

use crate::error::Violation;
use crate::limits::MAX_TOLD_NAME;
use crate::text::camel_case;
use crate::time::Timestamp;
use crate::value::Value;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// A noun with a property table.
pub trait Entity: Sized + 'static {
    /// One value per property; what typed queries and SQL lowering match on.
    type Field: Copy + Eq + fmt::Debug + Send + Sync + 'static;
    /// Name in the wire dialect: `user`.
    const NAME: &'static str;
    /// The table. `id` is its first row.
    const PROPERTIES: &'static [Property<Self>];
    /// Rows that only `$filter` may name: relations and members of complex properties, by their
    /// path (`owners`, `manager/id`). They are never rendered.
    const PATHS: &'static [Property<Self>] = &[];
    /// Relations that `$expand` may name.
    const RELATIONS: &'static [&'static str] = &[];
    /// The identifier, the last key of every order.
    fn id(&self) -> uuid::Uuid;
}

/// Type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text of at most `max` characters.
    Text {
        /// Most characters.
        max: usize,
    },
    /// One of a fixed set of words.
    Word(&'static [&'static str]),
    /// Boolean.
    Bool,
    /// Point in time.
    Time,
    /// Identifier.
    Id,
    /// Collection of texts.
    Texts {
        /// Most items.
        items: usize,
        /// Most characters of one item.
        max: usize,
    },
    /// Complex value or collection of complex values; its own reader checks it.
    Object,
    /// Collection of complex values, whose members the property names.
    Objects,
}

/// A member of a complex value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Name in the wire dialect.
    pub name: &'static str,
    /// Type; neither a collection nor complex.
    pub ty: Type,
}

impl Member {
    /// A text of at most `max` characters.
    pub const fn text(name: &'static str, max: usize) -> Self {
        Self { name, ty: Type::Text { max } }
    }
}

/// A rule about a single value; its error says what is wrong and what would be right.
pub type Rule = fn(&Value<'static>) -> Result<(), String>;

/// One property of `E`.
pub struct Property<E: Entity> {
    /// Name in the wire dialect.
    pub name: &'static str,
    /// Its place in the typed queries.
    pub field: E::Field,
    /// Type.
    pub ty: Type,
    /// Reads the value.
    pub get: for<'a> fn(&'a E) -> Value<'a>,
    /// Writes a value that passed [`Property::check`]; none for read-only properties.
    pub set: Option<fn(&mut E, Value<'static>)>,
    /// Further rule about a single value.
    pub rule: Option<Rule>,
    /// Whether null is refused.
    pub required: bool,
    /// Whether it is in the default projection.
    pub by_default: bool,
    /// Whether every signed-in member may read it.
    pub member: bool,
    /// Whether changing it on an administrator needs the right to reset the password (R92).
    pub sensitive: bool,
    /// Whether `$filter` may name it.
    pub filter: bool,
    /// Whether `$orderby` may name it.
    pub sort: bool,
    /// Members of a complex value, or of the items of a collection of them: what bodies may set
    /// and filters may name.
    pub members: &'static [Member],
    /// Whether the value depends on who asks, so that the object itself has none.
    pub computed: bool,
    /// Meaning, for the published schema.
    pub description: &'static str,
}

impl<E: Entity> Property<E> {
    /// A read-only property outside the default projection, readable by administrators only.
    pub const fn new(
        name: &'static str,
        field: E::Field,
        ty: Type,
        get: for<'a> fn(&'a E) -> Value<'a>,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            field,
            ty,
            get,
            set: None,
            rule: None,
            required: false,
            by_default: false,
            member: false,
            sensitive: false,
            filter: false,
            sort: false,
            members: &[],
            computed: false,
            description,
        }
    }

    /// May be written.
    #[must_use]
    pub const fn writable(mut self, set: fn(&mut E, Value<'static>)) -> Self {
        self.set = Some(set);
        self
    }

    /// Obeys a further rule.
    #[must_use]
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Never null.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// In the default projection.
    #[must_use]
    pub const fn by_default(mut self) -> Self {
        self.by_default = true;
        self
    }

    /// Readable by every signed-in member.
    #[must_use]
    pub const fn for_members(mut self) -> Self {
        self.member = true;
        self
    }

    /// Sensitive on administrators (R92).
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Has a value only for whoever asks.
    #[must_use]
    pub const fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    /// May stand in `$filter`.
    #[must_use]
    pub const fn filterable(mut self) -> Self {
        self.filter = true;
        self
    }

    /// May stand in `$filter` and `$orderby`.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.filter = true;
        self.sort = true;
        self
    }

    /// May stand in `$filter`, with these members of its items.
    #[must_use]
    pub const fn with_members(mut self, members: &'static [Member]) -> Self {
        self.filter = true;
        self.members = members;
        self
    }

    /// A complex value of these members.
    #[must_use]
    pub const fn made_of(mut self, members: &'static [Member]) -> Self {
        self.members = members;
        self
    }

    /// Checks a value against type, length and rule.
    ///
    /// # Errors
    /// A text that says what is wrong and what would be right; it never repeats the value.
    pub fn check(&self, value: &Value<'static>) -> Result<(), String> {
        if value.is_null() {
            return if self.required {
                Err(format!("'{}' cannot be null or cleared.", self.name))
            } else {
                Ok(())
            };
        }
        let items = value.as_list().unwrap_or_default();
        check_type(self.ty, value)
            .and_then(|()| match self.ty {
                Type::Objects => objects::check_items(self.members, items),
                Type::Object => objects::check_members(self.members, value),
                _ => Ok(()),
            })
            .and_then(|()| self.rule.map_or(Ok(()), |rule| rule(value)))
            .map_err(|wrong| format!("'{}' {wrong}", self.name))
    }
}

fn check_text(text: &str, max: usize) -> Result<(), String> {
    if text.chars().count() > max {
        return Err(format!("is longer than {max} characters."));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("contains a control character.".to_owned());
    }
    Ok(())
}

fn check_type(ty: Type, value: &Value<'static>) -> Result<(), String> {
    match (ty, value) {
        (Type::Text { max }, Value::Text(text)) => check_text(text, max),
        (Type::Word(words), Value::Text(text)) => {
            if words.contains(&text.as_ref()) {
                return Ok(());
            }
            Err(format!("must be one of: {}.", words.join(", ")))
        }
        (Type::Time, Value::Text(text)) => {
            let parsed = Timestamp::parse(text).map(|_| ());
            parsed.ok_or_else(|| "must be a date-time such as 2026-01-31T08:00:00Z.".to_owned())
        }
        (Type::Id, Value::Text(text)) => uuid::Uuid::try_parse(text)
            .map(|_| ())
            .map_err(|_| "must be an id such as 62e90394-69f5-4237-9190-012177145e10.".to_owned()),
        (Type::Texts { items, max }, Value::List(list)) => {
            if list.len() > items {
                return Err(format!("has more than {items} items."));
            }
            list.iter().try_for_each(|item| match item {
                Value::Text(text) => check_text(text, max).map_err(|e| format!("item {e}")),
                _ => Err("must be a collection of strings.".to_owned()),
            })
        }
        (Type::Bool, Value::Bool(_))
        | (Type::Object, Value::Object(_))
        | (Type::Objects, Value::List(_)) => Ok(()),
        (Type::Text { .. } | Type::Word(_), _) => Err("must be a string.".to_owned()),
        (Type::Bool, _) => Err("must be true or false.".to_owned()),
        (Type::Time, _) => Err("must be a date-time string.".to_owned()),
        (Type::Id, _) => Err("must be an id string.".to_owned()),
        (Type::Texts { .. }, _) => Err("must be a collection of strings.".to_owned()),
        (Type::Object, _) => Err("must be an object.".to_owned()),
        (Type::Objects, _) => Err("must be a collection of objects.".to_owned()),
    }
}

/// Finds a property by its wire name, case-insensitively as OData 4.01 allows.
pub fn find<E: Entity>(name: &str) -> Option<&'static Property<E>> {
    E::PROPERTIES.iter().find(|property| property.name.eq_ignore_ascii_case(name))
}

/// The property of a field.
///
/// # Panics
/// Never: a test of each entity proves that every field has a row.
pub fn of<E: Entity>(field: E::Field) -> Option<&'static Property<E>> {
    let mut rows = E::PROPERTIES.iter().chain(E::PATHS);
    rows.find(|property| property.field == field)
}

/// The annotation that tells of what type a body is.
const TYPE: &str = "@odata.type";

/// What a body asks to change. A PATCH changes only what it names; null clears.
pub struct Changes<E: Entity> {
    sets: Vec<(&'static Property<E>, Value<'static>)>,
    echoes: Vec<(&'static Property<E>, Value<'static>)>,
    /// Relations that the body has as an answer with `$expand` shows them.
    relations: Vec<(&'static str, Value<'static>)>,
    /// Members that are no plain properties but that the operation knows, e.g. `passwordProfile`.
    pub special: Vec<(String, Value<'static>)>,
    /// Everything wrong so far.
    pub violations: Vec<Violation>,
}

impl<E: Entity> Clone for Changes<E> {
    fn clone(&self) -> Self {
        Self {
            sets: self.sets.clone(),
            echoes: self.echoes.clone(),
            relations: self.relations.clone(),
            special: self.special.clone(),
            violations: self.violations.clone(),
        }
    }
}

impl<E: Entity> fmt::Debug for Changes<E> {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sets.iter().map(|(property, _)| property.name)).finish()
    }
}

impl<E: Entity> Changes<E> {
    /// Reads a body. `special` names the members that the operation itself understands.
    /// Annotations (`@odata.…`) are ignored, except `….@odata.bind`, which must be special, and
    /// `@odata.type`, which must not contradict.
    pub fn read(body: Value<'static>, special: &[&str]) -> Self {
        let mut changes = Self {
            sets: vec![],
            echoes: vec![],
            relations: vec![],
            special: vec![],
            violations: vec![],
        };
        let Value::Object(members) = body else {
            changes.violations.push(Violation::new("body", "The body must be a JSON object."));
            return changes;
        };
        let mut seen = HashSet::new();
        for (name, value) in members {
            if name.chars().count() > MAX_TOLD_NAME {
                let told: String = name.chars().take(MAX_TOLD_NAME).collect();
                let message = format!("No property has a name as long as '{told}…'.");
                changes.violations.push(Violation::coded("UnknownProperty", told, message));
                continue;
            }
            if !seen.insert(name.to_ascii_lowercase()) {
                let message =
                    format!("'{name}' is sent twice: names are compared without case. Send one.");
                changes.violations.push(Violation::coded("DuplicateProperty", name, message));
                continue;
            }
            changes.read_member(&name, value, special);
        }
        changes
    }

    fn read_member(&mut self, name: &str, value: Value<'static>, special: &[&str]) {
        if let Some(known) = special.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            return self.special.push(((*known).to_owned(), value));
        }
        if name.eq_ignore_ascii_case(TYPE) {
            return self.check_type_name(&value);
        }
        if name.contains('@') && !name.ends_with("@odata.bind") {
            return;
        }
        if let Some(known) = E::RELATIONS.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            return self.relations.push((*known, value));
        }
        let cleared = value.is_null().then(|| camel_case(name));
        match find::<E>(name).or_else(|| find::<E>(&cleared?)) {
            None => self.violations.push(Violation::coded(
                "UnknownProperty",
                name,
                format!("'{name}' is not a property of {} that can be written.", E::NAME),
            )),
            Some(property) if property.set.is_none() => self.echoes.push((property, value)),
            Some(property) => match property.check(&value) {
                Ok(()) => self.sets.push((property, value)),
                Err(message) => self.violations.push(Violation::new(property.name, message)),
            },
        }
    }

    /// A body that says what it is must be what the operation is about.
    fn check_type_name(&mut self, value: &Value<'static>) {
        let named = value.as_text().map(|name| name.strip_prefix('#').unwrap_or(name));
        if named.and_then(|name| name.strip_prefix("microsoft.graph.")) != Some(E::NAME) {
            let message = format!(
                "'{TYPE}' is not #microsoft.graph.{}, which is what this request is about. Correct \
                 it, leave it out, or send the body to the path of its kind.",
                E::NAME
            );
            self.violations.push(Violation::new(TYPE, message));
        }
    }

    /// A relation that the body has, as an answer with `$expand` shows it. Clients send back what
    /// they read; a collection changes nothing there.
    pub fn relation(&self, name: &str) -> Option<&Value<'static>> {
        self.relations.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Refuses relations in the body of a creation: there they would be lost without a word.
    pub fn refuse_relations(&mut self) {
        for (name, value) in &self.relations {
            if value.is_null() || value.as_list().is_some_and(<[_]>::is_empty) {
                continue;
            }
            let message = format!(
                "'{name}' cannot be made together with the object. Name objects by their address, \
                 in '{name}@odata.bind' where the document has it, else when the object is there."
            );
            self.violations.push(Violation::new(*name, message));
        }
    }

    /// Adds a change as if the body had named it.
    pub fn set(&mut self, name: &str, value: Value<'static>) {
        self.sets.retain(|(property, _)| property.name != name);
        self.read_member(name, value, &[]);
    }

    /// The new value of a property, if the body names it.
    pub fn get(&self, name: &str) -> Option<&Value<'static>> {
        self.sets.iter().find(|(property, _)| property.name == name).map(|(_, value)| value)
    }

    /// The new text of a property; empty text counts as none.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text).filter(|text| !text.trim().is_empty())
    }

    /// Whether a violation about the property was found.
    pub fn is_refused(&self, name: &str) -> bool {
        self.violations.iter().any(|violation| violation.target == name)
    }

    /// Takes a special member out.
    pub fn take_special(&mut self, name: &str) -> Option<Value<'static>> {
        let at = self.special.iter().position(|(known, _)| known == name)?;
        Some(self.special.swap_remove(at).1)
    }

    /// The properties that the body names and that may be written.
    pub fn properties(&self) -> impl Iterator<Item = &'static Property<E>> + '_ {
        self.sets.iter().map(|(property, _)| *property)
    }

    /// Applies the changes. Read-only properties are accepted when they repeat the current
    /// value, as clients do that send back what they read.
    ///
    /// # Errors
    /// One violation for each read-only property that would change. What may be written is applied
    /// all the same, so that whoever goes on finds what else is wrong.
    pub fn apply(&self, entity: &mut E) -> Result<(), Vec<Violation>> {
        let changed = self.echoes.iter().filter(|(property, value)| {
            let current = (property.get)(entity);
            !same(property.ty, &current, value)
        });
        let violations: Vec<_> = changed
            .map(|(property, _)| {
                Violation::coded(
                    "ReadOnlyProperty",
                    property.name,
                    format!("'{}' is read-only; leave it out.", property.name),
                )
            })
            .collect();
        for (property, value) in &self.sets {
            if let Some(set) = property.set {
                set(entity, value.clone());
            }
        }
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }
}

/// Whether a value in a body repeats the current one.
fn same(ty: Type, current: &Value<'_>, sent: &Value<'_>) -> bool {
    match (ty, current, sent) {
        (Type::Id, Value::Text(a), Value::Text(b)) => a.eq_ignore_ascii_case(b),
        (Type::Time, Value::Time(a), Value::Text(b)) => Timestamp::parse(b) == Some(*a),
        _ => current == sent,
    }
}

/// Names of the properties whose values differ.
pub fn differences<E: Entity>(before: &E, after: &E) -> Vec<&'static Property<E>> {
    E::PROPERTIES
        .iter()
        .filter(|property| (property.get)(before) != (property.get)(after))
        .collect()
}

/// Conversion of a field to and from a property value that passed the check of its type.
pub trait FieldValue {
    /// As a value.
    fn value(&self) -> Value<'_>;
    /// From a value of the property's type.
    fn assign(&mut self, value: Value<'static>);
}

fn owned(text: Cow<'static, str>) -> String {
    text.into_owned()
}

impl FieldValue for String {
    fn value(&self) -> Value<'_> {
        Value::text(self)
    }
    fn assign(&mut self, value: Value<'static>) {
        if let Value::Text(text) = value {
            *self = owned(text);
        }
    }
}

impl FieldValue for Option<String> {
    fn value(&self) -> Value<'_> {
        Value::optional(self.as_deref())
    }
    fn assign(&mut self, value: Value<'static>) {
        *self = match value {
            Value::Text(text) if !text.trim().is_empty() => Some(owned(text)),
            _ => None,
        };
    }
}

impl FieldValue for bool {
    fn value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
    fn assign(&mut self, value: Value<'static>) {
        if let Value::Bool(value) = value {
            *self = value;
        }
    }
}

impl FieldValue for Option<bool> {
    fn value(&self) -> Value<'_> {
        self.map_or(Value::Null, Value::Bool)
    }
    fn assign(&mut self, value: Value<'static>) {
        *self = value.as_bool();
    }
}

impl FieldValue for Timestamp {
    fn value(&self) -> Value<'_> {
        Value::Time(*self)
    }
    fn assign(&mut self, value: Value<'static>) {
        if let Some(time) = value.as_text().and_then(Timestamp::parse) {
            *self = time;
        }
    }
}

impl FieldValue for Option<Timestamp> {
    fn value(&self) -> Value<'_> {
        self.map_or(Value::Null, Value::Time)
    }
    fn assign(&mut self, value: Value<'static>) {
        *self = value.as_text().and_then(Timestamp::parse);
    }
}

impl FieldValue for Vec<String> {
    fn value(&self) -> Value<'_> {
        Value::texts(self)
    }
    fn assign(&mut self, value: Value<'static>) {
        let items = match value {
            Value::List(items) => items,
            _ => Vec::new(),
        };
        *self = items.iter().filter_map(Value::as_text).map(str::to_owned).collect();
    }
}

/// The getter of a plain field.
#[macro_export]
macro_rules! get {
    ($field:ident) => {
        |entity| $crate::properties::FieldValue::value(&entity.$field)
    };
}

/// The setter of a plain field.
#[macro_export]
macro_rules! set {
    ($field:ident) => {
        |entity, value| $crate::properties::FieldValue::assign(&mut entity.$field, value)
    };
}

/// The enumeration of an entity's properties, with the list of all of them.
#[macro_export]
macro_rules! fields {
    ($(#[$doc:meta])* $type:ident: $($name:ident),* $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $type { $(
            #[doc = concat!("The property ", stringify!($name), ".")]
            $name
        ),* }
        impl $type {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}
