//! Purchase orders: the list, one order, a new one, its steps as forms.
//!
//! The first time that a coordinator of its holder opens an order, by GET, is its consultation: see [`read`].
//! [`money`] words budgets and amounts, [`pieces`] holds what the pages of orders, lots and messages share.

mod ahead;
mod form;
mod list;
pub(super) mod money;
mod new;
mod one;
pub(super) mod pieces;
mod step;
mod units;
mod verification;

use app::OrderView;
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::routing::get;
use domain::identifiers::OrderReference;
use domain::order::OrderState;
use domain::people::Side;
use wording::addresses::pattern;

pub(in crate::staff) use self::pieces::asking;
use super::Signed;
use crate::{PageError, Web};
use wording::pages;

/// What is delivered and waits for the Region's decision.
pub(super) const VERIFICATION: &str = "/commandes/verification";

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::ORDERS, get(list::show))
        .route(pattern::NEW_ORDER, get(new::show).post(new::post))
        .route(VERIFICATION, get(verification::show))
        .route(pattern::ORDER, get(one::show))
        .route(pattern::ORDER_STEP, get(step::show).post(step::post))
}

/// A reference as an address writes it; what is not one does not exist.
fn reference(text: &str) -> Result<OrderReference, PageError> {
    OrderReference::parse(text).map_err(|_| PageError::NotFound)
}

/// Whether somebody reads what is asked for: HEAD is a machine's, and so is what a browser fetches ahead, or for something else
/// than a page that it shows.
fn is_reading(method: &Method, headers: &HeaderMap) -> bool {
    let ahead = |value: &HeaderValue| {
        let said = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        said.contains("prefetch") || said.contains("prerender")
    };
    let fetched_ahead = ["sec-purpose", "purpose"].into_iter().flat_map(|name| headers.get_all(name)).any(ahead);
    let page = headers.get("sec-fetch-dest").is_none_or(|kind| kind == "document");
    method == Method::GET && page && !fetched_ahead
}

/// An order as it is read by somebody, whose first reading is noted when they are of its holder: opening its page is its
/// consultation by the rule of the field (CCAG). It is noted once the page can be read, and the page then says so.
async fn read(
    web: &Web,
    signed: &Signed,
    (method, headers): (&Method, &HeaderMap),
    order: &OrderReference,
) -> Result<OrderView, PageError> {
    let view = web.app.order_page(&signed.actor, order).await?;
    if !is_reading(method, headers) {
        return Ok(view);
    }
    let (app, actor, reference) = (web.app.clone(), signed.actor.clone(), order.clone());
    let noted = web.writes.spawn(async move { app.consult_order(&actor, &reference).await }).await??;
    if noted { Ok(web.app.order_page(&signed.actor, order).await?) } else { Ok(view) }
}

/// The colour that repeats the word of a state.
pub(super) fn tone(state: OrderState) -> &'static str {
    match state {
        OrderState::Draft | OrderState::Cancelled => "",
        OrderState::ToEndorse | OrderState::Endorsed => "wait",
        OrderState::Notified => "now",
        OrderState::Settled => "done",
    }
}

/// Who holds the ball, and to do what.
fn ball(state: OrderState) -> Option<(Side, &'static str)> {
    match state {
        OrderState::Draft => Some((Side::Region, pages::orders::ASK_APPROVAL)),
        OrderState::ToEndorse => Some((Side::Finance, pages::orders::DECIDE_APPROVAL)),
        OrderState::Endorsed => Some((Side::Region, pages::orders::NOTIFY)),
        OrderState::Notified => Some((Side::Body, pages::orders::CARRY_OUT)),
        OrderState::Settled | OrderState::Cancelled => None,
    }
}
