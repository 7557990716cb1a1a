//! Groups of the four kinds: rules, links, mail, rights (R76–R86, R121–R133).

mod deleted;
mod delivery;
mod joining;
mod kinds;
mod links;
mod memberships;
mod nested_delivery;
mod paths;
mod races;
mod rights;
mod support;
