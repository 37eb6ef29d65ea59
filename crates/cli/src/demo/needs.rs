//! Needs that people outside reported on the morning of the demo, one in each lot: sent, confirmed by the link, not answered yet.

use anyhow::{Context as _, Result, bail};
use app::{App, NeedAnswer, Visitor};
use chrono::Duration;
use domain::Instant;
use domain::form::Form;
use notifier::transport::Transport;
use persistence::MessageFilter;
use serde_json::{Value, json};

use super::set_clock;

/// What was reported, and how many minutes before the demo's hour.
fn reported() -> [(i64, Value); 2] {
    [
        (
            40,
            json!({
                "sender": "mission_locale", "sender_name": "Nadia Benoît", "sender_email": "nadia.benoit@mission-locale.example",
                "sender_phone": "02 61 91 01 41", "company": "Poissonnerie du Quai", "commune": "76259", "job": "Poissonnier",
                "persons_wanted": "1", "details": "Le patron cherche depuis le printemps. Il forme déjà un apprenti.",
                "contact_name": "Yves Carpentier", "contact_phone": "02 61 91 01 42",
            }),
        ),
        (
            25,
            json!({
                "sender": "company", "sender_name": "Odile Marchand", "sender_email": "odile.marchand@menuiserie-marchand.example",
                "company": "Menuiserie Marchand", "commune": "14366", "job": "Menuisier poseur", "persons_wanted": "2",
            }),
        ),
    ]
}

/// Reports and confirms them, in the order of time; the clock is back at `at` afterwards.
///
/// # Errors
/// The product refuses one: the demo and its form disagree.
pub async fn report(app: &App, mailbox: &Transport, at: Instant) -> Result<()> {
    for (before, fields) in reported() {
        set_clock(app, at - Duration::minutes(before)).await?;
        let ticket = app.need_ticket().await?;
        set_clock(app, at - Duration::minutes(before - 3)).await?;
        let form: Form = fields.as_object().cloned().unwrap_or_default();
        match app.propose_need(&form, &ticket, &Visitor::default()).await? {
            NeedAnswer::Sent => {}
            other => bail!("a reported need is answered {other:?}"),
        }
        app.deliver(mailbox, u32::MAX).await?;
        set_clock(app, at - Duration::minutes(before - 8)).await?;
        let tx = app.store().begin_read().await?;
        let filter = MessageFilter {
            kind: Some("need_proposal_confirm".to_owned()),
            limit: Some(1),
            ..MessageFilter::default()
        };
        let asked = tx.messages(&filter).await?.pop().context("a message asks for the confirmation")?;
        tx.rollback().await?;
        let token = app.link_of_message(asked.content.id).await?.context("its link")?;
        app.confirm_need(&token).await?;
        app.deliver(mailbox, u32::MAX).await?;
    }
    set_clock(app, at).await
}
