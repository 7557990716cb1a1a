//! Reads a `$filter`: tokens, limits and the entry. The grammar is in [`grammar`].

mod grammar;

pub(super) use grammar::Term;

use super::lexer::{Kind, Token, syntax_error, tokens};
use super::scope::{Properties, clip, find, unknown_in_filter};
use super::{Filter, MayRead};
use crate::error::{Error, Result};
use crate::limits::{MAX_FILTER_DEPTH, MAX_FILTER_TERMS};
use crate::properties::Entity;

/// Reads a `$filter`.
///
/// # Errors
/// What the client wrote wrong and where, or what `may_read` refuses.
pub(super) fn parse_filter<E: Entity>(
    text: &str,
    may_read: &MayRead<'_, E>,
) -> Result<Filter<E::Field>> {
    let all = tokens(text)?;
    let refuse = |error| with_all_unknown::<E>(error, &all);
    read(all.clone(), &Properties { may_read }).map_err(refuse)
}

fn read<E: Entity>(
    tokens: Vec<Token<'_>>,
    properties: &Properties<'_, E>,
) -> Result<Filter<E::Field>> {
    let mut tokens = tokens.into_iter();
    let next = tokens.next().unwrap_or(Token { kind: Kind::End, at: 1 });
    let mut parser = Parser { tokens, next, depth: 0, terms: 0 };
    let term = parser.expression(properties)?;
    if parser.next.kind != Kind::End {
        return Err(parser.unexpected("an operator such as eq, and, or; or the end"));
    }
    parser.condition(term)
}

/// Reading stops at the first name that is no property; the client is told the others, too: those
/// that are compared outside of `any`, whose variables are no properties.
fn with_all_unknown<E: Entity>(error: Error, tokens: &[Token<'_>]) -> Error {
    let is_unknown = error.violations.first().is_some_and(|first| first.code == "UnknownProperty");
    if !is_unknown || tokens.iter().any(|token| token.kind == Kind::Colon) {
        return error;
    }
    tokens.iter().enumerate().fold(error, |error, (at, name)| {
        let (Kind::Word(word), Some(next)) = (&name.kind, tokens.get(at + 1)) else { return error };
        let in_path = at.checked_sub(1).and_then(|before| tokens.get(before));
        let in_path = in_path.is_some_and(|before| before.kind == Kind::Slash);
        let is_compared = matches!(next.kind, Kind::Word(operator) if is_comparison(operator));
        let is_named = error.violations.iter().any(|named| named.target == *word);
        if in_path || !is_compared || is_named || find::<E>(word).is_some() {
            return error;
        }
        error.and(unknown_in_filter::<E>(word, name.at))
    })
}

fn is_comparison(word: &str) -> bool {
    ["eq", "ne", "gt", "ge", "lt", "le", "in"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

struct Parser<'a> {
    tokens: std::vec::IntoIter<Token<'a>>,
    next: Token<'a>,
    depth: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    /// Takes the next token. After the last one comes `End`, again and again.
    fn take(&mut self) -> Token<'a> {
        let end = Token { kind: Kind::End, at: self.next.at };
        std::mem::replace(&mut self.next, self.tokens.next().unwrap_or(end))
    }

    fn eat(&mut self, kind: &Kind<'_>) -> bool {
        let found = self.next.kind == *kind;
        if found {
            self.take();
        }
        found
    }

    fn eat_word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.next.kind, Kind::Word(word) if word.eq_ignore_ascii_case(wanted));
        if found {
            self.take();
        }
        found
    }

    fn expect(&mut self, kind: &Kind<'_>, name: &str) -> Result<()> {
        if self.eat(kind) { Ok(()) } else { Err(self.unexpected(name)) }
    }

    fn unexpected(&self, expected: &str) -> Error {
        let found = match &self.next.kind {
            Kind::Word(word) => {
                let arithmetic = ["has", "add", "sub", "mul", "div", "divby", "mod"];
                if arithmetic.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                    return Error::unsupported_query(format!(
                        "Unsupported $filter at character {}: the operator '{word}' is not \
                         served. These are: eq, ne, gt, ge, lt, le, in, and, or, not.",
                        self.next.at
                    ))
                    .at("$filter");
                }
                format!("'{}'", clip(word))
            }
            Kind::Text(text) => format!("the text '{}'", clip(text)),
            Kind::Open => "'('".to_owned(),
            Kind::Close => "')'".to_owned(),
            Kind::Comma => "','".to_owned(),
            Kind::Slash => "'/'".to_owned(),
            Kind::Colon => "':'".to_owned(),
            Kind::End => "the end".to_owned(),
        };
        syntax_error(self.next.at, &format!("found {found}, expected {expected}."))
    }

    /// Counts one more open parenthesis.
    fn enter(&mut self) -> Result<()> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_FILTER_DEPTH {
            let problem = format!("it is nested more than {MAX_FILTER_DEPTH} levels deep.");
            return Err(syntax_error(self.next.at, &problem));
        }
        Ok(())
    }

    const fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn count_term(&mut self) -> Result<()> {
        self.terms = self.terms.saturating_add(1);
        if self.terms > MAX_FILTER_TERMS {
            let problem = format!(
                "it has more than {MAX_FILTER_TERMS} comparisons and listed values. Split the \
                 request, or ask for several objects by id with a batch."
            );
            return Err(syntax_error(self.next.at, &problem));
        }
        Ok(())
    }
}
