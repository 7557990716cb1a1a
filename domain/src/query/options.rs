//! The query options of a list request.

use super::lists::{parse_expand, parse_order, parse_select};
use super::parser::parse_filter;
use super::scope::clip;
use super::search::parse_search;
use super::{MayRead, Query};
use crate::error::{Error, Result};
use crate::limits::{DEFAULT_PAGE, MAX_OPTION_LENGTH, MAX_PAGE};
use crate::properties::Entity;

/// Options of OData that this service does not serve, and what to do instead.
const UNSERVED: [(&str, &str); 3] = [
    ("skip", "Follow @odata.nextLink instead."),
    ("compute", "Compute from the properties in the client."),
    ("apply", "Use $filter with $count=true for numbers, or the reports."),
];

/// The values of the options, as written.
#[derive(Default)]
struct Options<'a> {
    select: Option<&'a str>,
    filter: Option<&'a str>,
    orderby: Option<&'a str>,
    search: Option<&'a str>,
    top: Option<&'a str>,
    count: Option<&'a str>,
    skiptoken: Option<&'a str>,
    expand: Option<&'a str>,
    format: Option<&'a str>,
}

/// The options of a collection with the whole dialect.
pub const LIST: &[&str] =
    &["$select", "$filter", "$orderby", "$search", "$top", "$count", "$skiptoken", "$expand"];
/// The options of one object.
pub const ONE: &[&str] = &["$select", "$expand"];
/// The options of a number of objects.
pub const COUNT: &[&str] = &["$filter", "$search"];

/// Reads the query options of a request: names and values, percent-decoded. Names are known with
/// and without `$`, in any case; those are served that `served` names. Unknown names are ignored
/// unless they start with `$`.
///
/// # Errors
/// 400 with property, problem and remedy for all that is wrong at once; or what `may_read` refuses
/// for a property that `$select`, `$filter`, `$orderby` or `$search` names.
pub fn parse<'a, E: Entity>(
    served: &[&str],
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    may_read: &MayRead<'_, E>,
) -> Result<Query<E::Field>> {
    let mut wrong = Wrong::default();
    let options = Options::read(served, pairs, &mut wrong);
    let query = Query {
        select: wrong.or_none(options.select.map(|text| parse_select(text, may_read))),
        filter: wrong.or_none(options.filter.map(|text| parse_filter(text, may_read))),
        order: wrong
            .or_none(options.orderby.map(|text| parse_order(text, may_read)))
            .unwrap_or_default(),
        search: wrong.or_none(options.search.map(|text| parse_search(text, may_read))),
        top: wrong.or_none(options.top.map(parse_top)).unwrap_or(DEFAULT_PAGE),
        count: wrong.or_none(options.count.map(parse_count)).unwrap_or_default(),
        skip_token: wrong.or_none(options.skiptoken.map(parse_skip_token)),
        expand: wrong.or_none(options.expand.map(parse_expand::<E>)).unwrap_or_default(),
    };
    wrong.none()?;
    Ok(query)
}

/// The options of a collection without a property table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain<'a> {
    /// What is searched for, as written.
    pub search: Option<&'a str>,
    /// Most objects on a page.
    pub top: Option<usize>,
    /// Where the page starts.
    pub skip_token: Option<&'a str>,
}

/// Reads `$search`, `$top` and `$skiptoken`, as far as `served` names them; as [`parse`] does.
///
/// # Errors
/// 400 for all that is wrong at once.
pub fn parse_plain<'a>(
    served: &[&str],
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Plain<'a>> {
    let mut wrong = Wrong::default();
    let options = Options::read(served, pairs, &mut wrong);
    let top = wrong.or_none(options.top.map(parse_top));
    wrong.none()?;
    Ok(Plain { search: options.search, top, skip_token: options.skiptoken })
}

/// All that is wrong with a request.
#[derive(Default)]
struct Wrong(Vec<Error>);

impl Wrong {
    /// The value, unless it is wrong.
    fn or_none<T>(&mut self, read: Option<Result<T>>) -> Option<T> {
        read?.map_err(|error| self.0.push(error)).ok()
    }

