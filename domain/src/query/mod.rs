//! Queries as data: what `$filter`, `$orderby`, `$search`, `$select` and `$expand` say about an
//! entity with a property table, parsed, typed and bounded. Both databases lower these types to
//! SQL; [`evaluate`], [`found_by`] and [`compare`] give their meaning in memory.
//!
//! Every property that a query names goes through the caller's [`MayRead`], so what a caller may
//! not read can be neither selected, filtered, sorted nor searched.

mod canonical;
mod comparison;
mod evaluate;
mod filter;
mod lexer;
mod lists;
mod options;
mod parser;
mod scope;
mod search;
pub mod tokens;

pub use canonical::canonical;
pub use evaluate::{compare, evaluate, found_by};
pub use filter::{Element, Filter, Literal, Op};
pub use lists::Expand;
pub use options::{COUNT, LIST, ONE, Plain, parse, parse_plain};
pub use search::Search;

use crate::error::Result;
use crate::limits::DEFAULT_PAGE;
use crate::properties::Property;

/// Whether the caller may read a property; its error is what the client gets (a 403).
pub type MayRead<'a, E> = dyn Fn(&'static Property<E>) -> Result<()> + 'a;

/// What a list request asks for. `F` is the entity's `Field`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query<F> {
    /// Properties to answer; none for the default projection.
    pub select: Option<Vec<F>>,
    /// Which objects.
    pub filter: Option<Filter<F>>,
    /// In which order; see [`compare`] for what comes after the last term.
    pub order: Vec<Order<F>>,
    /// Which objects, besides the filter.
    pub search: Option<Search<F>>,
    /// Most objects on a page.
    pub top: usize,
    /// Whether the answer carries the number of all matching objects.
    pub count: bool,
    /// Where the page starts: opaque, as the client sent it.
    pub skip_token: Option<String>,
    /// Relations to answer with each object.
    pub expand: Vec<Expand>,
}

impl<F> Default for Query<F> {
    fn default() -> Self {
        Self {
            select: None,
            filter: None,
            order: Vec::new(),
            search: None,
            top: DEFAULT_PAGE,
            count: false,
            skip_token: None,
            expand: Vec::new(),
        }
    }
}

/// One term of `$orderby`. Null sorts before every value, so it comes last when descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<F> {
    /// What is compared; text is compared folded, by code point.
    pub field: F,
    /// Largest first.
    pub descending: bool,
}

#[cfg(test)]
mod tests;
