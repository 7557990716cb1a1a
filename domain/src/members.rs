//! Reading small bodies that no property table describes, with everything wrong told at once.

use crate::addresses::syntax;
use crate::error::{Error, Result, Violation};
use crate::value::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// The members of a body, and what was found wrong with them.
pub struct Members<'a> {
    body: &'a Value<'static>,
    violations: Vec<Violation>,
}

impl<'a> Members<'a> {
    /// The members of an object. Those that are not `known` are violations, annotations ignored;
    /// `what` names the body: "is not a property of …".
    ///
    /// # Errors
    /// 400 for a body that is no object.
    pub fn of(body: &'a Value<'static>, known: &[&str], what: &str) -> Result<Self> {
        let Some(members) = body.as_object() else {
            return Err(Error::invalid("The body must be a JSON object."));
        };
        let unknown = members
            .iter()
            .map(|(name, _)| name.as_ref())
            .filter(|name| !name.contains('@') && !known.contains(name));
        let violations = unknown.map(|name| {
            let message = format!("'{name}' is not a property of {what}.");
            Violation::coded("UnknownProperty", name, message)
        });
        Ok(Self { body, violations: violations.collect() })
    }

    /// A member; null counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value<'static>> {
        self.body.member(name).filter(|value| !value.is_null())
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, name: &str) -> Option<&'a str> {
        let value = self.get(name)?;
        if value.as_text().is_none() {
            self.refuse(name, "must be a string.");
        }
        value.as_text()
    }

    /// A text that must be there and not be empty.
    pub fn text(&mut self, name: &str) -> Option<&'a str> {
        let text = match self.get(name) {
            None => Some(""),
            Some(_) => self.optional_text(name),
        };
        if text.is_some_and(str::is_empty) {
            let message = format!("'{name}' is required.");
            self.violations.push(Violation::coded("MissingProperty", name, message));
        }
        text.filter(|text| !text.is_empty())
    }

    /// A text that must be there, as what it stands for; `wrong` says what it has to be.
    pub fn text_as<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
        wrong: &str,
    ) -> Option<T> {
        let value = read(self.text(name)?);
        if value.is_none() {
            self.refuse(name, wrong);
        }
        value
    }

    /// A collection of the keys of one to `most` objects, each once; however an id is spelt, it is
    /// the same key. `what` names them: "ids of users".
    pub fn keys(&mut self, name: &str, most: usize, what: &str) -> Vec<String> {
        let items = self.get(name).and_then(Value::as_list).unwrap_or_default();
        let keys: Vec<&str> = items.iter().filter_map(Value::as_text).collect();
        if keys.is_empty() || keys.len() < items.len() {
            self.refuse(name, &format!("must be a collection of {what}."));
        } else if keys.len() > most {
            let wrong = format!("has more than {most} items; send the rest in another request.");
            self.refuse(name, &wrong);
        } else if let Some(wrong) = repetitions(keys.iter().map(|key| (folded(key), *key))) {
            self.refuse(name, &wrong);
        }
        keys.into_iter().map(str::to_owned).collect()
    }

    /// Notes what is wrong with a member; the text goes on after its name.
    pub fn refuse(&mut self, name: &str, wrong: &str) {
        self.violations.push(Violation::new(name, format!("'{name}' {wrong}")));
    }

    /// What was made of the members.
    ///
    /// # Errors
    /// 400 with every offending member.
    pub fn made<T>(self, made: Option<T>) -> Result<T> {
        match made {
            Some(made) if self.violations.is_empty() => Ok(made),
            _ => Err(Error::violations(self.violations)),
        }
    }
}

/// A key, however it is spelt.
fn folded(key: &str) -> String {
    Uuid::try_parse(key).map_or_else(|_| syntax::key(key), |id| id.to_string())
}

/// Which entries of a collection mean an object that an earlier one means; each entry stands with
/// what it means.
pub fn repetitions<'a>(named: impl IntoIterator<Item = (String, &'a str)>) -> Option<String> {
    let mut first: HashMap<String, &str> = HashMap::new();
    let mut again = Vec::new();
    for (meant, entry) in named {
        match first.get(&meant) {
            Some(earlier) => again.push(format!("'{earlier}' and '{entry}'")),
            None => {
                first.insert(meant, entry);
            }
        }
    }
    let all = again.join("; ");
    (!again.is_empty()).then(|| format!("names the same object twice, as {all}. Name each once."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(String, Option<String>)> {
        let body: Value<'static> = serde_json::from_str(body).unwrap();
        let mut members = Members::of(&body, &["name", "note"], "this request")?;
        let name = members.text("name").map(str::to_owned);
        let note = members.optional_text("note").map(str::to_owned);
        members.made(name.map(|name| (name, note)))
    }

    #[test]
    fn what_is_missing_wrong_or_unknown_is_told_apart() {
        let wrong = |body| {
            let violations = read(body).unwrap_err().violations;
            violations.into_iter().map(|one| (one.code, one.message)).collect::<Vec<_>>()
        };
        for body in ["{}", r#"{"name":null}"#, r#"{"name":""}"#] {
            assert_eq!(wrong(body), [("MissingProperty", "'name' is required.".to_owned())]);
        }
        assert_eq!(
            wrong(r#"{"name":1,"note":[],"nmae":"x","@odata.type":"x"}"#),
            [
                ("UnknownProperty", "'nmae' is not a property of this request.".to_owned()),
                ("InvalidValue", "'name' must be a string.".to_owned()),
                ("InvalidValue", "'note' must be a string.".to_owned()),
            ]
        );
        assert!(read("[]").unwrap_err().violations.is_empty());
        assert_eq!(read(r#"{"name":"x","note":null}"#).unwrap(), ("x".to_owned(), None));
    }

    #[test]
    fn keys_are_texts_within_the_bound_and_each_once() {
        let read = |keys: &str| {
            let body: Value<'static> =
                serde_json::from_str(&format!("{{\"ids\":{keys}}}")).unwrap();
            let mut members = Members::of(&body, &["ids"], "this request").unwrap();
            let keys = members.keys("ids", 2, "ids");
            members.made(Some(keys)).map_err(|wrong| wrong.violations[0].message.clone())
        };
        assert_eq!(read(r#"["a","b"]"#).unwrap(), ["a", "b"]);
        let collection = "'ids' must be a collection of ids.";
        for wrong in ["null", "[]", "[1]", r#"["a",null]"#, r#""a""#, "{}"] {
            assert_eq!(read(wrong).unwrap_err(), collection, "{wrong}");
        }
        let many = "'ids' has more than 2 items; send the rest in another request.";
        assert_eq!(read(r#"["a","b","c"]"#).unwrap_err(), many);
        let id = "62e90394-69f5-4237-9190-012177145e10";
        let spellings = [id.to_owned(), id.to_uppercase(), id.replace('-', "")];
        for other in &spellings {
            let twice = format!(
                "'ids' names the same object twice, as '{id}' and '{other}'. Name each once."
            );
            assert_eq!(read(&format!(r#"["{id}","{other}"]"#)).unwrap_err(), twice);
        }
        assert_eq!(
            read(r#"["Ann","aNN"]"#).unwrap_err(),
            "'ids' names the same object twice, as 'Ann' and 'aNN'. Name each once."
        );
    }
}
