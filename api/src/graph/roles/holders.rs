//! Users and clients as answers of the roles they hold.

use crate::graph::projection::Projection;
use crate::graph::typed::{computed, of_names, unknown};
use roster_domain::authz::Scope;
use roster_domain::clients::Client;
use roster_domain::properties::find;
use roster_domain::roles::Holder;
use roster_domain::users::User;
use roster_domain::{Error, Result, Value};
use std::borrow::Cow;

/// A property of a client.
type OfClient = (&'static str, fn(&Client) -> Value<'static>);

/// What is shown of a client.
const CLIENT: [OfClient; 4] = [
    ("id", |client| Value::Text(Cow::Owned(client.id.to_string()))),
    ("appId", |client| Value::Text(Cow::Owned(client.id.to_string()))),
    ("displayName", |client| Value::Text(Cow::Owned(client.name.clone()))),
    ("accountEnabled", |client| Value::Bool(client.enabled)),
];

/// Which properties of users and clients an answer carries.
pub(super) struct Chosen {
    users: Projection<User>,
    clients: Vec<OfClient>,
}

impl Chosen {
    /// What a `$select` names, or the default properties.
    ///
    /// # Errors
    /// 400 for all names that neither kind knows, 403 for what the caller may not read.
    pub(super) fn read(select: Option<&str>, scope: &Scope) -> Result<Self> {
        let Some(select) = select else {
            return Ok(Self { users: Projection::of(None, scope), clients: CLIENT.to_vec() });
        };
        let names: Vec<_> = select.split(',').map(str::trim).collect();
        let of_client = |name: &str| CLIENT.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        let violations = names.iter().filter_map(|name| match find::<User>(name) {
            Some(_) => computed(name),
            None => of_client(name).is_none().then(|| unknown(name)),
        });
        let violations: Vec<_> = violations.collect();
        if !violations.is_empty() {
            return Err(Error::violations(violations));
        }
        let clients = CLIENT.into_iter();
        let clients =
            clients.filter(|(own, _)| names.iter().any(|name| own.eq_ignore_ascii_case(name)));
        Ok(Self { users: of_names(&names, scope)?, clients: clients.collect() })
    }
}

/// One holder.
pub(super) fn render(holder: &Holder, chosen: &Chosen) -> Value<'static> {
    let of_type = |name| (Cow::Borrowed("@odata.type"), Value::text(name));
    let mut members = Vec::new();
    match holder {
        Holder::User(user) => {
            members.push(of_type("#microsoft.graph.user"));
            members.extend(
                chosen.users.properties().iter().map(|property| {
                    (Cow::Borrowed(property.name), (property.get)(user).into_owned())
                }),
            );
        }
        Holder::Client(client) => {
            members.push(of_type("#microsoft.graph.servicePrincipal"));
            let of_client = chosen.clients.iter();
            members.extend(of_client.map(|(name, get)| (Cow::Borrowed(*name), get(client))));
        }
    }
    Value::Object(members)
}
