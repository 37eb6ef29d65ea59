//! The bench of the tests: pages in this process, on a throw-away store, with a path played to where a test begins.

use std::time::Duration;

use app::{App, Attached, Attachment, Options, OrderOptions, OrderTarget, Outcome, Settings, Target};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::calendar::at_paris;
use domain::form::Form;
use domain::identifiers::{BodyCode, Phone};
use domain::market::Market;
use domain::order::OrderTransition;
use domain::path::command::DocumentKind;
use domain::path::{Act, Path, Step, Transition};
use domain::people::{Account, Actor, CompanyFunction, OutsideRole, RecipientRole, StaffRole};
use domain::told::FUNCTIONS;
use domain::{Day, samples};
use persistence::{Store, StoreOptions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;
use web::{PageOptions, ReturnsSecret, router, unrecorded_metrics};

/// What the mail server of the bench signs returned messages with.
pub const RETURNS_SECRET: &str = "un secret partagé avec le serveur de courriel";

pub const BODY_LIMIT: usize = 1024 * 1024;

const SECRET: &[u8] = b"un secret assez long pour les essais";

/// What an answer was.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap_or_default())
    }

    /// Holds every one of these texts, no-break spaces read as spaces.
    #[track_caller]
    pub fn shows(&self, texts: &[&str]) -> &Self {
        let page = self.plain();
        for text in texts {
            assert!(page.contains(text), "« {text} » is not in ({}):\n{page}", self.status);
        }
        self
    }

    #[track_caller]
    pub fn lacks(&self, texts: &[&str]) -> &Self {
        let page = self.plain();
        for text in texts {
            assert!(!page.contains(text), "« {text} » is in:\n{page}");
        }
        self
    }

    fn plain(&self) -> String {
        self.text.replace('\u{a0}', " ")
    }

    /// The hidden fields of the form that sends to an address.
    #[track_caller]
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let start = self
            .text
            .find(&format!("action=\"{action}\""))
            .or_else(|| self.text.find(&format!("action=\"{action}?")))
            .unwrap_or_else(|| panic!("no form {action}:\n{}", self.text));
        let form = &self.text[start..];
        let form = &form[..form.find("</form>").expect("forms end")];
        let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
        hidden
            .map(|input| {
                let (name, rest) = input.split_once('"').expect("a name ends");
                let value = rest.split('"').nth(1).expect("a hidden field has a value");
                (name.to_owned(), value.to_owned())
            })
            .collect()
    }
}

/// An app on its own store, with the accounts of lot 1 and one path.
pub struct Kit {
    pub app: App,
    pub router: Router,
    pub coordinator: Account,
    pub officer: Account,
    finance: Account,
    pub path: Option<Path>,
    /// Removed with the bench.
    folder: TempDir,
    pub today: Day,
}

impl Kit {
    /// A market, its accounts and a notified order; no path yet.
    pub async fn new() -> Self {
        Box::pin(Self::with(samples::market())).await
    }

