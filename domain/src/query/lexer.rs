//! Splits a `$filter` into tokens, in one pass.

use crate::error::{Error, Result};
use std::iter::Peekable;
use std::str::CharIndices;

/// A token and where it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    /// Character of the option's value, from 1.
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind<'a> {
    /// A name, an operator or a literal without quotes.
    Word(&'a str),
    /// A literal in single quotes, unescaped.
    Text(String),
    Open,
    Close,
    Comma,
    Slash,
    Colon,
    End,
}

/// 400 about the syntax of a filter.
pub(super) fn syntax_error(at: usize, problem: &str) -> Error {
    Error::invalid_property("$filter", format!("Invalid $filter at character {at}: {problem}"))
}

/// The tokens of a filter, the last one `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
    let mut lexer = Lexer { text, chars: text.char_indices().peekable(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    tokens.push(Token { kind: Kind::End, at: lexer.at.saturating_add(1) });
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    /// Characters taken so far.
    at: usize,
}

impl<'a> Lexer<'a> {
    fn take(&mut self) -> Option<(usize, char)> {
        let next = self.chars.next()?;
        self.at = self.at.saturating_add(1);
        Some(next)
    }

    fn token(&mut self) -> Result<Option<Token<'a>>> {
        // An undecoded '+' is the space that some clients write.
        while self.chars.next_if(|(_, c)| c.is_whitespace() || *c == '+').is_some() {
            self.at = self.at.saturating_add(1);
        }
        let Some((start, first)) = self.take() else {
            return Ok(None);
        };
        let at = self.at;
        let kind = match first {
            '(' => Kind::Open,
            ')' => Kind::Close,
            ',' => Kind::Comma,
            '/' => Kind::Slash,
            ':' => Kind::Colon,
            '\'' => Kind::Text(self.quoted(at)?),
            c if is_word(c) => Kind::Word(self.word(start, c)),
            '"' => {
                return Err(syntax_error(at, "text stands in single quotes, not double ones."));
            }
            c => {
                let problem = format!(
                    "unexpected character '{}'. Text stands in single quotes, operators are words \
                     such as eq, and, not.",
                    c.escape_default()
                );
                return Err(syntax_error(at, &problem));
            }
        };
        Ok(Some(Token { kind, at }))
    }

    /// A word; one that starts with a digit may be a date-time: `2026-01-31T08:00:00+01:00`.
    fn word(&mut self, start: usize, first: char) -> &'a str {
        let mut end = start.saturating_add(first.len_utf8());
        while let Some(&(index, c)) = self.chars.peek() {
            let zone = c == '+' && self.text.get(end..).is_some_and(starts_a_zone);
            if !(is_word(c) || first.is_ascii_digit() && (c == ':' || zone)) {
                break;
            }
            end = index.saturating_add(c.len_utf8());
            self.take();
        }
        self.text.get(start..end).unwrap_or_default()
    }

    /// The rest of a quoted literal; `''` is one quote.
    fn quoted(&mut self, at: usize) -> Result<String> {
        let mut text = String::new();
        loop {
            match self.take() {
                Some((_, '\'')) => match self.chars.peek() {
                    Some((_, '\'')) => text.extend(self.take().map(|(_, c)| c)),
                    _ => return Ok(text),
                },
                Some((_, c)) => text.push(c),
                None => {
                    let problem = "the quote is never closed. Write a quote inside text as ''.";
                    return Err(syntax_error(at, problem));
                }
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '@')
}

fn starts_a_zone(text: &str) -> bool {
    text.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}
