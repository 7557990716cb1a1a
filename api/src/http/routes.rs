//! The table of paths, made from the document: canonical spelling, templates, allowed methods.
//!
//! Clients write one path in several ways; handlers see one. Rewritten before routing are:
//! `//` and a trailing `/`; the case of fixed segments; percent-encoding of what needs none
//! (`%24ref`); `microsoft.graph.x` and `graph.x` to whichever is served; `delta()` to `delta`;
//! `users('x')` to `users/x`; `directoryRoles(roleTemplateId='x')` to
//! `directoryRoles/roleTemplateId=x`. Ids and user principal names are never touched.

use super::Failure;
use super::segment::{self, Call};
use super::services::methods;
use actix_web::http::{Method, Uri};
use roster_domain::limits;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::openapi::{OpenApi, PathItem};

/// The paths of the service.
#[derive(Debug, Default)]
pub struct Routes(Node);

/// A place in the tree of paths.
#[derive(Debug, Default)]
struct Node {
    /// Fixed segments by their lower-case spelling; `key=` for a segment `key={value}`.
    fixed: HashMap<String, Fixed>,
    parameter: Option<Box<Node>>,
    route: Option<Arc<Route>>,
}

#[derive(Debug)]
struct Fixed {
    canonical: String,
    node: Node,
}

/// A documented path.
#[derive(Debug)]
pub struct Route {
    /// The path as documented: `/v1.0/users/{id}`.
    pub template: Arc<str>,
    /// Its methods as in an `Allow` header, with HEAD where there is GET.
    pub allow: String,
}

impl Route {
    /// Whether the path has this method.
    pub fn allows(&self, method: &Method) -> bool {
        self.allow.split(", ").any(|name| name == method.as_str())
    }
}

/// What the table says about a path.
#[derive(Clone, Debug)]
pub enum Found {
    /// A documented path.
    Known(Arc<Route>),
    /// Nothing itself, like `/v1.0`; documented paths are below it.
    Above,
    /// Not documented; the first unknown segment.
    Unknown(String),
}

impl Found {
    /// The path as documented, where it is.
    pub fn template(&self) -> Option<&Arc<str>> {
        match self {
            Self::Known(route) => Some(&route.template),
            Self::Above | Self::Unknown(_) => None,
        }
    }
}

impl Routes {
    /// The table of a document.
    pub fn of(document: &OpenApi) -> Self {
        let mut root = Node::default();
        for (template, item) in &document.paths.paths {
            root.add(template, allow(item));
        }
        Self(root)
    }

    /// The table with a path that is served and not documented, for GET and HEAD.
    #[must_use]
    pub fn with_page(mut self, template: &str) -> Self {
        self.0.add(template, "GET, HEAD".to_owned());
        self
    }

    /// The canonical spelling of a path, if it differs, and what is known of it.
    ///
    /// # Errors
    /// 400 for a path or query that is too long or that no honest client writes.
    pub fn resolve(&self, uri: &Uri) -> Result<(Option<String>, Found), Failure> {
        let path = uri.path();
        if path.len() > limits::MAX_PATH {
            return Err(too_long("path", limits::MAX_PATH));
        }
        if uri.query().is_some_and(|query| query.len() > limits::MAX_QUERY) {
            return Err(too_long("query", limits::MAX_QUERY));
        }
        let mut walk = Walk { path: String::with_capacity(path.len()), at: Ok(&self.0) };
        for raw in path.split('/').filter(|raw| !raw.is_empty()) {
            walk.segment(raw)?;
        }
        let found = walk.found();
        let mut canonical = walk.path;
        let served = matches!(found, Found::Known(_));
        if canonical.is_empty() || (!served && path.ends_with('/')) {
            canonical.push('/');
        }
        Ok(((canonical != path).then_some(canonical), found))
    }
}

fn too_long(what: &str, limit: usize) -> Failure {
    Failure::malformed(format!("The {what} of the request is longer than {limit} bytes."))
}

