//! Users and clients as answers of the roles they hold.

use crate::graph::projection::Projection;
use roster_domain::Value;
use roster_domain::roles::Holder;
use roster_domain::users::User;
use std::borrow::Cow;

/// One holder; the projection is that of users.
pub(super) fn render(holder: &Holder, users: &Projection<User>) -> Value<'static> {
    let text = |text: String| Value::Text(Cow::Owned(text));
    match holder {
        Holder::User(user) => {
            let kind = (Cow::Borrowed("@odata.type"), Value::text("#microsoft.graph.user"));
            let properties = users
                .properties()
                .iter()
                .map(|property| (Cow::Borrowed(property.name), (property.get)(user).into_owned()));
            Value::Object(std::iter::once(kind).chain(properties).collect())
        }
        Holder::Client(client) => Value::Object(vec![
            ("@odata.type".into(), Value::text("#microsoft.graph.servicePrincipal")),
            ("id".into(), text(client.id.to_string())),
            ("appId".into(), text(client.id.to_string())),
            ("displayName".into(), text(client.name.clone())),
            ("accountEnabled".into(), Value::Bool(client.enabled)),
        ]),
    }
}
