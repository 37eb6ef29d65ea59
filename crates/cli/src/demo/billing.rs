//! Payments of the demo: each month the body asks, on each order, for what was admitted since, and the Region pays some weeks
//! later, now and then too late.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use app::{App, OrderOptions, OrderTarget};
use chrono::{Datelike, Duration};
use domain::Day;
use domain::calendar::next_working_day;
use domain::form::Form;
use domain::identifiers::OrderReference;
use domain::money::Cents;
use domain::order::{OrderState, OrderTransition};
use domain::people::Actor;
use serde_json::json;

/// The day of the month from which the bodies ask.
const FROM: u32 = 5;
/// Days from a request to its payment, one after the other; the Region has thirty.
const DELAYS: [i64; 7] = [19, 23, 26, 21, 28, 24, 36];

/// The requests that wait for their payment, by the day on which they are paid.
#[derive(Debug)]
pub struct Billing {
    finance: Actor,
    due: BTreeMap<Day, Vec<(OrderReference, String)>>,
    asked: usize,
    /// The month that was invoiced last.
    invoiced: Option<(i32, u32)>,
}

impl Billing {
    /// Nothing was asked yet; finance records what is asked and paid.
    pub fn new(finance: Actor) -> Self {
        Self { finance, due: BTreeMap::new(), asked: 0, invoiced: None }
    }

    /// What falls on a morning: payments, then the requests of the month.
    ///
    /// # Errors
    /// The product refuses a request: the demo and the rules of payments disagree.
    pub async fn day(&mut self, app: &App, day: Day) -> Result<()> {
        while let Some(first) = self.due.first_entry().filter(|first| *first.key() <= day) {
            for (order, number) in first.remove() {
                let form = json!({ "number": number, "paid_on": day });
                self.record(app, &order, OrderTransition::RecordPayment, &form).await?;
            }
        }
        let month = (day.year(), day.month());
        if day.day() < FROM || next_working_day(day) != day || self.invoiced == Some(month) {
            return Ok(());
        }
        self.invoiced = Some(month);
        for summary in app.orders(&self.finance).await.map_err(|error| anyhow!("{error:?}"))? {
            if summary.state == OrderState::Notified {
                self.ask(app, &summary.reference, day).await?;
            }
        }
        Ok(())
    }

    async fn ask(&mut self, app: &App, reference: &OrderReference, day: Day) -> Result<()> {
        let view = app.order_view(&self.finance, reference).await;
        let (order, uses, _) = view.map_err(|error| anyhow!("{error:?}"))?;
        let amount = order.left_to_invoice(&uses);
        if amount <= Cents::ZERO {
            return Ok(());
        }
        let number = format!("CPP-{}-{}{:02}", reference.to_string().replace("BC-", ""), day.year(), day.month());
        let form = json!({
            "number": number, "received_on": day, "amount": amount, "including_tax": amount + order.expected_tax(&uses, amount),
        });
        self.record(app, reference, OrderTransition::RecordPaymentRequest, &form).await?;
        let delay = DELAYS[self.asked % DELAYS.len()];
        self.asked += 1;
        self.due.entry(next_working_day(day + Duration::days(delay))).or_default().push((reference.clone(), number));
        Ok(())
    }

    async fn record(
        &self,
        app: &App,
        order: &OrderReference,
        transition: OrderTransition,
        form: &serde_json::Value,
    ) -> Result<()> {
        let form: Form = form.as_object().cloned().unwrap_or_default();
        let target = OrderTarget::Order(order.clone());
        let outcome = app.order(&self.finance, &target, transition, &form, &OrderOptions::default()).await;
        outcome.map_err(|error| anyhow!("{error:?}")).with_context(|| format!("play {transition} on {order}"))?;
        Ok(())
    }
}
