//! The grammar, by operator precedence. Tight to loose: parentheses and calls, `in`, `not`,
//! `gt ge lt le`, `eq ne`, `and`, `or`; so `not a eq b` is `(not a) eq b`.
//!
//! What is open waits on a stack of our own, so no input can exhaust the thread's stack.

use super::Parser;
use crate::error::{Error, Result};
use crate::properties::Type;
use crate::query::comparison::{self, Raw};
use crate::query::lexer::{Kind, syntax_error};
use crate::query::scope::{Scope, Subject, Variable, clip};
use crate::query::{Filter, Op};
use uuid::Uuid;

/// A part of an expression.
pub(in crate::query) enum Term<N> {
    Filter(Filter<N>),
    Subject(Subject<N>),
    /// `…/$count`
    Count(Subject<N>),
    /// A literal and where it stands.
    Literal(Raw, usize),
}

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Or,
    And,
    Compare(Op),
}

impl Operator {
    fn of(kind: &Kind<'_>) -> Option<Self> {
        let Kind::Word(word) = kind else { return None };
        Some(match word.to_ascii_lowercase().as_str() {
            "or" => Self::Or,
            "and" => Self::And,
            "eq" => Self::Compare(Op::Eq),
            "ne" => Self::Compare(Op::Ne),
            "gt" => Self::Compare(Op::Gt),
            "ge" => Self::Compare(Op::Ge),
            "lt" => Self::Compare(Op::Lt),
            "le" => Self::Compare(Op::Le),
            _ => return None,
        })
    }

    const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Compare(Op::Eq | Op::Ne) => 3,
            Self::Compare(_) => 4,
        }
    }
}

/// What waits for the operand that follows it.
enum Waiting<N> {
    /// A parenthesis.
    Open,
    /// A negation.
    Not,
    /// The left side of an operator, and where the operator stands.
    Left(Term<N>, Operator, usize),
}

impl<N> Waiting<N> {
    /// How tight it binds the operand; a parenthesis waits for its end instead.
    const fn precedence(&self) -> Option<u8> {
        match self {
            Self::Open => None,
            Self::Not => Some(5),
            Self::Left(_, operator, _) => Some(operator.precedence()),
        }
    }
}

