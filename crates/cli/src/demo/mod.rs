//! The demo: a folder with a living example, built once from a seed, on a clock that can be moved.
//!
//! Rules kept here: everything in it went through the use cases, nothing was written by hand; people and companies do not
//! exist; the folder holds one SQLite file `jalon.db`, the key of its links and the mailbox; a folder half built is built
//! again. The market and the past entries are those of the Region's deck.

mod billing;
mod cast;
mod needs;
mod paper;
mod past;
mod play;
mod script;

use std::path::{Path, PathBuf};
use std::time::Duration as Wait;

use anyhow::{Context as _, Result, bail};
use app::{App, ImportOptions, NewAccount, RetryPolicy, Settings};
use chrono::{Datelike, Duration, NaiveTime};
use domain::calendar::{at_paris_time, paris_day};
use domain::identifiers::{BodyCode, EmailAddress, LotCode, PathReference, Phone};
use domain::order::OrderTransition;
use domain::people::{Account, StaffRole};
use domain::{Day, Instant};
use notifier::transport::{DeliveryError, Folder, Memory, Transport};
use persistence::{Store, StoreOptions};

use cast::Dice;
use play::{Mail, PlannedOrder, Staff, play};

pub use play::set_clock;

/// The address of the demo that its server refuses.
pub const BOUNCING: &str = "direction@adresse-refusee.example";

/// The file of the store in the demo's folder.
pub const DATABASE: &str = "jalon.db";

/// The folder of the messages in the demo's folder.
pub const MAILBOX: &str = "messages";

const KEY: &str = "secret.key";
const MARKET: &str = include_str!("../../../../config/market.toml");
const SEED: u64 = 2023;

/// The day and hour of the demo, unless `--at` says otherwise: Monday 23 November 2026, 9.00.
pub fn default_instant() -> Instant {
    let day = Day::from_ymd_opt(2026, 11, 23).expect("a day of the calendar");
    at_paris_time(day, NaiveTime::from_hms_opt(9, 0, 0).expect("an hour of the day"))
}

/// Where a demo lives.
#[derive(Debug, Clone)]
pub struct Place {
    pub folder: PathBuf,
}

impl Place {
    /// The address of its store.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.folder.join(DATABASE).display())
    }

    /// Whether it was built to the end.
    pub fn is_prepared(&self) -> bool {
        self.folder.join(DATABASE).is_file()
    }

    /// The key of its links, made once.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn secret(&self) -> Result<Vec<u8>> {
        let file = self.folder.join(KEY);
        match std::fs::read(&file) {
            Ok(secret) if secret.len() >= 32 => Ok(secret),
            _ => {
                std::fs::create_dir_all(&self.folder)?;
                let mut secret = vec![0; 32];
                getrandom::fill(&mut secret).map_err(|error| anyhow::anyhow!("draw a secret: {error}"))?;
                std::fs::write(&file, &secret).with_context(|| format!("write {}", file.display()))?;
                Ok(secret)
            }
        }
    }

    /// The mailbox, which refuses the bounced address as a server would.
    pub fn mailbox(&self) -> Transport {
        Transport::Folder(Folder::new(self.folder.join(MAILBOX)).bouncing([BOUNCING]))
    }
}

/// The settings of the demo's use cases.
pub fn settings(public_url: &str) -> Settings {
    Settings {
        public_url: public_url.to_owned(),
        sender_name: "Jalon".to_owned(),
        sender_address: "ne-pas-repondre@jalon.example".to_owned(),
        retry: RetryPolicy::default(),
        lease: Wait::from_secs(120),
        link_days: 90,
        document_size: 20 * 1024 * 1024,
        documents_per_path: 200,
        link_requests_per_hour: 3,
        exports_per_hour: 30,
        directory: None,
        lookups_per_hour: 60,
        resends_apart: Wait::from_secs(20 * 60),
        uploads_per_day: 300,
        drafts_kept: Wait::from_secs(30 * 24 * 3600),
    }
}

/// Opens a prepared demo.
///
/// # Errors
/// It is not there, or of another version.
pub async fn open(place: &Place, public_url: &str) -> Result<App> {
    let mut options = StoreOptions::new(place.database_url(), place.secret()?);
    options.create = false;
    let store = Store::connect(&options).await?;
    store.migrate().await?;
    Ok(App::new(store, settings(public_url)))
}

/// What a prepared demo holds, for the words that follow.
#[derive(Debug)]
pub struct Prepared {
    pub paths: Vec<PathReference>,
    pub past: usize,
}