    pub async fn with(market: Market) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("jalon.db").display());
        let store = Store::connect(&StoreOptions::new(url, SECRET.to_vec())).await.expect("a store");
        store.migrate().await.expect("migrations");
        let settings = Settings {
            public_url: "http://jalon.test".to_owned(),
            sender_name: "Jalon".to_owned(),
            sender_address: "ne-pas-repondre@jalon.example".to_owned(),
            retry: app::RetryPolicy::default(),
            lease: Duration::from_secs(120),
            link_days: 30,
            document_size: 1_000_000,
            documents_per_path: 20,
            link_requests_per_hour: 3,
            exports_per_hour: 8,
            directory: None,
            lookups_per_hour: 60,
            resends_apart: Duration::from_secs(20 * 60),
            uploads_per_day: 6,
            drafts_kept: Duration::from_secs(30 * 24 * 3600),
        };
        let app = App::new(store, settings);
        let router = router(app.clone(), options());
        app.apply_market("essai", &market, samples::day("2023-07-01"), None).await.expect("a market");
        let account = async |role, body: Option<&str>| {
            let sample = samples::account(role, 1);
            let new = app::NewAccount {
                email: sample.email,
                name: sample.name,
                role,
                body: body.map(|body| BodyCode::parse(body).expect("a body")),
                lots: Vec::new(),
                phone: (role == StaffRole::Coordinator).then(|| Phone::parse("02 35 00 00 07").expect("a phone")),
                ends_on: None,
            };
            app.create_account(new).await.expect("an account")
        };
        let coordinator = account(StaffRole::Coordinator, Some(samples::BODY_1)).await;
        let officer = account(StaffRole::RegionOfficer, None).await;
        let finance = account(StaffRole::RegionFinance, None).await;
        let today = samples::day("2026-03-02");
        let mut kit = Self { app, router, coordinator, officer, finance, path: None, folder, today };
        kit.go(today, 9).await;
        kit.order().await;
        kit
    }

    /// The same with other settings.
    pub fn set(&mut self, settings: Settings) {
        self.app = App::new(self.app.store().clone(), settings);
        self.router = router(self.app.clone(), options());
    }

    /// From now on the store refuses to write, as on a full disk; what goes on writing to it.
    pub async fn read_only(&mut self) -> App {
        let url = format!("sqlite://{}?mode=ro", self.folder.path().join("jalon.db").display());
        let options = StoreOptions { create: false, ..StoreOptions::new(url, SECRET.to_vec()) };
        let store = Store::connect(&options).await.expect("a store");
        let app = App::new(store, self.app.settings().clone());
        self.router = router(app.clone(), self::options());
        std::mem::replace(&mut self.app, app)
    }

    /// From now on no document finds room on the disk.
    pub async fn full_disk(&mut self) {
        let url = format!("sqlite://{}", self.folder.path().join("jalon.db").display());
        let options = StoreOptions { reserve_percent: 100, ..StoreOptions::new(url, SECRET.to_vec()) };
        let store = Store::connect(&options).await.expect("a store");
        self.app = App::new(store, self.app.settings().clone());
        self.router = router(self.app.clone(), self::options());
    }

    /// Moves the clock of the store.
    pub async fn go(&mut self, day: Day, hour: u32) {
        let tx = self.app.store().begin_write().await.expect("a transaction");
        let real = tx.now().await.expect("now") - tx.clock_offset().await.expect("the offset");
        tx.set_clock_offset(at_paris(day, hour, 0) - real).await.expect("the clock moves");
        tx.commit().await.expect("commit");
        self.today = day;
    }

    /// Moves the clock of the store by days.
    pub async fn wait(&mut self, days: i64) {
        self.go(self.today + chrono::Duration::days(days), 10).await;
    }

    /// One more order, notified.
    pub async fn order(&self) {
        let steps: [(OrderTransition, &Account, Value); 4] = [
            (
                OrderTransition::DraftOrder,
                &self.officer,
                json!({"lot": "1", "budget_year": 2026, "units": "P1 5, M1 5, M2 5, N1 5, N2 5"}),
            ),
            (OrderTransition::RequestEndorsement, &self.officer, json!({})),
            (OrderTransition::Endorse, &self.finance, json!({"commitment_number": "E-2026-1"})),
            (
                OrderTransition::NotifyOrder,
                &self.officer,
                json!({"channel": "buyer_profile", "sent_on": self.today, "consulted_on": self.today, "proof": "AR 1"}),
            ),
        ];
        let mut target = OrderTarget::New;
        for (transition, account, form) in steps {
            let form = form.as_object().cloned().unwrap_or_default();
            let outcome =
                Box::pin(self.app.order(&account.actor(), &target, transition, &form, &OrderOptions::default())).await;
            target = OrderTarget::Order(outcome.expect("the order goes through").order.reference);
        }
    }

    /// Whether the files of the store hold this text as it is.
    pub fn stores(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder of the store");
        let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        files.into_iter().any(|file| holds(std::fs::read(file.expect("an entry").path()).unwrap_or_default()))
    }

    pub fn finance(&self) -> &Account {
        &self.finance
    }

    pub fn path(&self) -> &Path {
        self.path.as_ref().expect("a path was opened")
    }

    /// The person of a role, as the author of a step.
    pub fn outside(&self, role: OutsideRole) -> Actor {
        let path = self.path();
        let person = path.person_of(role).expect("somebody has the role").id;
        Actor::Outside { person, role, path: path.id }
    }

    /// Performs a step with a form; documents of the form get bytes.
    pub async fn act(&mut self, actor: &Actor, step: impl Into<Step>, mut form: Form) -> Outcome {
        let step = step.into();
        let mut attachments = Vec::new();
        for (field, value) in &mut form {
            if value.get("sha256").is_some() {
                let name = value["name"].as_str().expect("a document has a name").to_owned();
                let bytes = format!("%PDF-1.4 {name}").into_bytes();
                value["sha256"] = json!(persistence::document_digest(&bytes));
                let kind = match (step, field.as_str()) {
                    (Step::Act(Act::WritePif | Act::AmendPif), _) => DocumentKind::Pif,
                    (Step::Transition(Transition::DeliverPreparation), "programme") => DocumentKind::Programme,
                    (Step::Act(Act::AddDocument), _) => DocumentKind::FinalReport,
                    _ => DocumentKind::Other,
                };
                let file = Attached::Bytes(bytes);
                attachments.push(Attachment { name, media_type: "application/pdf".to_owned(), file, kind });
            }
        }
        let target = self.path.as_ref().map_or(Target::New, |path| Target::Path(path.reference.clone()));
        let options = Options { attachments, ..Options::default() };
        let outcome = Box::pin(self.app.advance(actor, &target, step, &form, &options)).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{step}: {error:?}"));
        self.path = Some(outcome.path.clone());
        outcome
    }

    /// Performs a step with its sample form.
    pub async fn sample(&mut self, actor: &Actor, step: impl Into<Step>) -> Outcome {
        let step = step.into();
        self.act(actor, step, samples::form(step, self.today)).await
    }

    async fn body(&mut self, step: impl Into<Step>) {
        let actor = self.coordinator.actor();
        self.sample(&actor, step).await;
    }

    async fn region(&mut self, step: impl Into<Step>) {
        let actor = self.officer.actor();
        self.sample(&actor, step).await;
    }

    /// The study is under way and the company's commitment is asked; the token of the company's link.
    pub async fn commitment_asked() -> (Self, String) {
        let mut kit = Self::new().await;
        kit.body(Transition::ReportNeed).await;
        kit.region(Transition::OrderFeasibility).await;
        kit.body(Transition::StartFeasibility).await;
        kit.body(Act::AskConfirmation).await;
        let token = kit.token(RecipientRole::Company).await;
        (kit, token)
    }

    /// The preparation waits for the Region's decision.
    pub async fn preparation_delivered() -> Self {
        let (mut kit, _) = Box::pin(Self::commitment_asked()).await;
        let company = kit.outside(OutsideRole::Company);
        kit.sample(&company, Act::ConfirmCommitment).await;
        kit.wait(8).await;
        kit.body(Transition::DeliverFeasibility).await;
        kit.region(Transition::AdmitFeasibility).await;
        kit.body(Act::DesignateTutor).await;
        kit.region(Transition::OrderPreparation).await;
        kit.body(Transition::StartPreparation).await;
        kit.body(Transition::DeliverPreparation).await;
        kit
    }

    /// The preparation is admitted, and a candidate selected.
    pub async fn select(&mut self) {
        self.region(Transition::AdmitPreparation).await;
        self.body(Transition::OpenSelection).await;
        self.body(Transition::SelectCandidate).await;
    }

    /// The PIF is written; the company and the trainee are asked to sign it.
    pub async fn pif_written() -> (Self, String, String) {
        let mut kit = Box::pin(Self::preparation_delivered()).await;
        kit.select().await;
        kit.body(Act::WritePif).await;
        let company = kit.token(RecipientRole::Company).await;
        let trainee = kit.token(RecipientRole::Trainee).await;
        (kit, company, trainee)
    }

    /// The training has begun, with two sessions to sign and the month's statement signed by the body.
    pub async fn in_training() -> (Self, String, String) {
        let (mut kit, _, _) = Box::pin(Self::pif_written()).await;
        kit.body(Transition::SignPif).await;
        for role in [OutsideRole::Company, OutsideRole::Trainee] {
            let actor = kit.outside(role);
            kit.sample(&actor, Transition::SignPif).await;
        }
        kit.region(Transition::OrderImplementation).await;
        kit.wait(14).await;
        kit.body(Transition::EnterTraining).await;
        for (kind, from, until, objective) in [
            ("work_situation", "09:00", "12:00", "Façonner les pâtons."),
            ("reflexive_phase", "14:00", "15:30", "Revenir sur la matinée avec le tuteur."),
        ] {
            let tutor = kit.outside(OutsideRole::Tutor);
            let day = kit.today;
            let form = json!({"kind": kind, "from": format!("{day} {from}"), "until": format!("{day} {until}"), "objective": objective});
            kit.go(day, 18).await;
            kit.act(&tutor, Act::RecordSequence, form.as_object().cloned().unwrap_or_default()).await;
        }
        kit.body(Act::SignAttendanceMonth).await;
        let trainee = kit.token(RecipientRole::Trainee).await;
        let tutor = kit.token(RecipientRole::Tutor).await;
        (kit, trainee, tutor)
    }

    /// The training ended early, its report is there and the company is asked to confirm it.
    pub async fn report_asked() -> (Self, String) {
        let (mut kit, _, _) = Box::pin(Self::in_training()).await;
        kit.wait(3).await;
        let coordinator = kit.coordinator.actor();
        let form = json!({"outcome": "early_exit_for_job", "on": kit.today, "reason": "Embauche.", "hours_done": 4});
        kit.act(&coordinator, Transition::EndTraining, form.as_object().cloned().unwrap_or_default()).await;
        let form = json!({"kind": "final_report", "document": samples::document("Bilan final.pdf")});
        kit.act(&coordinator, Act::AddDocument, form.as_object().cloned().unwrap_or_default()).await;
        kit.body(Act::AskConfirmation).await;
        let token = kit.token(RecipientRole::Company).await;
        (kit, token)
    }

    /// The token of the last link sent to a role.
    pub async fn token(&self, role: RecipientRole) -> String {
        let view = self.app.path(&self.officer.actor(), &self.path().reference).await.expect("the path");
        let current = view
            .people
            .iter()
            .filter(|person| person.active && person.role == role)
            .map(|person| person.id)
            .next_back();
        let mut messages: Vec<_> = view
            .messages
            .iter()
            .filter(|message| message.content.to.person == current && message.content.link.is_some())
            .collect();
        messages.sort_by_key(|message| message.seq);
        let last = messages.last().unwrap_or_else(|| panic!("no link was sent to {role}"));
        self.app.link_of_message(last.content.id).await.expect("the message").expect("a link")
    }

    /// The token of the last link sent to who has a role.
    pub async fn token_of(&self, role: OutsideRole) -> String {
        let view = self.app.path(&self.officer.actor(), &self.path().reference).await.expect("the path");
        let person = view.path.person_of(role).expect("somebody has the role").id;
        let own = view.messages.iter().filter(|message| message.content.to.person == Some(person));
        let last = own.filter(|message| message.content.link.is_some()).max_by_key(|message| message.seq);
        let last = last.unwrap_or_else(|| panic!("no link was sent to {role}"));
        self.app.link_of_message(last.content.id).await.expect("the message").expect("a link")
    }

    /// The company's contact names somebody for each function.
    pub async fn name_colleagues(&mut self) {
        for function in FUNCTIONS {
            let (name, email) = match function {
                CompanyFunction::Signatory => ("Marie Lemoine", "marie@boulangerie-lemoine.example"),
                CompanyFunction::HumanResources => ("Inès Rault", "ines@boulangerie-lemoine.example"),
                CompanyFunction::Accounting => ("Hugo Perrin", "hugo@boulangerie-lemoine.example"),
            };
            let form = json!({"function": function, "name": name, "email": email});
            let company = self.outside(OutsideRole::Company);
            self.act(&company, Act::AddCompanyContact, form.as_object().cloned().unwrap_or_default()).await;
        }
    }

    /// How many messages the path has sent or holds.
    pub async fn messages(&self) -> usize {
        self.app.path(&self.officer.actor(), &self.path().reference).await.expect("the path").messages.len()
    }

    /// How many events the path has.
    pub async fn events(&self) -> usize {
        self.app.path(&self.officer.actor(), &self.path().reference).await.expect("the path").events.len()
    }

    pub async fn send(&self, request: Request<Body>) -> Page {
        let response = Box::pin(self.router.clone().oneshot(request)).await.expect("pages always answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Page { status: parts.status, headers: parts.headers, text, bytes: bytes.into() }
    }

    pub async fn get(&self, address: &str) -> Page {
        self.send(Request::get(address).body(Body::empty()).expect("a request")).await
    }

    pub async fn head(&self, address: &str) -> Page {
        let request = Request::builder().method(Method::HEAD).uri(address).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    pub async fn post(&self, address: &str, form: &[(String, String)]) -> Page {
        self.post_from(address, form, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    pub async fn post_from(
        &self,
        address: &str,
        form: &[(String, String)],
        headers: &[(&'static str, &'static str)],
    ) -> Page {
        let body = form
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        let mut request = Request::post(address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Posts what ends the link, and follows the redirection.
    pub async fn post_and_follow_to_gone(&self, address: &str, form: &[(String, String)]) -> Page {
        let page = self.post_and_follow(address, form).await;
        assert_eq!(page.status, StatusCode::GONE, "{}", page.text);
        page
    }

    /// Posts and follows the redirection.
    pub async fn post_and_follow(&self, address: &str, form: &[(String, String)]) -> Page {
        let page = self.post(address, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        self.get(page.location()).await
    }
}

fn options() -> PageOptions {
    PageOptions {
        request_timeout: Duration::from_secs(10),
        body_limit: BODY_LIMIT,
        demo: true,
        pages: None,
        behind_relay: false,
        returns: Some(ReturnsSecret::new(RETURNS_SECRET)),
        metrics: unrecorded_metrics(),
    }
}

pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The address of a step of the portal.
pub fn step_address(token: &str, step: impl Into<Step>) -> String {
    web::routes::portal_step(token, step.into())
}

/// The fields of a form with more of them.
pub fn with(mut form: Vec<(String, String)>, more: &[(&str, &str)]) -> Vec<(String, String)> {
    form.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

/// Who answers for the company.
pub const SIGNED: &[(&str, &str)] = &[("signataire", "Anne Lemoine"), ("fonction", "Gérante")];
