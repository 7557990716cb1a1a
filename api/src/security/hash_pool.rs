//! The bound on concurrent password hashes.

use super::passwords::{Hasher, PasswordHash};
use super::shares::{Share, Shares};
use roster_domain::{Error, Result};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Runs password hashes off the request threads: a few at a time, a bounded number waiting, the
/// others refused, so that a storm of sign-ins takes neither the CPU nor the memory of all else. One
/// address may have half of them, so that others sign in beside a storm from it.
#[derive(Clone)]
pub struct HashPool {
    hasher: Arc<Hasher>,
    /// One permit for each hash that runs or waits.
    admitted: Arc<Semaphore>,
    /// Those of them that are for each address.
    shares: Arc<Shares>,
    /// One permit for each hash that runs.
    running: Arc<Semaphore>,
}

impl HashPool {
    /// A pool that runs `concurrent` hashes at once while up to `waiting` more wait.
    pub fn new(hasher: Arc<Hasher>, concurrent: usize, waiting: usize) -> Self {
        let places = concurrent.saturating_add(waiting);
        Self {
            hasher,
            admitted: Arc::new(Semaphore::new(places)),
            shares: Shares::new(places / 2),
            running: Arc::new(Semaphore::new(concurrent)),
        }
    }

    /// [`Hasher::hash`] in the pool.
    ///
    /// # Errors
    /// Unavailable, when too many wait.
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<PasswordHash> {
        self.run(None, move |hasher| hasher.hash(&password)).await
    }

    /// [`Hasher::verify`] in the pool, for somebody at an address.
    ///
    /// # Errors
    /// Unavailable, when too many wait, or too many from that address.
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        stored: Option<PasswordHash>,
        from: Option<IpAddr>,
    ) -> Result<bool> {
        let take = |address| {
            let full = || Error::unavailable("too many password hashes of one address wait");
            self.shares.take(address).ok_or_else(full)
        };
        let share = from.map(take).transpose()?;
        self.run(share, move |hasher| hasher.verify(&password, stored.as_ref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        share: Option<Share>,
        work: impl FnOnce(&Hasher) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let full = |_| Error::unavailable("too many password hashes are waiting");
        let admitted = self.admitted.clone().try_acquire_owned().map_err(full)?;
        let running = self.running.clone().acquire_owned().await;
        let hasher = self.hasher.clone();
        // The permits go with the work, which runs on when its client has gone.
        let task = tokio::task::spawn_blocking(move || {
            let done = work(&hasher);
            drop((admitted, running, share));
            done
        });
        task.await.map_err(|error| Error::internal(format!("a password hash died: {error}")))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::master_key::MasterKey;
    use crate::security::sealing::Sealer;
    use futures_util::future::join_all;
    use roster_domain::Kind;
    use std::sync::mpsc;

    fn pool(concurrent: usize, waiting: usize) -> HashPool {
        let sealer = Arc::new(Sealer::new(&MasterKey::new([7; 32])));
        HashPool::new(Arc::new(Hasher::new(sealer).unwrap()), concurrent, waiting)
    }

    fn text(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_hashed_in_the_pool_is_verified_in_the_pool() {
        let pool = pool(2, 10);
        let hash = pool.hash(text("Correct horse 1")).await.unwrap();
        assert!(pool.verify(text("Correct horse 1"), Some(hash.clone()), None).await.unwrap());
        assert!(!pool.verify(text("Correct horse 2"), Some(hash), None).await.unwrap());
    }

    #[tokio::test]
    async fn beyond_its_queue_the_pool_refuses_at_once_and_serves_again_afterwards() {
        let pool = pool(1, 1);
        let (release, held) = mpsc::channel::<()>();
        let blocked = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(None, move |_| held.recv().map_err(|_| Error::internal(""))).await }
        });
        while pool.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(None, |_| Ok(())).await }
        });
        while pool.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = pool.run(None, |_| Ok(())).await.unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (Kind::Unavailable, Some(1)));
        release.send(()).unwrap();
        blocked.await.unwrap().unwrap();
        waiting.await.unwrap().unwrap();
        pool.run(None, |_| Ok(())).await.unwrap();
    }

    #[tokio::test]
    async fn one_address_fills_half_of_the_pool_and_others_are_served_beside_it() {
        let pool = pool(1, 3);
        let (flood, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let busy = pool.running.clone().acquire_owned().await.unwrap();
        let sign_in = |from| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.verify(text("x"), None, Some(from)).await })
        };
        let waiting = [sign_in(flood), sign_in(flood), sign_in(other)];
        while pool.admitted.available_permits() > 1 {
            tokio::task::yield_now().await;
        }
        let refused = sign_in(flood).await.unwrap().unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (Kind::Unavailable, Some(1)));
        drop(busy);
        for verified in join_all(waiting).await {
            assert!(!verified.unwrap().unwrap());
        }
        assert!(!sign_in(flood).await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn no_more_than_the_given_number_run_at_once() {
        use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
        let pool = pool(2, 100);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let runs = (0..50).map(|_| {
            let (now, most) = (now.clone(), most.clone());
            pool.run(None, move |_| {
                most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(2));
                now.fetch_sub(1, SeqCst);
                Ok(())
            })
        });
        assert!(join_all(runs).await.into_iter().all(|run| run.is_ok()));
        assert_eq!(most.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn a_hash_that_dies_is_an_error_and_gives_its_place_back() {
        let pool = pool(1, 0);
        for _ in 0..3 {
            let died = pool.run::<()>(None, |_| panic!("fault")).await;
            assert_eq!(died.unwrap_err().kind, Kind::Internal);
        }
        pool.run(None, |_| Ok(())).await.unwrap();
    }
}
