//! Digests of the officers of the Region: what happened in their lots on the days since the last one, once and only once.
//!
//! Nothing waits for a digest but the journal: under the lock of the account, the events of the days it was not told are read, the
//! message is queued and the days are noted as told, in one transaction. Lots, choices and whether the account is open are those
//! of that moment.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::calendar::{paris_day, start_of_day};
use domain::identifiers::{AccountId, EmailAddress, MessageId};
use domain::news::{News, Pace, digest_day};
use domain::path::{EventKind, Recorded};
use domain::people::RecipientRole;
use domain::{Day, Instant};
use notifier::emails::{Composed, DigestLot, DigestNotice, DigestPath, digest};
use notifier::envelope::{LINK_MARKER, message_id, thread_id};
use persistence::{About, NewMessage, NewsReader, PathFilter, PathLine, Priority, Recipient, Tx};
use wording::addresses;

use crate::book::Book;
use crate::{App, AppError, new_id};

impl App {
    /// Sends the digests that are due; how many left.
    pub(crate) async fn send_digests(&self, book: &Book, now: Instant) -> Result<u32, AppError> {
        let Some(today) = digest_day(now) else { return Ok(0) };
        let quiet = |market: &domain::market::Market| !market.past && market.quiet_hours.next_allowed(now) != now;
        if book.markets(today).iter().any(|terms| quiet(&terms.market)) {
            return Ok(0);
        }
        let tx = self.store().begin_read().await?;
        let readers = tx.news_readers().await?;
        tx.rollback().await?;
        let mut sent = 0;
        for reader in readers.iter().filter(|reader| !reader.due(today).is_empty()) {
            sent += u32::from(self.send_digest(reader.account.id, book, today).await?);
        }
        Ok(sent)
    }

    /// Tells one officer; false when there is nothing to say, which is noted as said.
    async fn send_digest(&self, account: AccountId, book: &Book, today: Day) -> Result<bool, AppError> {
        let tx = self.store().begin_write().await?;
        let Some(reader) = tx.lock_news_reader(account).await? else { return Ok(false) };
        let due = reader.due(today);
        // Another copy of the program was faster.
        if due.is_empty() {
            return Ok(false);
        }
        let message = self.digest_of(&tx, &reader, &due, book, today).await?;
        tx.mark_told(account, &due, today).await?;
        if let Some(message) = &message {
            let now = tx.now().await?;
            tx.queue(std::slice::from_ref(message), now).await?;
        }
        tx.commit().await?;
        Ok(message.is_some())
    }

    async fn digest_of(
        &self,
        tx: &Tx,
        reader: &NewsReader,
        due: &[News],
        book: &Book,
        today: Day,
    ) -> Result<Option<NewMessage>, AppError> {
        let NewsReader { account, told_until } = reader;
        let read = |news: &&News| account.active && account.preferences.pace(**news) != Pace::Listed;
        let told: BTreeMap<News, Day> = due.iter().filter(read).map(|news| (*news, told_until[news])).collect();
        let Some(from) = told.values().min().copied() else { return Ok(None) };
        let kinds: Vec<EventKind> = told.keys().flat_map(|news| news.events()).copied().collect();
        let mut events = tx.news(&kinds, start_of_day(from), start_of_day(today), account.id).await?;
        events.retain(|recorded| {
            let since = News::of((&recorded.event).into()).and_then(|news| told.get(&news));
            since.is_some_and(|since| paris_day(recorded.recorded_at) >= *since)
                && recorded.author.account() != Some(account.id)
        });
        let mut paths: Vec<_> = events.iter().map(|recorded| recorded.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let filter = PathFilter {
            lots: (!account.lots.is_empty()).then(|| account.lots.clone()),
            limit: u64::try_from(paths.len()).unwrap_or(u64::MAX),
            ids: Some(paths),
            ..PathFilter::default()
        };
        let lines = tx.list_paths(&filter).await?;
        if lines.is_empty() {
            return Ok(None);
        }
        let notice = DigestNotice {
            name: &account.name,
            from,
            until: today - TimeDelta::days(1),
            lots: self.by_lot(&lines, &events, book, today),
            texts: &book.texts,
        };
        Ok(Some(self.digest_message(reader, digest(notice), today)))
    }

    fn by_lot<'a>(
        &self,
        lines: &'a [PathLine],
        events: &'a [Recorded],
        book: &'a Book,
        today: Day,
    ) -> Vec<DigestLot<'a>> {
        let mut lots: BTreeMap<(&str, &str), Vec<&PathLine>> = BTreeMap::new();
        for line in lines {
            lots.entry((line.lot.as_ref(), &line.market)).or_default().push(line);
        }
        let path = |line: &'a PathLine| DigestPath {
            reference: line.reference.to_string(),
            company: &line.company,
            job: &line.job,
            address: addresses::absolute(&self.settings().public_url, &addresses::path(&line.reference)),
            events: events.iter().filter(|recorded| recorded.path == line.id).collect(),
        };
        let lot = |((lot, market), mut lines): ((&'a str, &str), Vec<&'a PathLine>)| {
            lines.sort_by_key(|line| (line.reference.year, line.reference.number));
            let terms = book.current(market, today);
            let holder = terms.and_then(|terms| Book::holder(terms, &lines.first()?.lot));
            DigestLot {
                lot,
                body: holder.map_or("", |holder| &holder.name),
                paths: lines.into_iter().map(path).collect(),
            }
        };
        lots.into_iter().map(lot).collect()
    }

    fn digest_message(&self, reader: &NewsReader, composed: Composed, today: Day) -> NewMessage {
        let (account, settings) = (&reader.account, self.settings());
        let thread = format!("digest-{}", account.id);
        // The pages of the staff are no secret: their addresses stand in the stored text.
        let place =
            |text: &str| text.replace(LINK_MARKER, &addresses::absolute(&settings.public_url, addresses::paths()));
        NewMessage {
            id: MessageId::new(new_id()),
            about: About::default(),
            kind: composed.kind.to_owned(),
            to: Recipient {
                role: RecipientRole::Region,
                person: None,
                account: Some(account.id),
                name: account.name.clone(),
                email: account.email.clone(),
            },
            reply_to_name: settings.sender_name.clone(),
            reply_to_email: EmailAddress::parse(&settings.sender_address).unwrap_or_else(|_| account.email.clone()),
            text: place(&composed.text),
            html: place(&composed.html),
            subject: composed.subject,
            calendar: None,
            message_id: message_id(&format!("{thread}-{today}"), account.email.as_ref(), 0, self.host()),
            thread: thread_id(&thread, self.host()),
            rank: 0,
            priority: Priority::Reminder,
            link: None,
            reminds: None,
        }
    }
}
