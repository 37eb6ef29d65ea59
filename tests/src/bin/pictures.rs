//! The pictures of the documentation: each main page of the demo, at its date, at both widths; each e-mail on a telephone.
//!
//! `pictures FOLDER` writes `images/PAGE-1280.png`, `images/PAGE-390.png` and `courriels/KIND.png`; `pictures FOLDER PART` one of
//! the two parts. `tests/pictures` builds it, runs it and makes the files small. To add a page: a line in the part of the person who sees
//! it; an e-mail has its picture by its samples.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::committee::{NewTable, keeps_committee};
use app::{MessageFilter, MessageState, PathFilter};
use domain::committee::TableKind;
use domain::path::State;
use domain::people::{Actor, RecipientRole};
use tests::browser::{Browser, Site, Theme, Width};
use tests::emails::telling;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("pictures FOLDER [images|courriels]");
        return ExitCode::from(2);
    };
    let part = arguments.next();
    let wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    if wanted("images") {
        pages(&made(&folder, "images")).await;
    }
    if wanted("courriels") {
        emails(&made(&folder, "courriels")).await;
    }
    ExitCode::SUCCESS
}

fn made(folder: &Path, part: &str) -> PathBuf {
    let folder = folder.join(part);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The e-mails, one picture for each kind.
async fn emails(folder: &Path) {
    /// Higher than any sample.
    const WINDOWS: f64 = 5.0;
    let browser = Browser::alone("courriels").await;
    for letter in telling() {
        browser.show_letter(&letter.html, Theme::Light).await;
        browser.photograph_up_to(WINDOWS, &folder.join(format!("{}.png", letter.kind))).await;
    }
    browser.close().await;
}

async fn pages(folder: &Path) {
    let site = Site::open().await;
    let album = Album { browser: Browser::open(&site, "images").await, site, folder: folder.to_owned() };
    album.public().await;
    album.coordinator().await;
    album.officer().await;
    album.finance().await;
    album.administrator().await;
    album.portal().await;
    album.messages().await;
    album.browser.close().await;
    album.site.close().await;
}

struct Album {
    site: Site,
    browser: Browser,
    folder: PathBuf,
}

impl Album {
    async fn public(&self) {
        self.page("accueil", "/").await;
        self.page("connexion", "/connexion").await;
        self.page("signaler-un-besoin", "/besoin").await;
    }

    /// Someone of the training body of lot 1.
    async fn coordinator(&self) {
        self.browser.sign_in("Claire Morel").await;
        self.page("a-faire-coordination", "/").await;
        self.browser.go("/").await;
        self.browser.click("Lire le signalement").await;
        let need = self.browser.address().await;
        self.page("besoin-signale", &need).await;
        self.page("parcours-tableau", "/parcours?vue=tableau").await;
        self.page("parcours-etapes", "/parcours?vue=etapes").await;
        let path = self.path(State::InTraining).await;
        self.page("parcours-fiche", &format!("/parcours/{path}")).await;
        self.page("sequence", &format!("/parcours/{path}/etapes/record_sequence")).await;
        self.page("correction", &format!("/parcours/{path}/etapes/correct_datum")).await;
        let study = self.path(State::FeasibilityInProgress).await;
        self.page("remise-etude", &format!("/parcours/{study}/etapes/deliver_feasibility")).await;
        self.page("reponse-par-telephone", &format!("/parcours/{study}/etapes/record_answer_on_behalf")).await;
        self.page("nouveau-parcours", "/parcours/nouveau").await;
        let ready = self.path(State::Ready).await;
        self.page("ouvrir-la-selection", &format!("/parcours/{ready}/etapes/open_selection")).await;
        self.page("entreprise", &format!("/entreprises/{}", self.siret(&path).await)).await;
        self.page("messages", "/messages").await;
        self.page("mon-compte", "/compte").await;
        self.browser.click("Se déconnecter").await;
    }

    /// The officer of lot 1.
    async fn officer(&self) {
        self.browser.sign_in("Anne Roux").await;
        self.page("a-faire-region", "/").await;
        let need = self.path(State::NeedReported).await;
        self.page("commander-l-etude", &format!("/parcours/{need}/etapes/order_feasibility")).await;
        self.page("service-fait", "/commandes/verification?lot=1").await;
        let delivered = self.path(State::FeasibilityDelivered).await;
        self.page("admettre-l-etude", &format!("/parcours/{delivered}/etapes/admit_feasibility")).await;
        self.page("commandes", "/commandes").await;
        self.page("commande-nouvelle", "/commandes/nouvelle?lot=1").await;
        self.page("commande", "/commandes/BC-1-2026-0001").await;
        self.page("mes-courriels", "/compte").await;
        let digest = MessageFilter { kind: Some("digest".to_owned()), ..MessageFilter::default() };
        let digest = self.message(&digest).await;
        self.page("courriel-recapitulatif", &format!("/messages/{digest}/contenu")).await;
        self.page("pilotage", "/pilotage").await;
        self.committee().await;
        self.page("copil", "/pilotage/copil?au=2023-06-30&compare=2022-12-31").await;
        self.page("lots", "/lots").await;
        self.page("lot", "/lots/1").await;
        let delivered = self.paths(State::FeasibilityDelivered).await;
        let chosen: String = delivered.iter().take(3).map(|path| format!("&p={path}")).collect();
        self.page("actions-groupees", &format!("/parcours/actions?{}", chosen.trim_start_matches('&'))).await;
        self.browser.click("Se déconnecter").await;
    }

    /// The committee's tables of the deck, as the Region would give them.
    async fn committee(&self) {
        let officer = self.site.app.accounts().await.expect("the accounts are read").into_iter();
        let officer = officer.map(|account| account.actor()).find(keeps_committee).expect("the demo has officers");
        for (kind, day, bytes) in [
            (
                TableKind::Entries,
                "2022-12-31",
                &include_bytes!("../../../crates/reports/tests/deck/entrees-2022-12-31.csv")[..],
            ),
            (
                TableKind::Entries,
                "2023-06-30",
                include_bytes!("../../../crates/reports/tests/deck/entrees-2023-06-30.csv"),
            ),
            (TableKind::Sectors, "2023-06-30", include_bytes!("../../../crates/reports/tests/deck/filieres-2023.csv")),
        ] {
            let new = NewTable {
                kind,
                as_of: domain::samples::day(day),
                scheme: String::new(),
                sheet: String::new(),
                file_name: format!("{}.csv", wording::committee::kind(kind)),
                bytes: bytes.to_vec(),
            };
            self.site.app.import_committee(&officer, new).await.expect("the deck's own");
        }
    }

    async fn finance(&self) {
        self.browser.sign_in("Léa Caron").await;
        self.page("a-faire-finances", "/").await;
        self.page("viser", "/commandes/BC-2-2026-0002/etapes/endorse").await;
        self.browser.click("Se déconnecter").await;
    }

    async fn administrator(&self) {
        self.browser.sign_in("Administration de Jalon").await;
        self.page("comptes", "/administration").await;
        self.browser.go("/administration").await;
        self.browser.click("Claire Morel").await;
        let account = self.browser.address().await;
        self.page("portefeuille", &format!("{account}/portefeuille")).await;
        self.page("marche", "/administration/marche").await;
        self.browser.click("Se déconnecter").await;
    }

    /// The pages behind the links of e-mails.
    async fn portal(&self) {
        let company = self.link(State::FeasibilityInProgress, RecipientRole::Company).await;
        self.page("lien-entreprise", &company).await;
        self.page("lien-transmettre", &format!("{company}/etapes/hand_over_contact")).await;
        let trainee = self.link(State::InTraining, RecipientRole::Trainee).await;
        self.page("lien-stagiaire", &trainee).await;
        let tutor = self.link(State::InTraining, RecipientRole::Tutor).await;
        self.page("lien-tuteur", &tutor).await;
    }

    /// E-mails as their readers see them, links masked; and one that did not arrive.
    async fn messages(&self) {
        self.browser.sign_in("Sarah Lenoir").await;
        for (page, kind) in [
            ("courriel-besoin", "need_reported"),
            ("courriel-confirmation", "confirmation_asked"),
            ("courriel-etude-commandee", "feasibility_ordered"),
            ("courriel-rappel", "reminder"),
        ] {
            let filter = MessageFilter { kind: Some(kind.to_owned()), ..MessageFilter::default() };
            let message = self.message(&filter).await;
            self.page(page, &format!("/messages/{message}/contenu")).await;
        }
        let refused = MessageFilter { states: vec![MessageState::Refused], ..MessageFilter::default() };
        let refused = self.message(&refused).await;
        self.page("message-refuse", &format!("/messages/{refused}")).await;
        self.browser.click("Se déconnecter").await;
    }

    /// Both pictures of a page.
    async fn page(&self, name: &str, address: &str) {
        self.browser.go(address).await;
        for (width, size) in [(Width::Desk, 1280), (Width::Phone, 390)] {
            self.browser.view(width, Theme::Light).await;
            self.browser.photograph(&self.folder.join(format!("{name}-{size}.png"))).await;
        }
        self.browser.view(Width::Desk, Theme::Light).await;
        println!("{name}");
    }

    /// References of the paths of lot 1 in a state.
    async fn paths(&self, state: State) -> Vec<String> {
        let filter = PathFilter { states: vec![state], ..PathFilter::default() };
        let paths = self.site.app.paths(&Actor::System, &filter).await.expect("the paths are read");
        let of_lot = paths.iter().filter(|path| path.lot.as_str() == "1" && path.market.as_str() == "fest-2023");
        of_lot.map(|path| path.reference.to_string()).collect()
    }

    async fn path(&self, state: State) -> String {
        let paths = self.paths(state).await;
        paths.first().unwrap_or_else(|| panic!("the demo has {state} in lot 1")).clone()
    }

    async fn siret(&self, reference: &str) -> String {
        let filter = PathFilter::default();
        let paths = self.site.app.paths(&Actor::System, &filter).await.expect("the paths are read");
        let path = paths.iter().find(|path| path.reference.to_string() == reference).expect("it is one of them");
        path.siret.to_string()
    }

    /// The last message of lot 2 that a filter keeps.
    async fn message(&self, filter: &MessageFilter) -> String {
        let messages = self.site.app.messages(&Actor::System, filter).await.expect("the messages are read");
        let of_lot = messages.iter().find(|message| message.content.subject.contains("FEST-2-"));
        let message = of_lot.or(messages.first()).unwrap_or_else(|| panic!("the demo has {:?}", filter.kind));
        message.content.id.to_string()
    }

    /// The address of the page behind the last link sent to a role, on a path in a state.
    async fn link(&self, state: State, role: RecipientRole) -> String {
        let filter = PathFilter { states: vec![state], ..PathFilter::default() };
        for line in self.site.app.paths(&Actor::System, &filter).await.expect("the paths are read") {
            let view = self.site.app.path(&Actor::System, &line.reference).await.expect("the path is read");
            let asked = |person: &&domain::people::Person| match role {
                RecipientRole::Company => person.id == view.path.contact.id,
                _ => person.active && person.role == role,
            };
            let Some(person) = view.people.iter().rfind(asked) else {
                continue;
            };
            let sent = view.messages.iter().filter(|message| message.content.to.person == Some(person.id));
            let Some(last) = sent.filter(|message| message.content.link.is_some()).max_by_key(|message| message.seq)
            else {
                continue;
            };
            if let Some(token) = self.site.app.link_of_message(last.content.id).await.expect("the message is read") {
                return format!("/acces/{token}");
            }
        }
        panic!("nobody has a link as {role} in {state}")
    }
}
