//! `$search`: `"displayName:jan smit" AND ("mail:jan" OR "mail:smit")`.

use super::MayRead;
use super::scope::{clip, not_served, unknown};
use super::tokens::{query_tokens, spelt_query_tokens};
use crate::error::{Error, Result};
use crate::limits::{MAX_FILTER_DEPTH, MAX_FILTER_TERMS};
use crate::properties::{self, Entity, Property, Type};
use crate::text::fold;

/// Properties whose words are found in any order; others are found by how they start.
const BY_WORD: [&str; 2] = ["displayName", "description"];

/// A search; never null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search<F> {
    /// Whether each token starts a word of the text; see [`super::tokens`].
    Words {
        /// A text.
        field: F,
        /// At least one, from [`super::tokens::query_tokens`].
        tokens: Vec<String>,
    },
    /// Whether the folded text starts with this.
    Prefix {
        /// A text.
        field: F,
        /// Folded by [`crate::text::fold`]; never empty.
        text: String,
    },
    /// All of at least two.
    And(Vec<Self>),
    /// Any of at least two.
    Or(Vec<Self>),
}

/// Reads a `$search`.
///
/// # Errors
/// What the client wrote wrong, or what `may_read` refuses.
pub(super) fn parse_search<E: Entity>(
    text: &str,
    may_read: &MayRead<'_, E>,
) -> Result<Search<E::Field>> {
    let mut parser = Parser { may_read, terms: 0 };
    let mut tokens = tokens(text)?.into_iter();
    let mut outer = Vec::new();
    let mut group = Group::new();
    loop {
        match tokens.next() {
            Some(Token::Clause(text)) => group.all.push(parser.clause(&text)?),
            Some(Token::Open) if outer.len() == MAX_FILTER_DEPTH => {
                let problem = format!("it is nested more than {MAX_FILTER_DEPTH} levels deep.");
                return Err(wrong(&problem));
            }
            Some(Token::Open) => {
                outer.push(std::mem::replace(&mut group, Group::new()));
                continue;
            }
            _ => return Err(wrong("a clause is missing.")),
        }
        // After a clause: an operator, the ends of groups, or the end.
        loop {
            match tokens.next() {
                Some(Token::And) => break,
                Some(Token::Or) => {
                    group.end_alternative();
                    break;
                }
                Some(Token::Close) => {
                    let surrounding = outer.pop().ok_or_else(|| wrong("')' closes nothing."))?;
                    let inner = std::mem::replace(&mut group, surrounding);
                    group.all.push(inner.finish());
                }
                None if outer.is_empty() => return Ok(group.finish()),
                None => return Err(wrong("a closing parenthesis is missing.")),
                Some(_) => return Err(wrong("join clauses with AND or OR.")),
            }
        }
    }
}

/// A group between parentheses while it is read; `AND` binds tighter than `OR`.
struct Group<F> {
    /// What `OR` has ended.
    alternatives: Vec<Search<F>>,
    /// What `AND` joins so far.
    all: Vec<Search<F>>,
}

impl<F> Group<F> {
    const fn new() -> Self {
        Self { alternatives: Vec::new(), all: Vec::new() }
    }

    fn end_alternative(&mut self) {
        let all = std::mem::take(&mut self.all);
        self.alternatives.push(single(all).unwrap_or_else(Search::And));
    }

    fn finish(mut self) -> Search<F> {
        self.end_alternative();
        single(self.alternatives).unwrap_or_else(Search::Or)
    }
}

fn wrong(problem: &str) -> Error {
    let form = "Each clause is a property, a colon and text in double quotes: \
                $search=\"displayName:jan\" OR \"mail:jan\".";
    Error::invalid_property("$search", format!("Invalid $search: {problem} {form}"))
}

enum Token {
    Open,
    Close,
    And,
    Or,
    /// What stands between double quotes, unescaped.
    Clause(String),
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(first) = chars.next() {
        tokens.push(match first {
            // An undecoded '+' is the space that some clients write.
            c if c.is_whitespace() || c == '+' => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '"' => Token::Clause(quoted(&mut chars)?),
            first => {
                let mut word = String::from(first);
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric()) {
                    word.push(c);
                }
                match word.as_str() {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    other => {
                        let word = clip(other);
                        return Err(wrong(&format!(
                            "'{word}' stands outside double quotes, where only AND, OR (in \
                             upper case) and parentheses may stand."
                        )));
                    }
                }
            }
        });
    }
    Ok(tokens)
}

/// The rest of a clause in which a backslash takes the next character as it is.
fn quoted(chars: &mut impl Iterator<Item = char>) -> Result<String> {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok(text),
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    Err(wrong("a double quote is never closed."))
}

struct Parser<'a, E: Entity> {
    may_read: &'a MayRead<'a, E>,
    terms: usize,
}

impl<E: Entity> Parser<'_, E> {
    fn clause(&mut self, clause: &str) -> Result<Search<E::Field>> {
        let Some((name, text)) = clause.split_once(':') else {
            return Err(wrong(&format!("\"{}\" does not say which property.", clip(clause))));
        };
        let (name, text) = (name.trim(), text.trim());
        let property = properties::find::<E>(name)
            .ok_or_else(|| Error::violations(vec![unknown::<E>(name)]))?;
        (self.may_read)(property)?;
        if !searchable(&property) {
            return Err(not_served(property, "$search", searchable));
        }
        let field = property.field;
        let (terms, search) = if BY_WORD.contains(&property.name) {
            let tokens = query_tokens(text);
            let (terms, words) = (tokens.len(), Search::Words { field, tokens });
            match spelt_query_tokens(text) {
                Some(tokens) => {
                    let both = terms + tokens.len();
                    (both, Search::Or(vec![words, Search::Words { field, tokens }]))
                }
                None => (terms, words),
            }
        } else {
            let text = fold(text);
            (usize::from(!text.is_empty()), Search::Prefix { field, text })
        };
        if terms == 0 {
            let problem = format!("there is no letter or digit to look for in '{}'.", clip(name));
            return Err(wrong(&problem));
        }
        self.terms = self.terms.saturating_add(terms);
        if self.terms > MAX_FILTER_TERMS {
            return Err(wrong(&format!("it looks for more than {MAX_FILTER_TERMS} words.")));
        }
        Ok(search)
    }
}

fn searchable<E: Entity>(property: &&Property<E>) -> bool {
    property.filter && matches!(property.ty, Type::Text { .. })
}

/// The only part, or all of them.
fn single<F>(mut parts: Vec<Search<F>>) -> Result<Search<F>, Vec<Search<F>>> {
    match parts.pop() {
        Some(only) if parts.is_empty() => Ok(only),
        last => {
            parts.extend(last);
            Err(parts)
        }
    }
}
