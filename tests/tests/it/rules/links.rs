//! Every link of every message, followed as whoever reads it would (L6).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use app::App;
use domain::identifiers::AccountId;
use domain::path::Path;
use domain::path::requests::asked_of;
use domain::people::Side;
use domain::places::Policy;
use notifier::envelope::Outgoing;
use notifier::transport::{Memory, Transport};
use persistence::{Message, MessageFilter};
use tests::world::{Home, Setup, World, staff};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{Listen, ServeOptions, unrecorded_metrics};
use wording::addresses;

use super::{every_kind_of_message, rarer};
use crate::kit::on_both;

/// The pages of a world, served on the loopback.
pub(super) struct Pages {
    address: String,
    stop: CancellationToken,
}

impl Pages {
    pub(super) async fn of(app: App) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let stop = CancellationToken::new();
        let options = ServeOptions {
            listen: Listen::Listener(listener),
            request_timeout: Duration::from_secs(30),
            body_limit: 1024 * 1024,
            demo: false,
            pages: None,
            behind_relay: false,
            returns: None,
            stop_timeout: Duration::from_secs(5),
            metrics: unrecorded_metrics(),
        };
        let serving = web::serve(app, options, stop.clone());
        tokio::spawn(async move { serving.await.expect("the pages are served") });
        Self { address, stop }
    }

    /// The page of an address for nobody in particular, and its status.
    pub(super) async fn get(&self, address: &str) -> (u16, String) {
        self.get_as(address, "").await
    }

    /// The page of an address for whose session this is.
    async fn get_as(&self, address: &str, session: &str) -> (u16, String) {
        let address = format!("{}{address}", self.address);
        let cookie = format!("__Host-jalon={session}");
        let page = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let mut response = agent.get(&address).header("cookie", &cookie).call().expect("the pages answer");
            (response.status().as_u16(), response.body_mut().read_to_string().expect("a page is text"))
        });
        page.await.expect("the request ends")
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Where the product says that it is.
const HOME: &str = "https://jalon.example";

/// The addresses of the product that stand in a message, in both its parts.
fn links(message: &Outgoing) -> BTreeSet<String> {
    let of = |text: &str, start: &str, ends: &[char]| -> BTreeSet<String> {
        let found = text.split(start).skip(1);
        found.map(|rest| rest[..rest.find(ends).unwrap_or(rest.len())].to_owned()).collect()
    };
    let in_text = of(&message.text, HOME, &[' ', '\n', '\r', '\u{a0}']);
    let in_html = of(&message.html, &format!("href=\"{HOME}"), &['"']);
    assert_eq!(in_text, in_html, "{}", message.text);
    in_text
}