/// Builds the demo in its folder, under another name until it is whole.
///
/// # Errors
/// The folder cannot be written, or the demo and the lifecycle disagree.
pub async fn prepare(place: &Place, at: Instant, public_url: &str, progress: &dyn Progress) -> Result<Prepared> {
    if place.is_prepared() {
        bail!("le dossier {} contient déjà une démonstration", place.folder.display());
    }
    std::fs::create_dir_all(&place.folder)?;
    let draft = place.folder.join("jalon.db.preparation");
    remove(&draft)?;
    let mailbox = place.folder.join(MAILBOX);
    remove_folder(&mailbox)?;
    let mut options = StoreOptions::new(format!("sqlite://{}", draft.display()), place.secret()?);
    // Until it is whole, this file is thrown away at the first trouble.
    options.disposable = true;
    options.documents = place.folder.join("documents.preparation");
    remove_folder(&options.documents)?;
    let store = Store::connect(&options).await?;
    store.migrate().await?;
    let app = App::new(store, settings(public_url));
    let mut prepared = build(place, &app, at, progress).await;
    if prepared.is_ok() {
        // A prepared demo is one file, which can be copied; the worker takes its documents out once it runs.
        let carried = app.store().embed_files().await;
        prepared = carried.map_err(anyhow::Error::from).and(prepared);
    }
    app.store().close().await?;
    remove_folder(&options.documents)?;
    if prepared.is_err() {
        remove(&draft)?;
    }
    let prepared = prepared?;
    finish(&draft, &place.folder.join(DATABASE))?;
    Ok(prepared)
}

/// Hears of the progress of a preparation.
pub trait Progress: Sync {
    /// The number of steps to come.
    fn length(&self, steps: u64);
    /// One step is done.
    fn step(&self);
}

async fn build(place: &Place, app: &App, at: Instant, progress: &dyn Progress) -> Result<Prepared> {
    let today = paris_day(at);
    let mut dice = Dice::new(SEED);
    let markets = app::market_file::read(MARKET).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let past = past::past_paths(&mut dice);
    let scripts = script::scripts(&mut dice, today);
    let first = scripts.iter().filter_map(|script| script.moves.first()).map(|step| step.at.date()).min();
    let first = first.context("the demo has paths")?;
    let orders = orders(first, today);
    let of_orders: usize = orders.iter().map(PlannedOrder::steps).sum();
    let steps = scripts.iter().map(|script| script.moves.len()).sum::<usize>() + of_orders + past.len();
    progress.length(steps as u64);

    let opening = at_paris_time(
        orders.iter().map(|order| order.drafted).min().unwrap_or(first).min(first) - Duration::days(7),
        NaiveTime::from_hms_opt(8, 0, 0).expect("an hour of the day"),
    );
    let current = markets.iter().find(|market| !market.past).context("the file of markets has a current market")?;
    if paris_day(opening) < current.starts_on || today > current.ends_on {
        bail!(
            "le marché de la démonstration court {}, et ses parcours commencent {} jours plus tôt : choisissez une autre date",
            wording::dates::period(current.starts_on, current.ends_on),
            (today - paris_day(opening)).num_days()
        );
    }
    set_clock(app, opening).await?;
    for market in &markets {
        app.apply_market("demonstration", market, market.starts_on, None).await?;
    }
    let staff = staff(app).await?;
    let codes: Vec<&str> = markets.iter().filter(|market| market.past).map(|market| market.code.as_str()).collect();
    let past_market = codes.first().context("the file of markets has a past market")?;
    // People who do not exist may have been given the same values.
    let duplicates = ImportOptions { duplicates: true, ..ImportOptions::default() };
    let imported = app
        .import_past(&staff.officers[0].actor(), past_market, &past, duplicates, &|_| progress.step())
        .await
        .map_err(|bad| anyhow::anyhow!("{} entrées passées sont refusées", bad.len()))?;

    let (past_mail, mailbox) = (Memory::default(), place.mailbox());
    past_mail.refuse(BOUNCING, DeliveryError::Refused { code: 550, reason: "550 5.1.1 adresse inconnue".to_owned() });
    let past_mail = Transport::Memory(past_mail);
    let mail = Mail { past: &past_mail, mailbox: &mailbox, from: today - Duration::days(10) };
    let paths = play(app, &staff, &scripts, &orders, &mail, at, &|| progress.step()).await?;
    needs::report(app, &mailbox, at).await?;
    Ok(Prepared { paths, past: imported.len() })
}

/// One batch of units for each lot and year of the scripts, and one waiting for its visa.
fn orders(first: Day, today: Day) -> Vec<PlannedOrder> {
    const BATCH: &str = "P1 90\nM1 80\nM2 80\nN1 40\nN2 40\nN3 12";
    let mut orders = Vec::new();
    for year in first.year()..=today.year() {
        for lot in [1, 2] {
            let january = Day::from_ymd_opt(year, 1, 6).expect("a day of the calendar");
            let drafted = january.max(first - Duration::days(14)).min(first.max(january));
            let drafted = if year == first.year() { first - Duration::days(14) } else { drafted };
            let commitment = format!("EJ-{year}-{lot:02}41");
            orders.push(PlannedOrder {
                lot,
                year,
                units: BATCH,
                commitment,
                drafted,
                until: OrderTransition::NotifyOrder,
            });
        }
    }
    let waiting = today - Duration::days(8);
    orders.push(PlannedOrder {
        lot: 2,
        year: today.year(),
        units: "N1 10\nN2 10",
        commitment: String::new(),
        drafted: waiting,
        until: OrderTransition::RequestEndorsement,
    });
    orders
}

