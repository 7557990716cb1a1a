//! What names stand for: properties of the entity, or the variable of a collection's condition.

use super::lexer::syntax_error;
use super::{Element, MayRead};
use crate::error::{Error, Result, Violation};
use crate::properties::{self, Entity, Member, Property, Type};

/// What a name in a filter stands for.
pub(super) struct Subject<N> {
    pub(super) name: &'static str,
    pub(super) field: N,
    pub(super) ty: Type,
    pub(super) members: &'static [Member],
    /// Character of the filter where the name starts, from 1.
    pub(super) at: usize,
}

/// Where names are looked up.
pub(super) trait Scope {
    /// What the filter's fields are.
    type Name: Copy;
    /// What a path, its segments joined by `/`, stands for.
    fn find(&self, path: &str, at: usize) -> Result<Subject<Self::Name>>;
}

/// The properties of `E`.
pub(super) struct Properties<'a, E: Entity> {
    pub(super) may_read: &'a MayRead<'a, E>,
}

impl<E: Entity> Scope for Properties<'_, E> {
    type Name = E::Field;

    fn find(&self, path: &str, at: usize) -> Result<Subject<E::Field>> {
        let property = find::<E>(path).ok_or_else(|| unknown_in_filter::<E>(path, at))?;
        (self.may_read)(property)?;
        if !property.filter {
            return Err(not_served(property, "$filter", |row| row.filter));
        }
        let Property { name, field, ty, members, .. } = *property;
        Ok(Subject { name, field, ty, members, at })
    }
}

/// The variable of `any` and its members.
pub(super) struct Variable<'a> {
    pub(super) variable: &'a str,
    pub(super) collection: &'static str,
    pub(super) ty: Type,
    pub(super) members: &'static [Member],
}

impl Scope for Variable<'_> {
    type Name = Element;

    fn find(&self, path: &str, at: usize) -> Result<Subject<Element>> {
        let (root, member) = match path.split_once('/') {
            Some((root, member)) => (root, Some(member)),
            None => (path, None),
        };
        if root != self.variable {
            let problem = format!(
                "inside any() only its variable '{}' can be used, not '{}'. Move other \
                 comparisons outside the parentheses and join them with and.",
                clip(self.variable),
                clip(path)
            );
            return Err(syntax_error(at, &problem));
        }
        let subject = |name, field, ty| Subject { name, field, ty, members: &[], at };
        match (self.ty, member) {
            (Type::Texts { max, .. }, None) => {
                Ok(subject(self.collection, Element::Itself, Type::Text { max }))
            }
            (Type::Objects, Some(name)) => self
                .members
                .iter()
                .find(|known| known.name.eq_ignore_ascii_case(name))
                .map(|known| subject(known.name, Element::Member(known.name), known.ty))
                .ok_or_else(|| self.no_such_member(at)),
            _ => Err(self.no_such_member(at)),
        }
    }
}

impl Variable<'_> {
    fn no_such_member(&self, at: usize) -> Error {
        let collection = self.collection;
        let variable = clip(self.variable);
        let problem = if self.members.is_empty() {
            format!("the items of '{collection}' are texts; compare '{variable}' itself.")
        } else {
            let names: Vec<_> =
                self.members.iter().map(|known| format!("{variable}/{}", known.name)).collect();
            format!("in '{collection}' these can be compared: {}.", names.join(", "))
        };
        syntax_error(at, &problem)
    }
}

/// The property that a path stands for.
pub(super) fn find<E: Entity>(path: &str) -> Option<&'static Property<E>> {
    properties::find::<E>(path)
        .or_else(|| E::PATHS.iter().find(|row| row.name.eq_ignore_ascii_case(path)))
}

pub(super) fn unknown_in_filter<E: Entity>(path: &str, at: usize) -> Error {
    let mut violation = unknown::<E>(path);
    violation.message.push_str(&format!(
        " It stands at character {at} of $filter; if it is meant as text, put it in single quotes."
    ));
    Error::violations(vec![violation])
}

/// What is said about a property that does not exist.
pub(super) fn unknown<E: Entity>(name: &str) -> Violation {
    let name = clip(name);
    let message = format!("Could not find a property named '{name}' on {}.", E::NAME);
    Violation::coded("UnknownProperty", name, message)
}

/// 400 for a property that an option does not serve; `served` tells which ones it does.
pub(super) fn not_served<E: Entity>(
    property: &Property<E>,
    option: &str,
    served: impl Fn(&&Property<E>) -> bool,
) -> Error {
    let names: Vec<_> = E::PROPERTIES.iter().filter(served).map(|row| row.name).collect();
    let message = format!(
        "'{}' is not served in {option} on {}. These are: {}.",
        property.name,
        E::NAME,
        names.join(", ")
    );
    Error::unsupported_query(message).at(property.name)
}

/// A client's word, short enough to be repeated in an answer.
pub(super) fn clip(word: &str) -> String {
    const LONGEST: usize = 60;
    if word.chars().nth(LONGEST).is_none() {
        return word.to_owned();
    }
    word.chars().take(LONGEST).chain(['…']).collect()
}