/// Delivers what waits and opens every link of it.
struct Reader<'a> {
    world: &'a World,
    pages: Pages,
    mailbox: Memory,
    sessions: HashMap<AccountId, String>,
    /// How many links of each reader were opened.
    followed: BTreeMap<&'static str, u32>,
    kinds: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    async fn new(world: &'a World) -> Self {
        Self {
            world,
            pages: Pages::of(world.app.clone()).await,
            mailbox: Memory::default(),
            sessions: HashMap::new(),
            followed: BTreeMap::new(),
            kinds: BTreeSet::new(),
        }
    }

    /// Delivers what waits, and opens what came, each about its path as it is now.
    async fn read(&mut self) {
        let transport = Transport::Memory(self.mailbox.clone());
        self.world.app.deliver(&transport, u32::MAX).await.expect("the store answers");
        let mail = self.mailbox.take();
        let Some(oldest) = mail.iter().map(|message| message.date).min() else { return };
        let filter = MessageFilter { queued_from: Some(oldest), ..MessageFilter::default() };
        let tx = self.world.app.store().begin_read().await.expect("the store answers");
        let rows = tx.messages(&filter).await.expect("messages are listed");
        drop(tx);
        for message in mail {
            let row = rows.iter().find(|row| row.content.message_id == message.message_id).expect("it was queued");
            let path = match row.content.about.path {
                Some(id) => {
                    let tx = self.world.app.store().begin_read().await.expect("the store answers");
                    tx.path_by_id(id).await.expect("the store answers").map(|stored| stored.path)
                }
                None => None,
            };
            self.kinds.insert(row.content.kind.clone());
            self.follow(&message, row, path.as_ref()).await;
        }
    }

    /// Opens every link of a message, as whoever reads it.
    async fn follow(&mut self, message: &Outgoing, row: &Message, path: Option<&Path>) {
        let content = &row.content;
        let what = format!("{} to {}: {}", content.kind, content.to.role, message.subject);
        let links = links(message);
        let buttons = message.html.matches("class=\"b\"").count();
        let about = links.iter().filter(|link| !link.ends_with("/rappels") && *link != addresses::PERSONAL_DATA);
        assert!(buttons <= 1 && buttons == about.count().min(1), "{what}: {links:?}");
        for link in &links {
            let outside = ["/acces/", "/besoin/", "/connexion/mot-de-passe/", addresses::PERSONAL_DATA];
            let session = match outside.iter().any(|start| link.starts_with(start)) {
                true => String::new(),
                false => self.session(row).await,
            };
            let (status, page) = self.pages.get_as(link, &session).await;
            assert_eq!(status, 200, "{what}: {link}: {page}");
            assert!(!page.contains("name=\"mot_de_passe_actuel\""), "{what}");
            if link.ends_with("/rappels") {
                assert!(page.contains("<form"), "{what}: reminders are turned off there");
            } else if link.starts_with("/acces/") {
                let path = path.expect("somebody outside is written to about a path");
                assert!(page.contains(&path.reference.to_string()), "{what}: the page of another path");
                let title = wording::messages::request_label;
                // Who has just declined is asked nothing more until the body asks again.
                let person = content.to.person.filter(|_| content.kind != "request_declined");
                let role = person.and_then(|person| path.role_of(person));
                for asked in role.into_iter().flat_map(|role| asked_of(path, role)) {
                    assert!(page.contains("<form"), "{what}: {} is answered on the page", title(asked.kind));
                }
            } else if !session.is_empty() {
                // The subject starts with the reference of what it is about.
                let reference = message.subject.split(' ').next().unwrap_or_default();
                let named = reference.contains(|c: char| c.is_ascii_digit());
                assert!(!named || page.contains(reference), "{what}: the page of something else");
                assert!(named || content.about.path.is_none() || content.kind == "place_alert", "{what}");
            }
            let reader = if session.is_empty() { content.to.role.into() } else { "staff" };
            *self.followed.entry(reader).or_default() += 1;
        }
    }

    /// The session of whoever of the staff a message is for; the coordinator reads what the body is sent.
    async fn session(&mut self, row: &Message) -> String {
        let accounts = self.world.app.accounts().await.expect("accounts are listed");
        // The second part of a reference is the lot.
        let lot = if row.content.subject.split('-').nth(1) == Some("2") { 2 } else { 1 };
        let id = row.content.to.account.unwrap_or_else(|| staff(Side::Body, lot).id);
        if let Some(session) = self.sessions.get(&id) {
            return session.clone();
        }
        let account = accounts.iter().find(|account| account.id == id).expect("it is written to an account");
        let (_, session) = self.world.app.open_session(account, "", "").await.expect("a session");
        self.sessions.insert(id, session.clone());
        session
    }
}

/// The kinds of e-mail there are that nobody was sent.
fn not_met(kinds: &BTreeSet<String>) -> BTreeSet<&'static str> {
    let there = notifier::emails::samples();
    there.iter().map(|(_, sample)| sample.kind).filter(|kind| !kinds.contains(*kind)).collect()
}

/// Every link of every message, as it stands in what leaves, opens on a page of what its subject names: for people outside by
/// that link alone, for the staff once they are signed in. Reminders are turned off by theirs.
async fn l6_every_link_of_every_message_opens_a_page_of_its_path(world: World, _home: &Home) {
    let mut reader = Reader::new(&world).await;
    Box::pin(every_kind_of_message(&world, &mut async |_: &Path| Box::pin(reader.read()).await)).await;
    let mut seen = async || Box::pin(reader.read()).await;
    Box::pin(rarer::about_needs(&world, &mut seen)).await;
    Box::pin(rarer::about_paths(&world, &mut seen)).await;
    Box::pin(rarer::about_orders(&world, &mut seen)).await;
    Box::pin(rarer::about_accounts(&world, &mut seen)).await;
    let Reader { followed, kinds, .. } = reader;
    let roles: Vec<&str> = followed.keys().copied().collect();
    assert_eq!(roles, ["candidate", "company", "region", "staff", "trainee", "tutor"], "{followed:?}");
    let all: u32 = followed.values().sum();
    assert!(all > 300, "{followed:?}");
    // Where places lack, there are three more; and `recorded` is of steps that tell nobody.
    let expected = BTreeSet::from(["place_alert", "place_lapsed", "place_offered", "recorded"]);
    assert_eq!(not_met(&kinds), expected);
}
on_both!(every_link, Setup::default(), l6_every_link_of_every_message_opens_a_page_of_its_path);

async fn l6_and_so_do_those_of_places_that_lack(world: World, _home: &Home) {
    let mut reader = Reader::new(&world).await;
    Box::pin(rarer::about_places(&world, &mut async || Box::pin(reader.read()).await)).await;
    let expected = ["place_alert", "place_lapsed", "place_offered"];
    assert!(expected.iter().all(|kind| reader.kinds.contains(*kind)), "{:?}", reader.kinds);
}
on_both!(
    links_of_places,
    Setup { places: 1, policy: Policy::Waitlist, ..Setup::default() },
    l6_and_so_do_those_of_places_that_lack
);
