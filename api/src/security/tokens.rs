//! Access tokens (RFC 9068): issuing them, and verifying them strictly.

use super::jws::{self, JwsError};
use super::key_ring::KeyRing;
use super::secrets::{random_bytes, sha256};
use super::token_cache::TokenCache;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roster_domain::id::TenantId;
use roster_domain::{Error, Result, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// Life of an access token, in seconds.
pub const LIFETIME_SECONDS: i64 = 3600;
/// Difference of clocks between two processes that is forgiven, in seconds.
pub const LEEWAY_SECONDS: i64 = 30;
/// Most tokens remembered as verified; about 10 MB.
const CACHED_TOKENS: usize = 10_000;
/// Type of our tokens: no other signed text of ours can be taken for one.
const TOKEN_TYPE: &str = "at+jwt";

/// Who issues tokens, and for whom; both are compared to the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The issuer (`iss`): the service's configured public address.
    pub issuer: String,
    /// The audience (`aud`): the API's identifier.
    pub audience: String,
}

/// Who acts with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A user, through a client.
    User {
        /// Object id (`oid`).
        id: Uuid,
        /// User principal name when the token was issued (`upn`); for show, never for decisions.
        upn: String,
        /// Delegated permissions (`scp`), separated by blanks.
        scope: String,
    },
    /// A client on its own behalf.
    Application {
        /// Application id (`appid`).
        id: Uuid,
    },
}

impl Principal {
    /// The principal's id, which is also the token's `sub`.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::User { id, .. } | Self::Application { id } => *id,
        }
    }
}

/// What a token says about who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Organisation (`tid`).
    pub tenant: TenantId,
    /// User or client.
    pub principal: Principal,
    /// Id of the client that asked for the token (`client_id`).
    pub client: String,
    /// Role template ids (`wids`). They can only narrow what the database grants.
    pub roles: Vec<Uuid>,
    /// The principal's revocation counter when the token was issued (`epoch`): once the stored
    /// counter is higher, the token is dead. Seconds in `iat` are too coarse for that.
    pub epoch: i64,
}

/// A new token.
pub struct Issued {
    /// The token itself.
    pub token: String,
    /// Its unique id (`jti`), for the sign-in log.
    pub id: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// A token that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who acts.
    pub subject: Subject,
    /// Unique id of the token (`jti`).
    pub id: String,
    /// Name of the key that signed it.
    pub kid: String,
    issued: i64,
    not_before: Option<i64>,
    expires: i64,
}

/// Why a token is refused. The texts are safe to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not signed by us.
    #[error(transparent)]
    Signature(#[from] JwsError),
    /// It is signed, but not as an access token.
    #[error("The token is not an access token.")]
    Type,
    /// Claims are missing, repeated, of another type or contradict each other.
    #[error("The token's claims are invalid.")]
    Claims,
    /// Another issuer.
    #[error("The token was issued by another authority.")]
    Issuer,
    /// Another audience.
    #[error("The token is for another audience.")]
    Audience,
    /// Its time is over.
    #[error("The token has expired.")]
    Expired,
    /// Its time has not come.
    #[error("The token is not valid yet.")]
    NotYetValid,
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::unauthenticated(error.to_string())
    }
}

/// The claims as they are on the wire. Integers are integers, `aud` is one string; unknown claims
/// of a newer version of the service are ignored (RFC 7519 §4).
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: String,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
    jti: String,
    tid: TenantId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oid: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    appid: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scp: Option<String>,
    wids: Vec<Uuid>,
    epoch: i64,
}

/// Issues an access token with the ring's current key.
///
/// # Errors
/// Internal, when the ring has no key or the system no randomness.
pub fn issue(
    authority: &Authority,
    ring: &KeyRing,
    subject: &Subject,
    now: Timestamp,
) -> Result<Issued> {
    let key = ring.signing(now).ok_or_else(|| Error::internal("there is no signing key"))?;
    let claims = Claims::new(authority, subject, now)?;
    let token = jws::sign(key, TOKEN_TYPE, &claims)?;
    let expires_at = Timestamp::from_micros(0).plus_seconds(claims.exp);
    Ok(Issued { token, id: claims.jti, expires_at })
}

/// Verifies access tokens and remembers the ones it has verified.
pub struct Verifier {
    authority: Authority,
    ring: RwLock<Arc<KeyRing>>,
    cache: TokenCache<Arc<Verified>>,
}

