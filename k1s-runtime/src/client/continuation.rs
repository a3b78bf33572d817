//! `continue` tokens, as kube-apiserver makes and reads them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use serde::{Deserialize, Serialize};

use crate::api::status;

use super::core::Kind;
use super::{Error, ListRequest, Result};

/// Where the next page of a list starts, and the version that the list is as of.
#[derive(Serialize, Deserialize)]
pub(crate) struct Token {
    #[serde(rename = "v", default)]
    version: String,
    /// Below 0 for a list that goes on with what is there now.
    #[serde(rename = "rv", default)]
    revision: i64,
    #[serde(default)]
    start: String,
}

/// Base64 as Go reads it without padding: spare bits are not looked at.
const GO_RAW_BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

const TOKEN_VERSION: &str = "meta.k8s.io/v1";

const INCONSISTENT: &str = "The provided continue parameter is too old to display a consistent list result. You can start a new list \
    without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. \
    Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between \
    the time the first chunk was returned and now may show up in the list.";

impl Token {
    /// The token of the page after an object's.
    pub(crate) fn after(kind: &Kind, revision: u64, (namespace, name): &(String, String)) -> Self {
        let start = if kind.definition.is_namespaced() {
            format!("{namespace}/{name}\0")
        } else {
            format!("{name}\0")
        };
        let revision = i64::try_from(revision.max(1)).unwrap_or(i64::MAX);
        Self { version: TOKEN_VERSION.to_owned(), revision, start }
    }

    /// Its text.
    ///
    /// # Errors
    /// None that can come of a token.
    pub(crate) fn encode(&self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).map_err(Error::Encode)?))
    }

    /// Reads the token of a request, which must not ask for a version beside it.
    ///
    /// # Errors
    /// 400.
    pub(crate) fn decode(text: &str, request: &ListRequest) -> Result<Self> {
        if !matches!(request.resource_version.as_deref(), None | Some("" | "0")) {
            let message = "specifying resource version is not allowed when using continue";
            return Err(status::bad_request(message).into());
        }
        Self::read(text).map_err(|why| {
            let message = format!("invalid continue token: continue key is not valid{why}");
            Error::Api(status::bad_request(message))
        })
    }

    fn read(text: &str) -> std::result::Result<Self, String> {
        let bytes = GO_RAW_BASE64
            .decode(text.trim_end_matches('='))
            .map_err(|_| ": illegal base64 data at input byte 0".to_owned())?;
        if let Some(&first) = bytes.first()
            && first != b'{'
        {
            let shown = if first.is_ascii_graphic() {
                char::from(first).to_string()
            } else {
                format!("\\u{:04x}", u32::from(first))
            };
            return Err(format!(": invalid character '{shown}' looking for beginning of value"));
        }
        let token: Self = serde_json::from_slice(&bytes).map_err(|error| format!(": {error}"))?;
        if token.version != TOKEN_VERSION {
            return Err(format!(": server does not recognize this encoded version {}", token.version));
        }
        if token.revision == 0 {
            return Err(format!(": incorrect encoded start resourceVersion (version {TOKEN_VERSION})"));
        }
        if token.start.is_empty() {
            return Err(format!(": encoded start key empty (version {TOKEN_VERSION})"));
        }
        let strays = |segment: &str| matches!(segment, "" | "." | "..");
        let path = token.start.strip_prefix('/').unwrap_or(&token.start);
        if path.split('/').any(strays) {
            return Err(format!(": {}", token.start));
        }
        Ok(token)
    }

    /// The version that its list is as of; `None` for now.
    pub(crate) fn revision(&self) -> Option<u64> {
        u64::try_from(self.revision).ok()
    }

    /// Namespace and name of the object that the next page follows.
    pub(crate) fn position(&self, kind: &Kind) -> (&str, &str) {
        let start = self.start.trim_start_matches('/').trim_end_matches('\0');
        if kind.definition.is_namespaced() {
            start.split_once('/').unwrap_or(("", start))
        } else {
            ("", start)
        }
    }

    /// The answer when its version is forgotten: 410, with a token to go on with what is there now.
    pub(crate) fn expired(&self) -> Error {
        let fresh = Self { version: self.version.clone(), revision: -1, start: self.start.clone() };
        let mut status = status::expired(INCONSISTENT);
        match fresh.encode() {
            Ok(token) => {
                status.metadata = Some(ListMeta { continue_: Some(token), ..ListMeta::default() });
                Error::Api(status)
            }
            Err(error) => error,
        }
    }
}
