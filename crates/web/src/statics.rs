//! Files of the pages, inside the program: nothing to install beside it, nothing fetched from elsewhere.
//!
//! An address carries a part of the digest of its file, so that a browser keeps a file for ever and never an old one.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::PageError;
use crate::request::Path;

/// A file of the pages.
#[derive(Debug)]
pub(crate) struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    address: LazyLock<String>,
}

/// The style sheet.
pub(crate) static STYLE: Asset = Asset {
    name: "jalon.css",
    media_type: "text/css; charset=utf-8",
    bytes: concat!(
        include_str!("../static/style/base.css"),
        include_str!("../static/style/desk.css"),
        include_str!("../static/style/account.css"),
        include_str!("../static/style/lists.css"),
        include_str!("../static/style/path.css"),
        include_str!("../static/style/orders.css"),
        include_str!("../static/style/steering.css"),
        include_str!("../static/style/print.css"),
    )
    .as_bytes(),
    address: LazyLock::new(|| STYLE.digested()),
};

/// The font; the style sheet names it, and its name changes with its version.
static FONT: Asset = Asset {
    name: "atkinson-hyperlegible-next-5.3.woff2",
    media_type: "font/woff2",
    bytes: include_bytes!("../static/atkinson-hyperlegible-next-5.3.woff2"),
    address: LazyLock::new(|| format!("/static/{}", FONT.name)),
};

/// What makes the pages of staff better where scripts run.
pub(crate) static SCRIPT: Asset = Asset {
    name: "jalon.js",
    media_type: "text/javascript; charset=utf-8",
    bytes: include_bytes!("../static/jalon.js"),
    address: LazyLock::new(|| SCRIPT.digested()),
};

impl Asset {
    /// An address that changes with the bytes.
    fn digested(&self) -> String {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(self.bytes));
        format!("/static/{}?v={}", self.name, &digest[..12])
    }

    /// The address by which pages name the file.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// Serves a file.
pub(crate) async fn get(Path(name): Path<String>) -> Result<Response, PageError> {
    let asset = [&STYLE, &SCRIPT, &FONT].into_iter().find(|asset| asset.name == name).ok_or(PageError::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.bytes).into_response())
}

/// Pages behind links are nobody's search results.
pub(crate) async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /acces/\nDisallow: /besoin/\nDisallow: /chiffres/\nDisallow: /connexion/\n"
}
