//! Each address's share of something that all use.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Counts what each address holds. Of IPv6 a whole /64 counts as one: every customer has that many.
pub struct Shares {
    most: usize,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// What an address holds of it; given back with the value.
pub struct Share {
    of: Arc<Shares>,
    network: IpAddr,
}

impl Shares {
    /// Shares of which each address may hold so many at once, at least one.
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), held: Mutex::default() })
    }

    /// One more for an address; none when it holds the most.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Share> {
        let network = network(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Share { of: Arc::clone(self), network })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_a_share_of_its_own_and_nothing_is_kept_of_who_holds_none() {
        let shares = Shares::new(2);
        let take = |address: &str| shares.take(address.parse().unwrap());
        let held = [take("2001:db8::1"), take("2001:db8::2"), take("192.0.2.1")];
        assert!(held.iter().all(Option::is_some));
        assert!(take("2001:db8::ffff:3").is_none(), "the same /64");
        assert!(take("2001:db8:0:1::1").is_some() && take("::ffff:192.0.2.1").is_some());
        drop(held);
        assert!(take("2001:db8::3").is_some());
        assert!(shares.held.lock().unwrap().is_empty());
    }
}
