//! Runs after `it` and says how many of its tests ran where.

#[test]
fn tests_are_counted_by_database() {
    roster_tests::say(&roster_tests::summary());
}