impl Node {
    fn add(&mut self, template: &str, allow: String) {
        let mut node = self;
        for segment in template.split('/').filter(|segment| !segment.is_empty()) {
            node = node.child(segment);
        }
        node.route = Some(Arc::new(Route { template: template.into(), allow }));
    }

    fn child(&mut self, segment: &str) -> &mut Self {
        match segment.split_once('{') {
            Some(("", _)) => self.parameter.get_or_insert_default(),
            Some((prefix, _)) => self.fixed_child(prefix),
            None => self.fixed_child(segment),
        }
    }

    fn fixed_child(&mut self, canonical: &str) -> &mut Self {
        let fixed = self
            .fixed
            .entry(canonical.to_ascii_lowercase())
            .or_insert_with(|| Fixed { canonical: canonical.to_owned(), node: Self::default() });
        &mut fixed.node
    }

    fn fixed(&self, segment: &str) -> Option<&Fixed> {
        self.fixed.get(segment).or_else(|| self.fixed.get(&segment.to_ascii_lowercase()))
    }

    /// The fixed segment that a name means, qualified or not.
    fn named(&self, name: &str) -> Option<&Fixed> {
        self.fixed(name).or_else(|| {
            let short = strip_prefix_ignoring_case(name, "microsoft.")
                .map_or(name, |rest| rest)
                .split_at_checked("graph.".len())
                .filter(|(prefix, _)| prefix.eq_ignore_ascii_case("graph."))?
                .1;
            self.fixed(&format!("graph.{short}")).or_else(|| self.fixed(short))
        })
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// A path on its way through the tree.
struct Walk<'a> {
    path: String,
    /// Where it is, or the first segment that is unknown.
    at: Result<&'a Node, String>,
}

impl<'a> Walk<'a> {
    /// Takes one segment as sent.
    fn segment(&mut self, raw: &str) -> Result<(), Failure> {
        let text = segment::decode(raw)?;
        let Ok(node) = self.at else {
            self.path.push('/');
            self.path.push_str(raw);
            return Ok(());
        };
        if let Some(fixed) = node.named(&text) {
            self.step(&fixed.canonical, Some(&fixed.node));
        } else if let Some((fixed, call)) =
            Call::parse(&text).and_then(|call| Some((node.named(call.name)?, call)))
        {
            self.step(&fixed.canonical, Some(&fixed.node));
            for argument in &call.arguments {
                self.value(argument);
            }
        } else {
            self.value(&text);
        }
        Ok(())
    }

    /// Takes a segment that is not fixed: `key=value`, or the value of a parameter.
    fn value(&mut self, text: &str) {
        let Ok(node) = self.at else {
            return self.step(text, None);
        };
        let keyed = text.split_once('=').and_then(|(key, value)| {
            let fixed = node.fixed(&format!("{key}="))?;
            Some((format!("{}{value}", fixed.canonical), &fixed.node))
        });
        match keyed {
            Some((canonical, node)) => self.step(&canonical, Some(node)),
            None => self.step(text, node.parameter.as_deref()),
        }
    }

    fn step(&mut self, segment: &str, to: Option<&'a Node>) {
        segment::push(&mut self.path, segment);
        if self.at.is_ok() {
            self.at = to.ok_or_else(|| segment.to_owned());
        }
    }

    fn found(&self) -> Found {
        match &self.at {
            Ok(Node { route: Some(route), .. }) => Found::Known(Arc::clone(route)),
            Ok(Node { route: None, .. }) => Found::Above,
            Err(segment) => Found::Unknown(segment.clone()),
        }
    }
}

fn allow(item: &PathItem) -> String {
    let mut names = Vec::new();
    for method in methods(item) {
        let is_get = method == Method::GET;
        names.push(method.to_string());
        if is_get {
            names.push(Method::HEAD.to_string());
        }
    }
    names.join(", ")
}
