//! Queries: SQL on both databases finds and orders exactly what the evaluator in memory does.

use crate::support::{Database, inputs, on_each_database, tenant};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use roster_domain::Timestamp;
use roster_domain::authz::{
    Actor, Claims, Policy, Principal, PrincipalState, Role, RoleSet, Scope, authorize, rights,
};
use roster_domain::clients::ClientId;
use roster_domain::id::TenantId;
use roster_domain::paging::Cursor;
use roster_domain::query::{Element, Filter, Literal, Op, Order, Query, compare, evaluate};
use roster_domain::users::{OrgData, User, UserField as F, UserId, UserReads, UserWrites};
use roster_persistence::{Lane, Store};
use uuid::Uuid;

const USERS: u128 = 60;
const FILTERS: usize = 300;
/// Few letters, so that comparisons often meet; folding, quotes and wildcards among them.
const TEXT: &str = "[aBé%_' 'ß]{0,3}";

/// Values drawn from a fixed seed.
struct Draw(TestRunner);

impl Draw {
    fn new() -> Self {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    fn one<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy.new_tree(&mut self.0).unwrap().current()
    }
}

fn user() -> impl Strategy<Value = User> {
    let text = || proptest::option::of(TEXT).prop_map(|text| text.filter(|t| !t.trim().is_empty()));
    let texts = || proptest::collection::vec(TEXT, 0..3);
    let time = || proptest::option::of(0..4_i64);
    (
        (TEXT, text(), text(), text(), text(), text()),
        (any::<bool>(), any::<Option<bool>>(), any::<bool>(), time()),
        (texts(), texts()),
    )
        .prop_map(|(names, (enabled, shown, guest, hired), (phones, mails))| User {
            display_name: names.0,
            department: names.1,
            city: names.2,
            employee_type: names.3,
            fax_number: names.4,
            account_enabled: enabled,
            show_in_address_list: shown,
            user_type: if guest { "Guest" } else { "Member" }.to_owned(),
            employee_hire_date: hired.map(Timestamp::from_micros),
            business_phones: phones,
            other_mails: mails,
            employee_org_data: OrgData { division: names.5, cost_center: None },
            ..User::default()
        })
}

fn op() -> impl Strategy<Value = Op> {
    proptest::sample::select(vec![Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le])
}

fn equality() -> impl Strategy<Value = Op> {
    proptest::sample::select(vec![Op::Eq, Op::Ne])
}

fn folded() -> impl Strategy<Value = String> {
    TEXT.prop_map(|text| roster_domain::text::fold(&text))
}

fn text_leaf<T: Copy + std::fmt::Debug + 'static>(fields: Vec<T>) -> BoxedStrategy<Filter<T>> {
    let values = proptest::collection::vec(folded().prop_map(Literal::Text), 1..3);
    (proptest::sample::select(fields), op(), equality(), folded(), values, 0..5_u8)
        .prop_map(|(field, op, equality, text, values, form)| match form {
            0 => Filter::StartsWith { field, text },
            1 => Filter::EndsWith { field, text },
            2 => Filter::In { field, values },
            3 => Filter::Compare { field, op: equality, value: Literal::Null },
            _ => Filter::Compare { field, op, value: Literal::Text(text) },
        })
        .boxed()
}

fn leaf() -> BoxedStrategy<Filter<F>> {
    let flag = proptest::sample::select(vec![F::AccountEnabled, F::ShowInAddressList]);
    let flags =
        (flag, any::<Option<bool>>(), equality()).prop_map(|(field, value, op)| match value {
            None => Filter::IsTrue(field),
            Some(value) => Filter::Compare { field, op, value: Literal::Bool(value) },
        });
    let times = (op(), 0..4_i64).prop_map(|(op, micros)| {
        let value = Literal::Time(Timestamp::from_micros(micros));
        Filter::Compare { field: F::EmployeeHireDate, op, value }
    });
    let words = equality().prop_map(|op| Filter::Compare {
        field: F::UserType,
        op,
        value: Literal::Word("Guest"),
    });
    let ids = (op(), 0..USERS).prop_map(|(op, n)| Filter::Compare {
        field: F::Id,
        op,
        value: Literal::Id(Uuid::from_u128(n)),
    });
    let list = || proptest::sample::select(vec![F::BusinessPhones, F::OtherMails]);
    let items = proptest::option::of(text_leaf(vec![Element::Itself]));
    let any_item = (list(), items)
        .prop_map(|(field, item)| Filter::Any { field, predicate: item.map(Box::new) });
    let counts = (list(), op(), 0..3_i64).prop_map(|(field, op, n)| Filter::Count { field, op, n });
    let texts =
        vec![F::DisplayName, F::Department, F::City, F::EmployeeType, F::FaxNumber, F::Division];
    let texts = text_leaf(texts);
    prop_oneof![4 => texts, 1 => flags, 1 => times, 1 => words, 1 => ids, 1 => any_item, 1 => counts]
        .boxed()
}

