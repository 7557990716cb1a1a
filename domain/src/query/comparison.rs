//! Comparisons: literals typed against the property they are compared with.

use super::lexer::syntax_error;
use super::parser::Term;
use super::scope::{Subject, clip};
use super::{Filter, Literal, Op};
use crate::Timestamp;
use crate::error::{Error, Result};
use crate::properties::Type;
use crate::text::fold;
use uuid::Uuid;

/// A literal as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Raw {
    Null,
    Bool(bool),
    /// A number, date, GUID or anything else without quotes.
    Bare(String),
    Quoted(String),
}

/// A comparison of two terms; `at` is where the operator stands.
pub(super) fn compare<N: Copy>(
    left: Term<N>,
    op: Op,
    at: usize,
    right: Term<N>,
) -> Result<Filter<N>> {
    match (left, right) {
        (Term::Literal(..), Term::Literal(..)) => {
            Err(syntax_error(at, "one side of a comparison must be a property."))
        }
        (Term::Literal(raw, _), subject) => with_literal(subject, op.flipped(), at, &raw),
        (subject, Term::Literal(raw, _)) => with_literal(subject, op, at, &raw),
        _ => Err(Error::unsupported_query(format!(
            "Unsupported $filter at character {at}: '{}' compares a property or condition with \
             another one. One side must be a constant.",
            op.name()
        ))
        .at("$filter")),
    }
}

fn with_literal<N: Copy>(term: Term<N>, op: Op, at: usize, raw: &Raw) -> Result<Filter<N>> {
    match term {
        Term::Subject(subject) => with_property(&subject, op, raw),
        Term::Count(subject) => {
            let n = match raw {
                Raw::Bare(number) => number.parse().ok(),
                _ => None,
            };
            let n = n.ok_or_else(|| type_error(&subject, "/$count is compared with a number."))?;
            Ok(Filter::Count { field: subject.field, op, n })
        }
        Term::Filter(filter) => {
            let value = match raw {
                Raw::Null => None,
                Raw::Bool(value) => Some(*value),
                _ => return Err(not_a_truth_value(at)),
            };
            match op {
                Op::Eq => Ok(filter.is(value)),
                Op::Ne => Ok(filter.is(value).negated()),
                _ => Err(not_a_truth_value(at)),
            }
        }
        Term::Literal(..) => Err(syntax_error(at, "one side must be a property.")),
    }
}

fn not_a_truth_value(at: usize) -> Error {
    syntax_error(
        at,
        "a condition can only be compared by eq or ne with true, false or null. 'not' binds \
         tighter than eq: write not(property eq 'value').",
    )
}

fn with_property<N: Copy>(subject: &Subject<N>, op: Op, raw: &Raw) -> Result<Filter<N>> {
    let field = subject.field;
    let value = literal(subject, raw)?;
    if matches!(op, Op::Eq | Op::Ne) {
        return Ok(Filter::Compare { field, op, value });
    }
    match (value, subject.ty) {
        (_, Type::Bool | Type::Word(_)) => Err(unsupported(subject, "only takes eq, ne and in.")),
        // Nothing is larger or smaller than null.
        (Literal::Null, _) => Ok(Filter::Const(false)),
        (value, _) => Ok(Filter::Compare { field, op, value }),
    }
}

/// A list of `in`. Null among the values is a comparison of its own.
pub(super) fn one_of<N: Copy>(subject: &Subject<N>, items: &[Raw]) -> Result<Filter<N>> {
    let field = subject.field;
    let mut values = Vec::with_capacity(items.len());
    let mut null = false;
    for item in items {
        match literal(subject, item)? {
            Literal::Null => null = true,
            value => values.push(value),
        }
    }
    let is_null = Filter::Compare { field, op: Op::Eq, value: Literal::Null };
    Ok(match (values.is_empty(), null) {
        (true, _) => is_null,
        (false, false) => Filter::In { field, values },
        (false, true) => Filter::In { field, values }.or(is_null),
    })
}

/// The folded text argument of `startswith` and `endswith`.
pub(super) fn affix<N>(subject: &Subject<N>, raw: &Raw) -> Result<String> {
    match (subject.ty, raw) {
        (Type::Text { .. }, Raw::Quoted(text)) => Ok(fold(text)),
        (Type::Text { .. }, _) => {
            Err(type_error(subject, "is compared with text in single quotes: 'value'."))
        }
        (Type::Texts { .. } | Type::Objects | Type::Object, _) => Err(collection(subject)),
        _ => Err(unsupported(subject, "is no free text; startswith and endswith need one.")),
    }
}

/// A literal of the property's type.
fn literal<N>(subject: &Subject<N>, raw: &Raw) -> Result<Literal> {
    let text = match raw {
        Raw::Null => None,
        Raw::Bool(_) => Some(""),
        Raw::Bare(text) | Raw::Quoted(text) => Some(text.as_str()),
    };
    match (subject.ty, raw) {
        (Type::Texts { .. } | Type::Objects | Type::Object, _) => Err(collection(subject)),
        (_, Raw::Null) => Ok(Literal::Null),
        (Type::Text { .. }, Raw::Quoted(text)) => Ok(Literal::Text(fold(text))),
        (Type::Text { .. }, _) => {
            Err(type_error(subject, "is compared with text in single quotes: 'value'."))
        }
        (Type::Word(words), Raw::Quoted(text)) => words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(text))
            .map(|word| Literal::Word(word))
            .ok_or_else(|| type_error(subject, &one_of_words(words))),
        (Type::Word(words), _) => Err(type_error(subject, &one_of_words(words))),
        (Type::Bool, Raw::Bool(value)) => Ok(Literal::Bool(*value)),
        (Type::Bool, _) => {
            Err(type_error(subject, "is Boolean; compare it with true, false or null, unquoted."))
        }
        (Type::Time, _) => text.and_then(Timestamp::parse).map(Literal::Time).ok_or_else(|| {
            type_error(
                subject,
                "is compared with a date-time, unquoted: \
                 2026-01-31T08:00:00Z.",
            )
        }),
        (Type::Id, _) => {
            text.and_then(|text| Uuid::try_parse(text).ok()).map(Literal::Id).ok_or_else(|| {
                type_error(
                    subject,
                    "is compared with an id: \
                 62e90394-69f5-4237-9190-012177145e10.",
                )
            })
        }
    }
}

fn one_of_words(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("is compared with one of: {}.", quoted.join(", "))
}

fn type_error<N>(subject: &Subject<N>, problem: &str) -> Error {
    let Subject { name, at, .. } = *subject;
    Error::invalid_property(name, format!("Invalid $filter at character {at}: '{name}' {problem}"))
}

fn unsupported<N>(subject: &Subject<N>, problem: &str) -> Error {
    let Subject { name, at, .. } = *subject;
    let message = format!("Unsupported $filter at character {at}: '{name}' {problem}");
    Error::unsupported_query(message).at(name)
}

/// 400 for a collection that is used like a single value.
pub(super) fn collection<N>(subject: &Subject<N>) -> Error {
    let name = subject.name;
    let item = match subject.members.first() {
        Some(member) => format!("x/{}", member.name),
        None => "x".to_owned(),
    };
    let problem = format!("is a collection; write {}/any(x:{item} eq …).", clip(name));
    type_error(subject, &problem)
}
