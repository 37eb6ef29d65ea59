//! Pages that the law asks for: legal notice, accessibility, personal data, contact. They are open to everyone.
//!
//! Each is a text in `pages/`, shipped with the program; a file of the same name in the folder that the settings name
//! (`server.pages`) is shown instead, as it stands when the page is opened. Texts are written in the small part of Markdown
//! that [`html`] reads; whatever else they hold is shown as typed.

use std::path::Path as FilePath;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::market::Market;
use wording::pages;

use crate::{PageError, Web, routes};

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(routes::LEGAL_NOTICE, get(|State(web): State<Web>| async move { show(&web, &NOTICE).await }))
        .route(routes::ACCESSIBILITY, get(|State(web): State<Web>| async move { show(&web, &ACCESSIBILITY).await }))
        .route(routes::PERSONAL_DATA, get(|State(web): State<Web>| async move { show(&web, &PERSONAL_DATA).await }))
        .route(routes::CONTACT, get(|State(web): State<Web>| async move { show(&web, &CONTACT).await }))
}

/// A page of text.
struct Text {
    /// The file that replaces the shipped one.
    file: &'static str,
    shipped: &'static str,
    /// Whether the bodies of the market follow the text.
    bodies: bool,
}

const NOTICE: Text =
    Text { file: "mentions-legales.md", shipped: include_str!("../../pages/mentions-legales.md"), bodies: false };
const ACCESSIBILITY: Text =
    Text { file: "accessibilite.md", shipped: include_str!("../../pages/accessibilite.md"), bodies: false };
const PERSONAL_DATA: Text = Text {
    file: "donnees-personnelles.md",
    shipped: include_str!("../../pages/donnees-personnelles.md"),
    bodies: false,
};
const CONTACT: Text = Text { file: "contact.md", shipped: include_str!("../../pages/contact.md"), bodies: true };

/// Whom to call for a lot.
struct Body {
    name: String,
    lot: String,
    phone: Option<(String, String)>,
    email: String,
}

impl Body {
    fn of(market: &Market) -> impl Iterator<Item = Self> + '_ {
        market.lots.iter().map(|lot| Self {
            name: lot.holder.name.clone(),
            lot: pages::lots::named(&lot.code, &lot.name),
            phone: lot.holder.phone.as_ref().map(|phone| {
                let shown = phone.to_string();
                let dialled = shown.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                (shown, dialled)
            }),
            email: lot.holder.email.to_string(),
        })
    }
}

#[derive(Template)]
#[template(path = "staff/legal.html")]
struct LegalPage {
    title: String,
    text: String,
    bodies: Vec<Body>,
}

async fn show(web: &Web, text: &Text) -> Result<Response, PageError> {
    let source = match &web.options.pages {
        Some(folder) => replaced(&folder.join(text.file)).await,
        None => None,
    };
    let source = source.as_deref().unwrap_or(text.shipped);
    let (title, rest) = titled(source);
    let bodies = if text.bodies { bodies(&web.app).await? } else { Vec::new() };
    Ok(Html(LegalPage { title: title.to_owned(), text: html(rest), bodies }.render()?).into_response())
}

/// The text that replaces the shipped one, when there is one that can be read.
async fn replaced(file: &FilePath) -> Option<String> {
    match tokio::fs::read_to_string(file).await {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "a page of text cannot be read: the shipped one is shown");
            None
        }
    }
}

async fn bodies(app: &App) -> Result<Vec<Body>, PageError> {
    let markets = app.markets().await?;
    let current = markets.iter().filter(|status| status.current && !status.market.past);
    Ok(current.flat_map(|status| Body::of(&status.market)).collect())
}

/// The title of a text, its first line when that is one, and the rest.
fn titled(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.lines().next().unwrap_or_default();
    match first.strip_prefix("# ") {
        Some(title) => (title.trim(), &text[first.len()..]),
        None => (pages::frame::INFORMATION, text),
    }
}

/// A text as HTML: paragraphs, titles `##` and `###`, lists `-`, `**strong**`, `[word](address)`; everything is escaped.
fn html(text: &str) -> String {
    let mut out = String::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    for line in text.lines().chain([""]) {
        let line = line.trim();
        let item = line.strip_prefix("- ");
        let title = line.strip_prefix("### ").map(|title| ("h3", title));
        let title = title.or_else(|| line.strip_prefix("## ").map(|title| ("h2", title)));
        if !paragraph.is_empty() && (line.is_empty() || item.is_some() || title.is_some()) {
            out.push_str(&format!("<p>{}</p>\n", inline(&paragraph.join(" "))));
            paragraph.clear();
        }
        if item.is_none() && !items.is_empty() && (line.is_empty() || title.is_some()) {
            out.push_str(&format!("<ul>{}</ul>\n", items.concat()));
            items.clear();
        }
        match (item, title) {
            (Some(item), _) => items.push(format!("<li>{}</li>", inline(item))),
            (None, Some((tag, title))) => out.push_str(&format!("<{tag}>{}</{tag}>\n", inline(title))),
            (None, None) if !line.is_empty() => paragraph.push(line),
            (None, None) => {}
        }
    }
    out
}

/// The words of a line: escaped first, then strong words and links.
fn inline(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;");
    let mut out = String::with_capacity(escaped.len());
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find(['*', '[']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((strong, after)) = rest.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
            out.push_str(&format!("<strong>{strong}</strong>"));
            rest = after;
        } else if let Some((word, address, after)) = link(rest) {
            out.push_str(&format!("<a href=\"{address}\">{word}</a>"));
            rest = after;
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out + rest
}

/// A link at the start of a text: its word, its address, what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (word, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, rest) = rest.split_once(')')?;
    let own = address.starts_with('/') && !address.starts_with("//");
    let known = own || ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme));
    (known && !word.contains('[')).then_some((word, address, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_page() {
        let page = html("Un mot\nde plus.\n\n## Titre\n- **un** & deux\n- [ici](/contact)\n\nFin.");
        assert_eq!(
            page,
            "<p>Un mot de plus.</p>\n<h2>Titre</h2>\n<ul><li><strong>un</strong> &amp; deux</li><li><a href=\"/contact\">ici</a></li></ul>\n<p>Fin.</p>\n"
        );
    }

    #[test]
    fn nothing_of_a_text_runs() {
        for text in ["<script>alert(1)</script>", "[x](javascript:alert)", "[x](//ailleurs.example)", "[x](\"onclick=)"]
        {
            let page = html(text);
            assert!(!page.contains("<script") && !page.contains("href"), "{page}");
        }
        assert_eq!(inline("2 * 3 [note"), "2 * 3 [note");
    }

    #[test]
    fn the_shipped_texts_are_well_set() {
        for text in [&NOTICE, &ACCESSIBILITY, &PERSONAL_DATA, &CONTACT] {
            assert!(text.shipped.starts_with("# "), "{}", text.file);
            assert_eq!(wording::typography::check(text.shipped), Vec::new(), "{}", text.file);
        }
    }
}
