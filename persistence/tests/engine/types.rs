//! The column types: the same values in and out on both databases.

use crate::support::{inputs, on_each_database};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use roster_domain::{Id, Timestamp, Value};
use roster_persistence::types::{Guid, Instant, JsonDoc};
use roster_persistence::{Bind, Json, Session};
use uuid::Uuid;

#[derive(Debug, PartialEq, QueryableByName)]
struct Row {
    #[diesel(sql_type = Guid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Guid>)]
    other: Option<Id<Row>>,
    #[diesel(sql_type = Instant)]
    at: Timestamp,
    #[diesel(sql_type = Nullable<Instant>)]
    until: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    flag: Option<bool>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n: Option<i64>,
    #[diesel(sql_type = Nullable<JsonDoc>)]
    doc: Option<Json<Value<'static>>>,
}

fn table(session: &mut Session<'_>) -> roster_domain::Result<usize> {
    // SQLite takes the types of PostgreSQL as names; what is stored follows the values.
    let sql = "CREATE TABLE thing (id uuid, other uuid, at timestamptz, until timestamptz, \
               name text, flag boolean, n bigint, doc jsonb)";
    session.execute(sql, vec![])
}

#[test]
fn values_come_back_as_they_were_bound() {
    on_each_database(|database| async move {
        let store = database.open();
        store.unlocked(inputs(0), table).await.unwrap();
        let (id, other) = (Uuid::now_v7(), Uuid::max());
        // Before PostgreSQL's epoch, before 1970, with microseconds.
        let (at, until) = (Timestamp::from_micros(946_684_799_999_999), Timestamp::from_micros(-1));
        let insert = move |session: &mut Session<'_>| {
            let sql = "INSERT INTO thing VALUES ($1, $2, $3, $4, $5, $6, $7, '{\"a\": [1, null]}')";
            let binds = vec![
                Bind::Guid(id),
                Bind::Guid(other),
                Bind::Instant(at),
                Bind::Instant(until),
                Bind::Text("Zoë \u{1f600} O'Brien".to_owned()),
                Bind::Bool(true),
                Bind::Int(i64::MIN),
            ];
            session.execute(sql, binds)
        };
        assert_eq!(store.unlocked(inputs(1), insert).await.unwrap(), 1);
        let select = move |session: &mut Session<'_>| {
            let sql = "SELECT * FROM thing WHERE id = $1 AND other = $2 AND at = $3 \
                       AND until < $3 AND name = $4 AND flag = $5 AND n = $6";
            let binds = vec![
                Bind::Guid(id),
                Bind::Guid(other),
                Bind::Instant(at),
                Bind::Text("Zoë \u{1f600} O'Brien".to_owned()),
                Bind::Bool(true),
                Bind::Int(i64::MIN),
            ];
            session.query::<Row>(sql, binds)
        };
        let list = Value::List(vec![Value::Int(1), Value::Null]);
        let expected = Row {
            id,
            other: Some(Id::new(other)),
            at,
            until: Some(until),
            name: Some("Zoë \u{1f600} O'Brien".to_owned()),
            flag: Some(true),
            n: Some(i64::MIN),
            doc: Some(Json(Value::Object(vec![("a".into(), list)]))),
        };
        assert_eq!(store.read(select).await.unwrap(), [expected]);
    });
}

#[test]
fn null_fits_every_type() {
    on_each_database(|database| async move {
        let store = database.open();
        store.unlocked(inputs(0), table).await.unwrap();
        let id = Uuid::now_v7();
        let insert = move |session: &mut Session<'_>| {
            let sql = "INSERT INTO thing VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let mut binds = vec![Bind::Null; 8];
            binds[0] = Bind::Guid(id);
            binds[2] = Bind::Instant(Timestamp::default());
            session.execute(sql, binds)?;
            let sql = "UPDATE thing SET until = $1, other = $2 WHERE n IS NULL";
            session.execute(sql, vec![Bind::Null, Bind::Null])
        };
        assert_eq!(store.unlocked(inputs(1), insert).await.unwrap(), 1);
        let rows = store.read(|session| session.query::<Row>("SELECT * FROM thing", vec![])).await;
        let expected = Row {
            id,
            other: None,
            at: Timestamp::default(),
            until: None,
            name: None,
            flag: None,
            n: None,
            doc: None,
        };
        assert_eq!(rows.unwrap(), [expected]);
    });
}
