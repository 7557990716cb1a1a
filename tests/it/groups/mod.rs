//! Groups of the four kinds: rules, links, mail, rights (R76–R86, R121–R133).

mod deleted;
mod support;