impl Parser<'_> {
    /// An expression up to the first token that cannot continue it.
    pub(super) fn expression<S: Scope>(&mut self, scope: &S) -> Result<Term<S::Name>> {
        let mut stack = Vec::new();
        loop {
            while let Some(prefix) = self.prefix()? {
                stack.push(prefix);
            }
            let mut term = self.operand(scope)?;
            let (operator, at) = loop {
                if self.eat_word("in") {
                    term = Term::Filter(self.list(term)?);
                    continue;
                }
                let operator = Operator::of(&self.next.kind);
                let least = operator.map_or(0, Operator::precedence);
                term = self.bind(&mut stack, term, least)?;
                if let Some(operator) = operator {
                    break (operator, self.take().at);
                }
                if stack.pop().is_none() {
                    return Ok(term);
                }
                // Only a parenthesis can still be waiting.
                self.expect(&Kind::Close, "')' or an operator such as eq, and, or")?;
                self.leave();
            };
            stack.push(Waiting::Left(term, operator, at));
        }
    }

    /// What may stand before an operand.
    fn prefix<N>(&mut self) -> Result<Option<Waiting<N>>> {
        if self.eat(&Kind::Open) {
            self.enter()?;
            return Ok(Some(Waiting::Open));
        }
        Ok(self.eat_word("not").then_some(Waiting::Not))
    }

    /// Gives the term to everything on the stack that binds it at least as tight as `least`.
    fn bind<N: Copy>(
        &mut self,
        stack: &mut Vec<Waiting<N>>,
        mut term: Term<N>,
        least: u8,
    ) -> Result<Term<N>> {
        let is_tighter =
            |waiting: &mut Waiting<N>| waiting.precedence().is_some_and(|own| own >= least);
        while let Some(waiting) = stack.pop_if(is_tighter) {
            term = Term::Filter(match waiting {
                Waiting::Left(left, Operator::Or, _) => {
                    self.condition(left)?.or(self.condition(term)?)
                }
                Waiting::Left(left, Operator::And, _) => {
                    self.condition(left)?.and(self.condition(term)?)
                }
                Waiting::Left(left, Operator::Compare(op), at) => {
                    self.count_term()?;
                    comparison::compare(left, op, at, term)?
                }
                // A parenthesis binds nothing, so it stays on the stack.
                Waiting::Not | Waiting::Open => self.condition(term)?.negated(),
            });
        }
        Ok(term)
    }

    /// A term as a condition: a Boolean property or constant may stand alone.
    pub(super) fn condition<N: Copy>(&mut self, term: Term<N>) -> Result<Filter<N>> {
        let (at, problem) = match term {
            Term::Filter(filter) => return Ok(filter),
            Term::Literal(Raw::Bool(value), _) => {
                self.count_term()?;
                return Ok(Filter::Const(value));
            }
            Term::Subject(Subject { ty: Type::Bool, field, .. }) => {
                self.count_term()?;
                return Ok(Filter::IsTrue(field));
            }
            Term::Subject(Subject { name, at, .. }) => {
                (at, format!("'{name}' alone is no condition; compare it."))
            }
            Term::Count(Subject { name, at, .. }) => {
                (at, format!("compare the number: {name}/$count eq 0."))
            }
            Term::Literal(_, at) => (at, "a constant alone is no condition.".to_owned()),
        };
        let hint = "'not' binds tighter than eq: write not(property eq 'value').";
        Err(syntax_error(at, &format!("{problem} {hint}")))
    }

    fn operand<S: Scope>(&mut self, scope: &S) -> Result<Term<S::Name>> {
        let at = self.next.at;
        match &self.next.kind {
            Kind::Word(word) => {
                let word = *word;
                self.take();
                match bare_literal(word) {
                    _ if self.next.kind == Kind::Open => self.call(scope, word, at),
                    Some(raw) => Ok(Term::Literal(raw, at)),
                    None => self.path(scope, word, at),
                }
            }
            Kind::Text(_) => Ok(Term::Literal(self.constant()?, at)),
            _ => Err(self.unexpected("a property, a constant, not or '('")),
        }
    }

    /// The list after `in`.
    fn list<N: Copy>(&mut self, left: Term<N>) -> Result<Filter<N>> {
        let Term::Subject(subject) = left else {
            return Err(syntax_error(self.next.at, "a property must stand before 'in'."));
        };
        self.expect(&Kind::Open, "'(' after in")?;
        let mut items = Vec::new();
        loop {
            self.count_term()?;
            items.push(self.constant()?);
            if !self.eat(&Kind::Comma) {
                break;
            }
        }
        self.expect(&Kind::Close, "',' or ')'")?;
        comparison::one_of(&subject, &items)
    }

    fn constant(&mut self) -> Result<Raw> {
        let raw = match &mut self.next.kind {
            Kind::Text(text) => Some(Raw::Quoted(std::mem::take(text))),
            Kind::Word(word) => bare_literal(word),
            _ => None,
        };
        let raw = raw.ok_or_else(|| self.unexpected("a constant; text needs single quotes"))?;
        self.take();
        Ok(raw)
    }

    fn call<S: Scope>(&mut self, scope: &S, name: &str, at: usize) -> Result<Term<S::Name>> {
        let prefix = name.eq_ignore_ascii_case("startswith");
        if !prefix && !name.eq_ignore_ascii_case("endswith") {
            return Err(unserved_function(name, at));
        }
        self.take();
        let subject = self.name(scope)?;
        self.expect(&Kind::Comma, "','")?;
        let text = comparison::affix(&subject, &self.constant()?)?;
        self.expect(&Kind::Close, "')'")?;
        self.count_term()?;
        let field = subject.field;
        Ok(Term::Filter(if prefix {
            Filter::StartsWith { field, text }
        } else {
            Filter::EndsWith { field, text }
        }))
    }

    fn name<S: Scope>(&mut self, scope: &S) -> Result<Subject<S::Name>> {
        let at = self.next.at;
        if let Kind::Word(word) = self.next.kind {
            self.take();
            if let Term::Subject(subject) = self.path(scope, word, at)? {
                return Ok(subject);
            }
        }
        Err(syntax_error(at, "the first argument must be a text property."))
    }

    fn path<S: Scope>(&mut self, scope: &S, first: &str, at: usize) -> Result<Term<S::Name>> {
        let mut path = first.to_owned();
        while self.eat(&Kind::Slash) {
            let Kind::Word(segment) = self.next.kind else {
                return Err(self.unexpected("a name after '/'"));
            };
            self.take();
            if segment == "$count" {
                let subject = collection_named(scope, &path, at)?;
                return Ok(Term::Count(subject));
            }
            if self.next.kind == Kind::Open {
                if !segment.eq_ignore_ascii_case("any") {
                    return Err(unserved_function(segment, at));
                }
                let subject = collection_named(scope, &path, at)?;
                return self.any(&subject).map(Term::Filter);
            }
            path.push('/');
            path.push_str(segment);
        }
        scope.find(&path, at).map(Term::Subject)
    }

    fn any<N: Copy>(&mut self, subject: &Subject<N>) -> Result<Filter<N>> {
        let Subject { name, field, ty, members, .. } = *subject;
        self.take();
        self.count_term()?;
        if self.eat(&Kind::Close) {
            return Ok(Filter::Any { field, predicate: None });
        }
        let Kind::Word(variable) = self.next.kind else {
            return Err(self.unexpected("a variable, as in any(x:x eq 'value')"));
        };
        self.take();
        self.expect(&Kind::Colon, "':' after the variable")?;
        // The one call back into the grammar: inside, no name is a collection.
        let term = self.expression(&Variable { variable, collection: name, ty, members })?;
        let predicate = self.condition(term)?;
        self.expect(&Kind::Close, "')' or an operator such as eq, and, or")?;
        Ok(Filter::Any { field, predicate: Some(Box::new(predicate)) })
    }
}

fn collection_named<S: Scope>(scope: &S, path: &str, at: usize) -> Result<Subject<S::Name>> {
    let subject = scope.find(path, at)?;
    if matches!(subject.ty, Type::Texts { .. } | Type::Objects) {
        return Ok(subject);
    }
    let problem = format!("'{}' is no collection; any() and $count need one.", subject.name);
    Err(syntax_error(at, &problem))
}

/// A literal without quotes; anything else is a name.
fn bare_literal(word: &str) -> Option<Raw> {
    if word == "null" {
        return Some(Raw::Null);
    }
    if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") {
        return Some(Raw::Bool(word.eq_ignore_ascii_case("true")));
    }
    let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    (number || Uuid::try_parse(word).is_ok()).then(|| Raw::Bare(word.to_owned()))
}

fn unserved_function(name: &str, at: usize) -> Error {
    let remedy = match name.to_ascii_lowercase().as_str() {
        "contains" | "substringof" | "indexof" => {
            "Use startswith(), endswith(), or $search, which finds words inside names."
        }
        "tolower" | "toupper" => "Comparisons ignore case; leave it out.",
        "all" => "Write not(items/any(x:not(condition))).",
        _ => "These are: startswith, endswith, any.",
    };
    Error::unsupported_query(format!(
        "Unsupported $filter at character {at}: the function '{}' is not served. {remedy}",
        clip(name)
    ))
    .at("$filter")
}