fn filter() -> BoxedStrategy<Filter<F>> {
    leaf()
        .prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| a.and(b)),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| a.or(b)),
                inner.clone().prop_map(Filter::negated),
                (inner, any::<Option<bool>>()).prop_map(|(filter, value)| filter.is(value)),
            ]
        })
        .boxed()
}

fn order() -> impl Strategy<Value = Vec<Order<F>>> {
    let fields = vec![F::DisplayName, F::Department, F::City, F::CreatedDateTime];
    let term = (proptest::sample::select(fields), any::<bool>())
        .prop_map(|(field, descending)| Order { field, descending });
    proptest::collection::vec(term, 0..3).prop_map(|mut terms: Vec<Order<F>>| {
        let mut seen = Vec::new();
        terms.retain(|term| {
            !seen.contains(&term.field) && {
                seen.push(term.field);
                true
            }
        });
        terms
    })
}

/// A scope that sees everything.
fn scope(tenant: TenantId) -> Scope {
    let roles = RoleSet::EMPTY.with(Role::Global);
    let principal = Principal::Client(ClientId::new(Uuid::from_u128(1)));
    let claims = Claims { tenant, principal, roles, epoch: 0 };
    let state = PrincipalState { enabled: true, roles, epoch: 0 };
    let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::nil()).unwrap();
    authorize::<rights::ReadDirectory>(&actor).unwrap().scope()
}

async fn seed(store: &Store, tenant: TenantId, draw: &mut Draw) -> Vec<User> {
    let strategy = user();
    let mut users: Vec<User> = (0..USERS)
        .map(|n| User {
            id: UserId::new(Uuid::from_u128(n)),
            version: 1,
            created: Timestamp::from_micros(i64::try_from(n % 5).unwrap()),
            user_principal_name: format!("user{n}@contoso.example"),
            ..draw.one(&strategy)
        })
        .collect();
    users.sort_by_key(|user| user.id);
    let rows = users.clone();
    let insert = move |session: &mut roster_persistence::Session<'_>| {
        rows.iter().try_for_each(|user| session.insert_user(user))
    };
    store.write(Lane::Interactive, tenant, inputs(1), insert).await.unwrap();
    users
}

async fn pages(store: &Store, tenant: TenantId, query: &Query<F>) -> Vec<UserId> {
    let (mut found, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let (asked, from) = (query.clone(), after.clone());
        let read = move |session: &mut roster_persistence::Session<'_>| {
            session.users(&scope(tenant), &asked, from.as_ref())
        };
        let page = store.read(read).await.unwrap();
        found.extend(page.items.iter().map(|user| user.id));
        match page.items.last() {
            Some(last) if page.more => after = Some(Cursor::at(&query.order, last)),
            _ => return found,
        }
    }
}

async fn check(database: Database) {
    let store = database.open();
    let tenant = tenant(&store).await;
    let mut draw = Draw::new();
    let users = seed(&store, tenant, &mut draw).await;
    let (filters, orders) = (filter(), order());
    for _ in 0..FILTERS {
        let condition = draw.one(&filters);
        let order = draw.one(&orders);
        let mut expected: Vec<&User> =
            users.iter().filter(|user| evaluate(&condition, *user) == Some(true)).collect();
        expected.sort_by(|a, b| compare(&order, *a, *b));
        let expected: Vec<UserId> = expected.into_iter().map(|user| user.id).collect();
        let query = Query { filter: Some(condition), order, top: 7, ..Query::default() };
        assert_eq!(pages(&store, tenant, &query).await, expected, "{query:?}");
        let counted = query.clone();
        let count = store.read(move |session| session.count_users(&scope(tenant), &counted));
        assert_eq!(usize::try_from(count.await.unwrap()).unwrap(), expected.len(), "{query:?}");
    }
    store.close();
}

#[test]
fn sql_finds_orders_and_counts_what_the_evaluator_does() {
    on_each_database(check);
}
