//! Addresses: user principal names, mail addresses, proxy addresses and domain names.

pub mod syntax;

mod holding;
pub(crate) mod own;
pub(crate) mod rules;

pub use holding::{
    Address, AddressList, AddressReads, AddressWrites, Holder, HolderKind, conflict, free_variant,
};
pub(crate) use holding::{DIGITS, numbered};
