//! Options and headers of requests, as the document describes them.

use utoipa::IntoParams;

/// Options of a list request, for the document; [`roster_domain::query`] reads them. Where objects
/// have relations, [`ExpandOption`] comes besides.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub struct ListOptions {
    /// Properties to answer, separated by commas.
    #[param(rename = "$select")]
    select: Option<String>,
    /// Condition, e.g. `startswith(displayName,'Jan')`.
    #[param(rename = "$filter")]
    filter: Option<String>,
    /// Order, e.g. `displayName desc`.
    #[param(rename = "$orderby")]
    orderby: Option<String>,
    /// Words to search for, e.g. `"displayName:jan"`.
    #[param(rename = "$search")]
    search: Option<String>,
    /// Objects a page, 1 to 999; 100 by default.
    #[param(rename = "$top", minimum = 1, maximum = 999)]
    top: Option<i32>,
    /// Whether to answer the number of all matching objects.
    #[param(rename = "$count")]
    count: Option<bool>,
    /// Place of the page; part of `@odata.nextLink`.
    #[param(rename = "$skiptoken")]
    skiptoken: Option<String>,
}

/// Options of a request that counts.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub struct CountOptions {
    /// Condition, e.g. `accountEnabled eq false`.
    #[param(rename = "$filter")]
    filter: Option<String>,
    /// Words to search for, e.g. `"displayName:jan"`.
    #[param(rename = "$search")]
    search: Option<String>,
}

/// Options of a request for one object.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub struct SelectOption {
    /// Properties to answer, separated by commas.
    #[param(rename = "$select")]
    select: Option<String>,
}

/// Option of a request for objects with relations.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub struct ExpandOption {
    /// Relations to answer with each object, e.g. `manager($select=id,displayName)`.
    #[param(rename = "$expand")]
    expand: Option<String>,
}

/// Header of a conditional change.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
pub struct Conditional {
    /// Entity tag the object must have, e.g. `"v3"`.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}
