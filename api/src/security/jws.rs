//! Compact JSON Web Signatures, as narrow as the service needs them: RS256 and a named key.

use super::keys::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use roster_domain::Result;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

const ALGORITHM: &str = "RS256";

/// Why a signature is refused. The texts are safe to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("The token is too long.")]
    TooLong,
    /// Not three parts of base64url, or a header that is not exactly ours.
    #[error("The token is malformed.")]
    Malformed,
    /// Another algorithm than RS256.
    #[error("The token is not signed with RS256.")]
    Algorithm,
    /// No published key has that name.
    #[error("The token is signed with an unknown key.")]
    UnknownKey,
    /// The signature is not by that key over this content.
    #[error("The token's signature is invalid.")]
    Signature,
}

/// The only header members there are: a header with `crit`, `jwk`, `jku`, `x5c`, `b64` or anything
/// else asks for something that the service does not do, so it is refused, as are repeated members.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    alg: String,
    kid: String,
}

/// A JWS whose signature holds.
#[derive(Debug)]
pub struct Signed {
    /// Media type of the payload, from the header.
    pub typ: Option<String>,
    /// Name of the key that signed it.
    pub kid: String,
    /// The payload's bytes.
    pub payload: Vec<u8>,
}

/// Signs a payload.
///
/// # Errors
/// Internal, when signing fails.
pub fn sign(key: &SigningKey, typ: &str, payload: &impl Serialize) -> Result<String> {
    let internal = |error| roster_domain::Error::internal(format!("no token: {error}"));
    let (typ, alg, kid) = (Some(typ.into()), ALGORITHM.into(), key.kid().into());
    let header = serde_json::to_vec(&Header { typ, alg, kid }).map_err(internal)?;
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(payload).map_err(internal)?, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// Verifies a token with the key that `find` gives for the name in its header. Nothing but the
/// header is decoded before the signature holds.
///
/// # Errors
/// See [`JwsError`].
pub fn verify<'a>(
    token: &str,
    find: impl FnOnce(&str) -> Option<&'a DecodingKey>,
) -> Result<Signed, JwsError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(JwsError::TooLong);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(JwsError::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(JwsError::Malformed)?;
    let header: Header = URL_SAFE_NO_PAD
        .decode(header)
        .ok()
        .and_then(|json| object(&json))
        .ok_or(JwsError::Malformed)?;
    if header.alg != ALGORITHM {
        return Err(JwsError::Algorithm);
    }
    let key = find(&header.kid).ok_or(JwsError::UnknownKey)?;
    let valid = jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, Algorithm::RS256);
    if !valid.unwrap_or(false) {
        return Err(JwsError::Signature);
    }
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| JwsError::Malformed)?;
    Ok(Signed { typ: header.typ, kid: header.kid, payload })
}

impl Signed {
    /// The payload as a JSON object.
    pub fn object<T: DeserializeOwned>(&self) -> Option<T> {
        object(&self.payload)
    }
}

/// Reads a JSON object. A struct could also be read from an array, so the brace is looked for.
fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    if json.first() == Some(&b'{') { serde_json::from_slice(json).ok() } else { None }
}

#[cfg(test)]
mod tests;