async fn staff(app: &App) -> Result<Staff> {
    let audited_until = paris_day(app.now().await?) + Duration::days(3 * 365);
    let account = async |email: &str,
                         name: &str,
                         role: StaffRole,
                         body: Option<&str>,
                         lot: Option<&str>,
                         phone: &str|
           -> Result<Account> {
        let until = (role == StaffRole::Auditor).then_some(audited_until);
        let new = NewAccount {
            email: EmailAddress::parse(email)?,
            name: name.to_owned(),
            role,
            body: body.map(BodyCode::parse).transpose()?,
            lots: lot.map(LotCode::parse).transpose()?.into_iter().collect(),
            phone: Some(Phone::parse(phone)?),
            ends_on: until,
        };
        app.create_account(new).await.map_err(|error| anyhow::anyhow!("{email}: {error:?}"))
    };
    use StaffRole::{Administrator, Auditor, Coordinator, RegionFinance, RegionOfficer, RegionViewer};
    let (one, two) = (Some("retravailler"), Some("afpa-normandie"));
    let coordinators = [
        [
            account("claire.morel@retravailler.example", "Claire Morel", Coordinator, one, None, "02 61 91 00 11")
                .await?,
            account("hugo.petit@retravailler.example", "Hugo Petit", Coordinator, one, None, "02 61 91 00 12").await?,
        ],
        [
            account("sarah.lenoir@afpa-normandie.example", "Sarah Lenoir", Coordinator, two, None, "02 61 91 00 21")
                .await?,
            account("paul.marie@afpa-normandie.example", "Paul Marie", Coordinator, two, None, "02 61 91 00 22")
                .await?,
        ],
    ];
    let officers = [
        account("anne.roux@region.example", "Anne Roux", RegionOfficer, None, Some("1"), "02 61 91 00 31").await?,
        account("marc.fleury@region.example", "Marc Fleury", RegionOfficer, None, Some("2"), "02 61 91 00 32").await?,
    ];
    let finance = account("lea.caron@region.example", "Léa Caron", RegionFinance, None, None, "02 61 91 00 33").await?;
    account("jean.viel@region.example", "Jean Viel", RegionViewer, None, None, "02 61 91 00 34").await?;
    account("admin@region.example", "Administration de Jalon", Administrator, None, None, "02 61 91 00 35").await?;
    account("audit@region.example", "Contrôle", Auditor, None, None, "02 61 91 00 36").await?;
    Ok(Staff { coordinators, officers, finance })
}

/// Moves the demo's clock, then does what the worker would have done meanwhile, day by day.
///
/// # Errors
/// The store does not answer, or the clock is asked to go back.
pub async fn advance(app: &App, place: &Place, to: Instant) -> Result<app::TickReport> {
    let mut now = app.now().await?;
    if to < now {
        bail!("l’horloge de la démonstration ne recule pas : elle est au {}", wording::dates::long(paris_day(now)));
    }
    let (mailbox, mut total) = (place.mailbox(), app::TickReport::default());
    while now < to {
        let tomorrow = at_paris_time(
            paris_day(now) + Duration::days(1),
            NaiveTime::from_hms_opt(7, 45, 0).expect("an hour of the day"),
        );
        now = tomorrow.min(to);
        set_clock(app, now).await?;
        let report = app.tick().await?;
        total.reminders += report.reminders;
        total.escalations += report.escalations;
        total.decided += report.decided;
        total.offers += report.offers;
        total.digests += report.digests;
        total.skipped += report.skipped;
        app.deliver(&mailbox, u32::MAX).await?;
    }
    Ok(total)
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        std::fs::remove_dir_all(folder).with_context(|| format!("remove {}", folder.display()))?;
    }
    Ok(())
}

fn remove(draft: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{suffix}", draft.display()));
        if file.exists() {
            std::fs::remove_file(&file).with_context(|| format!("remove {}", file.display()))?;
        }
    }
    Ok(())
}

/// The whole file takes its name once it is on the disk.
fn finish(draft: &Path, database: &Path) -> Result<()> {
    let file = std::fs::File::open(draft)?;
    file.sync_all()?;
    std::fs::rename(draft, database)?;
    for suffix in ["-wal", "-shm"] {
        let left = PathBuf::from(format!("{}{suffix}", draft.display()));
        if left.exists() {
            std::fs::remove_file(left)?;
        }
    }
    if let Some(folder) = database.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