impl Verifier {
    /// A verifier of one authority's tokens.
    pub fn new(authority: Authority, ring: Arc<KeyRing>) -> Self {
        Self { authority, ring: RwLock::new(ring), cache: TokenCache::new(CACHED_TOKENS) }
    }

    /// Whose tokens it verifies.
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Replaces the keys, after a rotation or to withdraw one: tokens signed with a key that the
    /// new ring does not publish are refused from now on.
    pub fn replace_keys(&self, ring: Arc<KeyRing>) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        self.cache.clear();
    }

    /// The keys in force.
    pub fn keys(&self) -> Arc<KeyRing> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Verifies a token: signature, type, issuer, audience and times.
    ///
    /// # Errors
    /// See [`TokenError`]; every one of them is a 401.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Verified>, TokenError> {
        if token.len() > jws::MAX_TOKEN_BYTES {
            return Err(JwsError::TooLong.into());
        }
        let ring = self.keys();
        let digest = sha256(token.as_bytes());
        if let Some(hit) = self.cache.get(&digest) {
            // A check that began under an older ring may have ended after it was replaced.
            ring.find(&hit.kid, now).ok_or(JwsError::UnknownKey)?;
            hit.check_times(now)?;
            return Ok(hit);
        }
        let verified = Arc::new(self.verify_anew(&ring, token, now)?);
        verified.check_times(now)?;
        self.cache.insert(digest, verified.clone());
        Ok(verified)
    }

    fn verify_anew(
        &self,
        ring: &KeyRing,
        token: &str,
        now: Timestamp,
    ) -> Result<Verified, TokenError> {
        let signed = jws::verify(token, |kid| Some(ring.find(kid, now)?.verification_key()))?;
        if signed.typ.as_deref() != Some(TOKEN_TYPE) {
            return Err(TokenError::Type);
        }
        let claims: Claims = signed.object().ok_or(TokenError::Claims)?;
        if claims.iss != self.authority.issuer {
            return Err(TokenError::Issuer);
        }
        if claims.aud != self.authority.audience {
            return Err(TokenError::Audience);
        }
        claims.into_verified(signed.kid).ok_or(TokenError::Claims)
    }
}

impl Claims {
    fn new(authority: &Authority, subject: &Subject, now: Timestamp) -> Result<Self> {
        let (oid, appid, upn, scp) = match &subject.principal {
            Principal::User { id, upn, scope } => {
                (Some(*id), None, Some(upn.clone()), Some(scope.clone()))
            }
            Principal::Application { id } => (None, Some(*id), None, None),
        };
        Ok(Self {
            iss: authority.issuer.clone(),
            aud: authority.audience.clone(),
            sub: subject.principal.id(),
            client_id: subject.client.clone(),
            iat: now.seconds(),
            nbf: None,
            exp: now.plus_seconds(LIFETIME_SECONDS).seconds(),
            jti: URL_SAFE_NO_PAD.encode(random_bytes::<16>()?),
            tid: subject.tenant,
            oid,
            appid,
            upn,
            scp,
            wids: subject.roles.clone(),
            epoch: subject.epoch,
        })
    }

    /// None, when claims contradict each other.
    fn into_verified(self, kid: String) -> Option<Verified> {
        let principal = match (self.oid, self.appid, self.upn, self.scp) {
            (Some(id), None, Some(upn), Some(scope)) => Principal::User { id, upn, scope },
            (None, Some(id), None, None) => Principal::Application { id },
            _ => return None,
        };
        let lifetime = self.exp.checked_sub(self.iat)?;
        let consistent = principal.id() == self.sub
            && (1..=LIFETIME_SECONDS).contains(&lifetime)
            && self.nbf.is_none_or(|start| start < self.exp);
        consistent.then_some(Verified {
            subject: Subject {
                tenant: self.tid,
                principal,
                client: self.client_id,
                roles: self.wids,
                epoch: self.epoch,
            },
            id: self.jti,
            kid,
            issued: self.iat,
            not_before: self.nbf,
            expires: self.exp,
        })
    }
}

impl Verified {
    fn check_times(&self, now: Timestamp) -> Result<(), TokenError> {
        let now = now.seconds();
        if now >= self.expires.saturating_add(LEEWAY_SECONDS) {
            return Err(TokenError::Expired);
        }
        let start = self.not_before.unwrap_or(self.issued).max(self.issued);
        if now < start.saturating_sub(LEEWAY_SECONDS) {
            return Err(TokenError::NotYetValid);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
