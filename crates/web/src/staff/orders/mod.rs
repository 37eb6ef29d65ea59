//! Purchase orders: the list, one order, a new one, its steps as forms.
//!
//! The first time that a coordinator of its holder opens an order, by GET, is its consultation: see [`consulted`].
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

use axum::Router;
use axum::http::Method;
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

/// Notes the first consultation of an order, which is what opening its page is by the rule of the field (CCAG): only a GET is
/// somebody's reading, HEAD is a machine's.
async fn consulted(web: &Web, signed: &Signed, method: &Method, order: &OrderReference) -> Result<(), PageError> {
    if method == Method::GET {
        let (app, actor, order) = (web.app.clone(), signed.actor.clone(), order.clone());
        web.writes.spawn(async move { app.consult_order(&actor, &order).await }).await??;
    }
    Ok(())
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
