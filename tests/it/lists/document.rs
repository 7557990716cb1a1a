//! Collections as the published document describes them.

use serde_json::Value;
use std::collections::BTreeSet;

/// The published document.
pub(super) struct Document(Value);

/// An operation that answers `{"value": […]}`.
#[derive(Clone, Debug)]
pub(super) struct Collection {
    /// Its path: `/v1.0/groups/{id}/members`.
    pub(super) template: String,
    /// Names of its query options.
    pub(super) options: BTreeSet<String>,
    /// Schema of the answer.
    pub(super) answer: Value,
    /// Whether `…/$count` is served besides.
    pub(super) is_counted: bool,
    /// Kinds of objects it can be narrowed to: `graph.user`.
    pub(super) casts: Vec<String>,
}

impl Document {
    /// Reads what `/openapi.json` answered.
    pub(super) fn new(document: Value) -> Self {
        Self(document)
    }

    /// Every collection, in the order of the paths.
    pub(super) fn collections(&self) -> Vec<Collection> {
        let paths = self.0["paths"].as_object().expect("paths");
        let mut found = Vec::new();
        for (template, item) in paths {
            let content = &item["get"]["responses"]["200"]["content"]["application/json"];
            let answer = self.resolved(&content["schema"]).clone();
            if answer["properties"]["value"]["type"] != "array" {
                continue;
            }
            let parameters = item["get"]["parameters"].as_array().map_or(&[][..], Vec::as_slice);
            let options = parameters.iter().filter(|parameter| parameter["in"] == "query");
            let options = options.filter_map(|option| option["name"].as_str()).map(str::to_owned);
            let casts = paths.keys().filter_map(|path| path.strip_prefix(template.as_str()));
            let casts = casts.filter_map(|rest| rest.strip_prefix('/'));
            let casts = casts.filter(|rest| rest.starts_with("graph.") && !rest.contains('/'));
            found.push(Collection {
                options: options.collect(),
                answer,
                is_counted: paths.contains_key(&format!("{template}/$count")),
                casts: casts.map(str::to_owned).collect(),
                template: template.clone(),
            });
        }
        assert!(found.len() > 50, "the document has lost its collections: {found:?}");
        found
    }

    /// What a `$ref` refers to, or the schema itself.
    pub(super) fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let Some(reference) = schema["$ref"].as_str() else { return schema };
        let pointer = reference.strip_prefix('#').expect("a reference inside the document");
        self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    /// The schema of an item, by its `@odata.type` where the collection holds several kinds.
    pub(super) fn schema_of<'a>(&'a self, schema: &'a Value, item: &Value) -> &'a Value {
        let schema = self.resolved(schema);
        let Some(name) = schema["discriminator"]["propertyName"].as_str() else { return schema };
        let kind = item[name].as_str().unwrap_or_else(|| panic!("{item} has no {name}"));
        let reference = schema["discriminator"]["mapping"][kind].as_str();
        let reference = reference.unwrap_or_else(|| panic!("the document has no {kind}"));
        let pointer = reference.strip_prefix('#').expect("a reference inside the document");
        self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    /// The schemas an item may have.
    pub(super) fn kinds<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.resolved(schema);
        match schema["oneOf"].as_array() {
            Some(kinds) => kinds.iter().map(|kind| self.resolved(kind)).collect(),
            None => vec![schema],
        }
    }

    /// What is wrong with a value by its schema: types, words, members that nobody described.
    pub(super) fn faults(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let schema = self.schema_of(schema, value);
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => return Vec::new(),
        };
        let is = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.contains(&is) {
            return vec![format!("{at} is {value}, not {types:?}")];
        }
        match value {
            Value::String(_) => {
                let words = schema["enum"].as_array();
                let known = words.is_none_or(|words| words.contains(value));
                if known { Vec::new() } else { vec![format!("{at} is {value}, no word of it")] }
            }
            Value::Array(items) => {
                let each = items.iter().enumerate();
                let item = |(n, item)| self.faults(&schema["items"], item, &format!("{at}[{n}]"));
                each.flat_map(item).collect()
            }
            Value::Object(members) => {
                let Some(known) = schema["properties"].as_object() else { return Vec::new() };
                let mut faults = Vec::new();
                for (name, value) in members {
                    match known.get(name) {
                        Some(schema) => {
                            faults.extend(self.faults(schema, value, &format!("{at}/{name}")));
                        }
                        None => faults.push(format!("{at}/{name} is not in the document")),
                    }
                }
                let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
                let missing = required.iter().filter_map(Value::as_str);
                let missing = missing.filter(|name| !members.contains_key(*name));
                faults.extend(missing.map(|name| format!("{at}/{name} is missing")));
                faults
            }
            _ => Vec::new(),
        }
    }
}

/// How a property of a schema comes into an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comes {
    /// With `$select`.
    Selected,
    /// With `$select`, where all objects are of one kind.
    Computed,
    /// With `$expand`.
    Expanded,
    /// In bodies, or as an annotation.
    Otherwise,
}

/// How a property comes into an answer.
fn comes(name: &str, schema: &Value) -> Comes {
    if name.contains('@') || schema["x-input"] == true {
        Comes::Otherwise
    } else if schema["x-relation"] == true {
        Comes::Expanded
    } else if schema["x-computed"] == true {
        Comes::Computed
    } else {
        Comes::Selected
    }
}

impl Collection {
    /// Whether it is served with an option.
    pub(super) fn takes(&self, option: &str) -> bool {
        self.options.contains(option)
    }

    /// Whether its items are objects of several kinds.
    pub(super) fn is_mixed(&self, document: &Document) -> bool {
        document.kinds(self.item()).len() > 1
    }

    /// The properties of a kind of its items that `$select` may name.
    pub(super) fn selectable<'a>(&self, document: &Document, kind: &'a Value) -> Vec<&'a str> {
        let mut names = self.properties(kind, Comes::Selected);
        if !self.is_mixed(document) {
            names.extend(self.properties(kind, Comes::Computed));
        }
        names
    }

    /// The schema of its items.
    pub(super) fn item(&self) -> &Value {
        &self.answer["properties"]["value"]["items"]
    }

    /// The properties of a kind of its items that come into answers in one way.
    pub(super) fn properties<'a>(&self, kind: &'a Value, way: Comes) -> Vec<&'a str> {
        let properties = kind["properties"].as_object().into_iter().flatten();
        let properties = properties.filter(|(name, schema)| comes(name, schema) == way);
        properties.map(|(name, _)| name.as_str()).collect()
    }

    /// The properties of all kinds that carry a mark such as "Supports `$orderby`." in each.
    pub(super) fn marked<'a>(&self, kinds: &[&'a Value], mark: &str) -> Vec<&'a str> {
        let has = |kind: &Value, name: &str| {
            let text = kind["properties"][name]["description"].as_str().unwrap_or_default();
            text.contains(mark)
        };
        let first = kinds.first().and_then(|kind| kind["properties"].as_object());
        let names = first.into_iter().flatten().map(|(name, _)| name.as_str());
        names.filter(|name| kinds.iter().all(|kind| has(kind, name))).collect()
    }
}