    fn none(self) -> Result<()> {
        self.0.into_iter().reduce(Error::and).map_or(Ok(()), Err)
    }
}

impl<'a> Options<'a> {
    fn read(
        served: &[&str],
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        wrong: &mut Wrong,
    ) -> Self {
        let mut options = Self::default();
        for (name, value) in pairs {
            wrong.or_none(Some(options.take(served, name, value)));
        }
        wrong.or_none(options.format.map(check_format));
        options
    }

    fn take(&mut self, served: &[&str], name: &str, value: &'a str) -> Result<()> {
        let option = name.strip_prefix('$').unwrap_or(name).to_ascii_lowercase();
        let Some(slot) = self.slot(&option) else {
            return unknown_option(served, name, &option);
        };
        let is_served = served.iter().any(|known| known.get(1..) == Some(option.as_str()));
        if !is_served && option != "format" {
            return Err(unserved(served, &option));
        }
        let wrong = if slot.is_some() {
            "is given twice; give it once.".to_owned()
        } else if value.len() > MAX_OPTION_LENGTH {
            format!("is longer than {MAX_OPTION_LENGTH} bytes.")
        } else if value.contains('\0') {
            "contains the character U+0000.".to_owned()
        } else {
            *slot = Some(value);
            return Ok(());
        };
        let target = format!("${option}");
        let message = format!("The query option {target} {wrong}");
        Err(Error::invalid_property(target, message))
    }

    fn slot(&mut self, option: &str) -> Option<&mut Option<&'a str>> {
        Some(match option {
            "select" => &mut self.select,
            "filter" => &mut self.filter,
            "orderby" => &mut self.orderby,
            "search" => &mut self.search,
            "top" => &mut self.top,
            "count" => &mut self.count,
            "skiptoken" => &mut self.skiptoken,
            "expand" => &mut self.expand,
            "format" => &mut self.format,
            _ => return None,
        })
    }
}

fn unknown_option(served: &[&str], name: &str, option: &str) -> Result<()> {
    if let Some((_, remedy)) = UNSERVED.iter().find(|(unserved, _)| *unserved == option) {
        let message = format!("The query option ${option} is not served. {remedy}");
        return Err(Error::unsupported_query(message).at(format!("${option}")));
    }
    if !name.starts_with('$') {
        return Ok(());
    }
    let name = clip(name);
    let message = format!("The query option '{name}' is not known. {}", these(served));
    Err(Error::invalid_property(name, message))
}

fn unserved(served: &[&str], option: &str) -> Error {
    let message = format!("The query option ${option} is not served here. {}", these(served));
    Error::unsupported_query(message).at(format!("${option}"))
}

/// Which options there are.
fn these(served: &[&str]) -> String {
    match served {
        [] => "There are none here.".to_owned(),
        some => format!("These are: {}.", some.join(", ")),
    }
}

fn parse_top(text: &str) -> Result<usize> {
    let size = text.trim().parse().ok().filter(|size| (1..=MAX_PAGE).contains(size));
    size.ok_or_else(|| {
        let message = format!(
            "Invalid page size specified: '{}'. Must be between 1 and {MAX_PAGE} inclusive.",
            clip(text)
        );
        Error::invalid_property("$top", message)
    })
}

fn parse_count(text: &str) -> Result<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Error::invalid_property("$count", "$count must be true or false.")),
    }
}

fn parse_skip_token(text: &str) -> Result<String> {
    if text.is_empty() {
        let message = "$skiptoken is empty; follow @odata.nextLink as it is.";
        return Err(Error::invalid_property("$skiptoken", message));
    }
    Ok(text.to_owned())
}

fn check_format(text: &str) -> Result<()> {
    let format = text.trim().to_ascii_lowercase();
    if format == "json" || format.starts_with("application/json") {
        return Ok(());
    }
    Err(Error::invalid_property("$format", "Only JSON is served; leave $format out."))
}
