//! The filter: a condition on the fields of an object, three-valued as in SQL.

use crate::Timestamp;
use std::cmp::Ordering;
use uuid::Uuid;

/// A condition. It holds for an object when it is true; false and null (unknown) do not hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter<F> {
    /// Always true or always false.
    Const(bool),
    /// A comparison; never null. `Eq` and `Ne` treat null as a value, so `Ne` holds for null;
    /// the other operators are false on null and never carry [`Literal::Null`].
    Compare {
        /// What is compared.
        field: F,
        /// How.
        op: Op,
        /// With what.
        value: Literal,
    },
    /// Whether the value is one of these, none of which is null; never null.
    In {
        /// What is compared.
        field: F,
        /// At least one value.
        values: Vec<Literal>,
    },
    /// Whether the folded text starts with a folded text; null on null.
    StartsWith {
        /// A text.
        field: F,
        /// Folded; may be empty.
        text: String,
    },
    /// Whether the folded text ends with a folded text; null on null.
    EndsWith {
        /// A text.
        field: F,
        /// Folded; may be empty.
        text: String,
    },
    /// A Boolean property as a condition; null on null.
    IsTrue(F),
    /// Whether a condition is true, false or null (`startswith(…) eq true`); never null.
    Is {
        /// The condition.
        filter: Box<Self>,
        /// What it is asked to be.
        value: Option<bool>,
    },
    /// Whether the condition is true of any item of a collection; never null. Without a condition:
    /// whether there is an item.
    Any {
        /// A collection.
        field: F,
        /// A condition on one item, without `Any` and `Count`.
        predicate: Option<Box<Filter<Element>>>,
    },
    /// Compares the number of items; never null.
    Count {
        /// A collection.
        field: F,
        /// How.
        op: Op,
        /// With what.
        n: i64,
    },
    /// False if any is false, else null if any is null. At least two, none of them `And`.
    And(Vec<Self>),
    /// True if any is true, else null if any is null. At least two, none of them `Or`.
    Or(Vec<Self>),
    /// Null stays null. Never holds a `Not`.
    Not(Box<Self>),
}

/// Names inside a collection's condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// The item itself.
    Itself,
    /// A member of the item, by its wire name.
    Member(&'static str),
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `eq`
    Eq,
    /// `ne`
    Ne,
    /// `gt`
    Gt,
    /// `ge`
    Ge,
    /// `lt`
    Lt,
    /// `le`
    Le,
}

/// A constant of the type of the property it is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Literal {
    /// No value; before every value.
    Null,
    /// A Boolean.
    Bool(bool),
    /// Text, folded by [`crate::text::fold`].
    Text(String),
    /// One of the property's fixed words, in its own spelling.
    Word(&'static str),
    /// A point in time.
    Time(Timestamp),
    /// An identifier.
    Id(Uuid),
}

impl Op {
    /// The spelling in `$filter`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// Whether it holds for two values that compare like this.
    pub const fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
        }
    }

    /// The operator with its two sides exchanged.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Eq | Self::Ne => self,
        }
    }
}

impl<F> Filter<F> {
    /// Both conditions, flat.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::And(flat(self, other, |filter| match filter {
            Self::And(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// Either condition, flat.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::Or(flat(self, other, |filter| match filter {
            Self::Or(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// The opposite condition.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether the condition is `value`; none asks for null.
    #[must_use]
    pub fn is(self, value: Option<bool>) -> Self {
        match (self, value) {
            (Self::IsTrue(field), None) => {
                Self::Compare { field, op: Op::Eq, value: Literal::Null }
            }
            (Self::IsTrue(field), Some(value)) => {
                Self::Compare { field, op: Op::Eq, value: Literal::Bool(value) }
            }
            (filter, value) if !filter.is_never_null() => {
                Self::Is { filter: Box::new(filter), value }
            }
            (filter, Some(true)) => filter,
            (filter, Some(false)) => filter.negated(),
            (_, None) => Self::Const(false),
        }
    }

    fn is_never_null(&self) -> bool {
        match self {
            Self::StartsWith { .. } | Self::EndsWith { .. } | Self::IsTrue(_) => false,
            Self::Not(inner) => inner.is_never_null(),
            Self::And(parts) | Self::Or(parts) => parts.iter().all(Self::is_never_null),
            Self::Const(_)
            | Self::Compare { .. }
            | Self::In { .. }
            | Self::Is { .. }
            | Self::Any { .. }
            | Self::Count { .. } => true,
        }
    }
}

/// The parts of two operands, where `open` takes an operand of the same kind apart.
fn flat<F>(
    left: Filter<F>,
    right: Filter<F>,
    open: impl Fn(Filter<F>) -> Result<Vec<Filter<F>>, Filter<F>>,
) -> Vec<Filter<F>> {
    let mut parts = open(left).unwrap_or_else(|single| vec![single]);
    match open(right) {
        Ok(more) => parts.extend(more),
        Err(single) => parts.push(single),
    }
    parts
}
