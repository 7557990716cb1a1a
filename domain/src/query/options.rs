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

/// Reads the query options of a request: names and values, percent-decoded. Names are known with
/// and without `$`, in any case. Unknown names are ignored unless they start with `$`.
///
/// # Errors
/// 400 with property, problem and remedy; or what `may_read` refuses for a property that
/// `$select`, `$filter`, `$orderby` or `$search` names.
pub fn parse<'a, E: Entity>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    may_read: &MayRead<'_, E>,
) -> Result<Query<E::Field>> {
    let mut options = Options::default();
    for (name, value) in pairs {
        options.take(name, value)?;
    }
    if let Some(format) = options.format {
        check_format(format)?;
    }
    Ok(Query {
        select: options.select.map(|text| parse_select(text, may_read)).transpose()?,
        filter: options.filter.map(|text| parse_filter(text, may_read)).transpose()?,
        order: options.orderby.map_or(Ok(Vec::new()), |text| parse_order(text, may_read))?,
        search: options.search.map(|text| parse_search(text, may_read)).transpose()?,
        top: options.top.map_or(Ok(DEFAULT_PAGE), parse_top)?,
        count: options.count.map_or(Ok(false), parse_count)?,
        skip_token: options.skiptoken.map(parse_skip_token).transpose()?,
        expand: options.expand.map_or(Ok(Vec::new()), parse_expand::<E>)?,
    })
}

impl<'a> Options<'a> {
    fn take(&mut self, name: &str, value: &'a str) -> Result<()> {
        let option = name.strip_prefix('$').unwrap_or(name).to_ascii_lowercase();
        let Some(slot) = self.slot(&option) else {
            return unknown_option(name, &option);
        };
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

fn unknown_option(name: &str, option: &str) -> Result<()> {
    if let Some((_, remedy)) = UNSERVED.iter().find(|(unserved, _)| *unserved == option) {
        let message = format!("The query option ${option} is not served. {remedy}");
        return Err(Error::unsupported_query(message).at(format!("${option}")));
    }
    if !name.starts_with('$') {
        return Ok(());
    }
    let name = clip(name);
    let message = format!(
        "The query option '{name}' is not known. These are: $select, $filter, $orderby, $search, \
         $top, $count, $skiptoken, $expand."
    );
    Err(Error::invalid_property(name, message))
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
