//! Variables that are named like settings and are none.

/// What every variable of ours begins with.
const PREFIX: &str = "ROSTER_";
/// Read by the tests of this repository, not by the program.
const OF_TESTS: [&str; 3] = ["ROSTER_PROGRAM", "ROSTER_SDK_VENV", "ROSTER_TEST_KILLS"];

/// A warning about the variables that look like ours and that nothing reads: a misspelt name would
/// leave the default in force without a word. It is no mistake, since others choose names too; an
/// orchestrator may give `ROSTER_PORT` to whatever runs beside a service of that name.
pub fn strangers(given: impl Iterator<Item = String>, known: &[String]) -> Option<String> {
    let is_ours = |name: &String| known.contains(name) || OF_TESTS.contains(&name.as_str());
    let mut names: Vec<_> =
        given.filter(|name| name.starts_with(PREFIX) && !is_ours(name)).collect();
    names.sort_unstable();
    (!names.is_empty()).then(|| {
        let names = names.join(", ");
        format!("Not a setting, so without effect: {names}. `roster --help` names the settings.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warned(given: &[&str]) -> Option<String> {
        let known = ["DATABASE_URL".to_owned(), "ROSTER_LISTEN".to_owned()];
        strangers(given.iter().map(ToString::to_string), &known)
    }

    #[test]
    fn a_misspelt_variable_is_named() {
        let warning = warned(&["ROSTER_LISTN", "ROSTER_LISTEN", "PATH", "ROSTER_A"]).unwrap();
        assert!(warning.contains(": ROSTER_A, ROSTER_LISTN."), "{warning}");
        assert_eq!(warned(&["ROSTER_LISTEN", "DATABASE_URL", "HOME", "ROSTER_PROGRAM"]), None);
    }
}
