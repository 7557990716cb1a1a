//! What is added to the objects of an answer: `$expand`, and what the caller may do with each.

use super::reply::Extra;
use super::typed::{Projections, Typed};
use roster_domain::authz::{Capabilities, Grant, Right, Scope};
use roster_domain::objects::{self, Expandable, Expanded};
use roster_domain::ports::ReadTx;
use roster_domain::query::{Expand, Query};
use roster_domain::{Result, Value};

/// What a query asks to be added to each object.
pub struct Additions {
    relations: Vec<Expand>,
    projections: Vec<Projections>,
    capabilities: bool,
}

impl Additions {
    /// What a query asks for.
    ///
    /// # Errors
    /// 400 for a nested `$select` that names unknown properties, 403 for what the caller may not
    /// read.
    pub fn read<E: Expandable>(query: &Query<E::Field>, scope: &Scope) -> Result<Self> {
        let read = |expand: &Expand| Projections::read(expand.select.as_deref(), scope);
        let selected = query.select.as_deref().unwrap_or_default();
        Ok(Self {
            relations: query.expand.clone(),
            projections: query.expand.iter().map(read).collect::<Result<_>>()?,
            capabilities: E::CAPABILITIES.is_some_and(|field| selected.contains(&field)),
        })
    }

    /// Whether nothing is added.
    pub const fn is_empty(&self) -> bool {
        self.relations.is_empty() && !self.capabilities
    }

    /// What is added to each object of a page, in its order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find<E: Expandable, R: Right>(
        &self,
        tx: &mut dyn ReadTx,
        grant: &Grant<R>,
        page: &[E],
    ) -> Result<Vec<Vec<Extra>>> {
        let mut added = vec![Vec::new(); page.len()];
        if self.capabilities {
            for (added, capabilities) in added.iter_mut().zip(E::capabilities(tx, grant, page)?) {
                added.push(("capabilities", flags(&capabilities)));
            }
        }
        let found = objects::expand(tx, grant, &self.relations, page)?;
        for ((expand, projections), related) in
            self.relations.iter().zip(&self.projections).zip(found)
        {
            for (added, expanded) in added.iter_mut().zip(related) {
                added.push((expand.relation, render(&expanded, projections)));
            }
        }
        Ok(added)
    }
}

fn flags(capabilities: &Capabilities) -> Value<'static> {
    let flags = [
        ("canUpdate", capabilities.can_update),
        ("canDelete", capabilities.can_delete),
        ("canResetPassword", capabilities.can_reset_password),
        ("canAssignLicense", capabilities.can_assign_license),
        ("canAssignRoles", capabilities.can_assign_roles),
    ];
    let member = |(name, flag): (&'static str, Option<bool>)| {
        (name.into(), flag.map_or(Value::Null, Value::Bool))
    };
    Value::Object(flags.into_iter().map(member).collect())
}

fn render(expanded: &Expanded, projections: &Projections) -> Value<'static> {
    let one = |object| Typed::item(object, projections).into_value();
    match expanded {
        Expanded::One(object) => object.as_ref().map_or(Value::Null, one),
        Expanded::Many(objects) => Value::List(objects.iter().map(one).collect()),
    }
}
