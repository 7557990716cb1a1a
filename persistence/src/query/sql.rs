//! A statement under construction.

use crate::Bind;
use roster_domain::authz::Access;
use roster_domain::query::Literal;
use roster_domain::users::UserId;
use uuid::Uuid;

/// Which database a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL and its relatives.
    Postgres,
}

/// A statement and its binds.
#[derive(Debug)]
pub(crate) struct Sql {
    pub(crate) dialect: Dialect,
    /// What the caller sees; nobody's view until the statement is limited to a scope.
    pub(crate) access: Access,
    pub(crate) text: String,
    pub(crate) binds: Vec<Bind>,
}

impl Sql {
    pub(crate) fn new(dialect: Dialect, text: &str) -> Self {
        let access = Access::Member { own: UserId::default() };
        Self { dialect, access, text: text.to_owned(), binds: Vec::new() }
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(crate) fn bind(&mut self, value: Bind) {
        self.binds.push(value);
        self.text.push('$');
        self.text.push_str(&self.binds.len().to_string());
    }

    pub(crate) fn bind_text(&mut self, text: &str) {
        self.bind(Bind::Text(text.to_owned()));
    }

    pub(crate) fn bind_int(&mut self, value: i64) {
        self.bind(Bind::Int(value));
    }

    pub(crate) fn bind_id(&mut self, id: Uuid) {
        self.bind(Bind::Guid(id));
    }

    /// Identifiers, with commas between them.
    pub(crate) fn bind_ids(&mut self, ids: impl Iterator<Item = Uuid>) {
        for (at, id) in ids.enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.bind_id(id);
        }
    }

    /// A constant of a query. Null never gets here: it is an `IS NULL`.
    pub(crate) fn bind_literal(&mut self, literal: &Literal, time_as_number: bool) {
        match literal {
            Literal::Null => self.push("NULL"),
            Literal::Bool(value) => self.bind(Bind::Bool(*value)),
            Literal::Text(text) => self.bind_text(text),
            Literal::Word(word) => self.bind_text(word),
            Literal::Time(time) if time_as_number => self.bind_int(time.micros()),
            Literal::Time(time) => self.bind(Bind::Instant(*time)),
            Literal::Id(id) => self.bind_id(*id),
        }
    }
}
