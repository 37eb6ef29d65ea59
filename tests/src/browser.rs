//! A real browser on the product: Chromium, driven by its WebDriver on the loopback interface.
//!
//! Rules kept here:
//! - one driver for a test binary, on a port of its own; it ends with the binary, whatever ended it;
//! - a browser has its own profile, thrown away with it, and asks nothing of another site;
//! - what a page shows is read as its reader does: no-break spaces are spaces, elements are named by their words;
//! - pictures of every state that a test looks at are kept in `target/tmp/browser`.
//!
//! [`Browser::audit`] holds a state against what every page owes its readers; the rules are those of axe-core, in `assets/`.

mod audit;
mod driver;
mod letters;
mod site;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};

pub use audit::Audit;
pub use letters::Reading;
pub use site::{Mail, Site};

/// How long a page may take to show what it owes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Most steps of the Tab key on a page.
const TABS: usize = 150;

/// Whether what is about to be clicked leaves the page, which is marked to tell it from the one that comes.
const LEAVES: &str = r"
    const element = arguments[0], link = element.closest('a[href]'), button = element.closest('button');
    const leaves = link ? !link.getAttribute('href').startsWith('#') && !link.hasAttribute('download')
        : !!button && button.type === 'submit' && !!button.form && !button.closest('[data-stays]');
    if (leaves) window.left = true;
    return leaves;";

/// How wide a window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 1280 × 900.
    Desk,
    /// 640 × 900, the pane of a mail reader.
    Pane,
    /// 390 × 844.
    Phone,
}

/// Which colours the reader prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// One person at a browser.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    base: String,
    name: String,
    viewed: Mutex<(Width, Theme)>,
    pictures: AtomicU32,
    clicks: AtomicU32,
    /// Removed with the browser.
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser on a site; the name is that of its pictures.
    ///
    /// # Panics
    /// There is no Chromium, or no driver of it.
    pub async fn open(site: &Site, name: &str) -> Self {
        Self::on(site.address(), name).await
    }

    /// Opens a browser that looks at no site.
    ///
    /// # Panics
    /// There is no Chromium, or no driver of it.
    pub async fn alone(name: &str) -> Self {
        Self::on("", name).await
    }

    async fn on(base: &str, name: &str) -> Self {
        let address = driver::address();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut wanted = DesiredCapabilities::chrome();
        let user_data = format!("--user-data-dir={}", profile.path().display());
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            "--lang=fr-FR",
            "--window-size=1280,900",
            user_data.as_str(),
        ] {
            wanted.add_arg(argument).expect("an argument is text");
        }
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level of the log is a word");
        let driver = WebDriver::new(address, wanted).await.expect("the driver opens a browser");
        let browser = Self {
            driver,
            base: base.to_owned(),
            name: name.to_owned(),
            viewed: Mutex::new((Width::Desk, Theme::Light)),
            pictures: AtomicU32::new(0),
            clicks: AtomicU32::new(0),
            _profile: profile,
        };
        browser.view(Width::Desk, Theme::Light).await;
        browser
    }

    /// Closes the browser.
    ///
    /// # Panics
    /// It does not answer.
    pub async fn close(self) {
        self.driver.quit().await.expect("the browser closes");
    }

    /// Sets the width and the colours of the window.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn view(&self, width: Width, theme: Theme) {
        let (wide, high) = match width {
            Width::Desk => (1280, 900),
            Width::Pane => (640, 900),
            Width::Phone => (390, 844),
        };
        let metrics = json!({
            "width": wide, "height": high, "deviceScaleFactor": 1, "mobile": width == Width::Phone,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let scheme = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
        *self.viewed.lock().unwrap_or_else(PoisonError::into_inner) = (width, theme);
    }

    /// The width and the colours of the window.
    fn viewed(&self) -> (Width, Theme) {
        *self.viewed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows pages as paper would, for someone who prefers dark screens; or as the screen does.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn print(&self, print: bool) {
        let media = if print { "print" } else { "" };
        let features = json!([{ "name": "prefers-color-scheme", "value": if print { "dark" } else { "light" } }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": media, "features": features })).await;
    }

    /// Cuts or restores the connection.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    /// Goes back to the page before.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn back(&self) {
        self.driver.back().await.expect("the browser goes back");
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let sent = self.driver.cdp().send_raw(method, parameters).await;
        sent.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Panics
    /// The script fails.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute(script.to_owned(), arguments).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Runs a script that answers later, by calling its last argument.
    ///
    /// # Panics
    /// The script fails.
    pub async fn later(&self, script: &str) -> Value {
        let answer = self.driver.execute_async(script.to_owned(), vec![]).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// The bytes of the file behind the first link that a selector names, as the browser gets them.
    ///
    /// # Panics
    /// There is no such link, or no file behind it.
    pub async fn download(&self, selector: &str) -> Vec<u8> {
        let fetch = format!(
            "const tell = arguments[arguments.length - 1]; const link = document.querySelector('{selector}'); \
             if (!link) return tell('no such link'); \
             fetch(link.href).then(async answer => {{ if (!answer.ok) return tell(`status ${{answer.status}}`); \
                 const reader = new FileReader(); reader.onload = () => tell(reader.result); \
                 reader.readAsDataURL(await answer.blob()); }}, error => tell(String(error)));"
        );
        let answer = self.later(&fetch).await;
        let answer = answer.as_str().unwrap_or_default();
        let encoded = answer.split_once(";base64,").map(|(_, encoded)| encoded);
        let encoded = encoded.unwrap_or_else(|| panic!("{}: « {selector} »: {answer}", self.name));
        data_encoding::BASE64.decode(encoded.as_bytes()).expect("the bytes of a file are in base 64")
    }

    /// Opens an address of the site, and waits until it is there.
    ///
    /// # Panics
    /// The browser cannot open it.
    pub async fn go(&self, address: &str) {
        let whole = if address.starts_with('/') { format!("{}{address}", self.base) } else { address.to_owned() };
        self.driver.goto(whole.as_str()).await.unwrap_or_else(|error| panic!("{whole}: {error}"));
    }

    /// The address of the page, without that of the site.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn address(&self) -> String {
        let url = self.driver.current_url().await.expect("the browser has an address").to_string();
        url.strip_prefix(&self.base).map_or(url.clone(), str::to_owned)
    }

    /// The title of the page.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn title(&self) -> String {
        plain(&self.driver.title().await.expect("a page has a title"))
    }

    /// The words that the page shows.
    pub async fn words(&self) -> String {
        let words = self.script("return document.body.innerText;", vec![]).await;
        plain(words.as_str().unwrap_or_default())
    }

    /// Waits until the page shows all these words.
    ///
    /// # Panics
    /// It does not, in time.
    pub async fn sees(&self, texts: &[&str]) {
        let start = Instant::now();
        loop {
            let words = self.words().await.to_lowercase();
            let Some(missing) = texts.iter().find(|text| !words.contains(&text.to_lowercase())) else { return };
            if start.elapsed() > PATIENCE {
                self.picture("manque").await;
                panic!("{}: « {missing} » is not on {}:\n{words}", self.name, self.address().await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The page does not show any of these words.
    ///
    /// # Panics
    /// It does.
    pub async fn lacks(&self, texts: &[&str]) {
        let words = self.words().await;
        for text in texts {
            assert!(!words.contains(text), "{}: « {text} » is on {}:\n{words}", self.name, self.address().await);
        }
    }

    /// What can be clicked and reads so: a link, a button, a label, the summary of a folded part. The exact words win over words that
    /// begin so, and those over words that contain them.
    ///
    /// # Panics
    /// There is none.
    pub async fn clickable(&self, words: &str) -> WebElement {
        self.clickable_in("body", words).await
    }

    /// What can be clicked and reads so, in the part of the page that a selector names.
    ///
    /// # Panics
    /// There is none.
    pub async fn clickable_in(&self, part: &str, words: &str) -> WebElement {
        const FIND: &str = r"
            const plain = text => text.replace(/[\s\u00a0\u202f]+/g, ' ').trim();
            const parts = [...document.querySelectorAll(arguments[0])];
            const all = parts.flatMap(part => [...part.querySelectorAll('a, button, label, summary')]);
            const shown = all.filter(element => element.getClientRects().length > 0 && !element.disabled);
            const name = element => plain(element.getAttribute('aria-label') || element.innerText);
            return shown.find(element => name(element) === arguments[1])
                || shown.find(element => name(element).startsWith(arguments[1]))
                || shown.find(element => name(element).includes(arguments[1])) || null;";
        let start = Instant::now();
        loop {
            let found = self.driver.execute(FIND, vec![json!(part), json!(words)]).await;
            if let Ok(element) = found.expect("the script runs").element() {
                return element;
            }
            if start.elapsed() > PATIENCE {
                self.picture("manque").await;
                let page = self.words().await;
                panic!("{}: nothing « {words} » to click on {}:\n{page}", self.name, self.address().await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks on what reads so.
    ///
    /// # Panics
    /// There is none, or something covers it.
    pub async fn click(&self, words: &str) {
        self.click_in("body", words).await;
    }

    /// Clicks on what reads so, in the part of the page that a selector names.
    ///
    /// # Panics
    /// There is none, or something covers it.
    pub async fn click_in(&self, part: &str, words: &str) {
        let element = self.clickable_in(part, words).await;
        self.clicked(&element, words).await;
    }

    /// Clicks on the first thing that a selector names.
    ///
    /// # Panics
    /// There is none, or something covers it.
    pub async fn click_on(&self, selector: &str) {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => self.clicked(&element, selector).await,
            Err(_) => {
                self.picture("manque").await;
                let page = self.words().await;
                panic!("{}: nothing « {selector} » to click on {}:\n{page}", self.name, self.address().await)
            }
        }
    }

    /// Whether the page has what a selector names.
    pub async fn has(&self, selector: &str) -> bool {
        self.driver.find(By::Css(selector)).await.is_ok()
    }

    async fn clicked(&self, element: &WebElement, words: &str) {
        self.clicks.fetch_add(1, Ordering::Relaxed);
        let leaves = self.driver.execute(LEAVES, vec![element.to_json().expect("an element has a name")]).await;
        let leaves = leaves.expect("the script runs").json() == &json!(true);
        if let Err(error) = element.click().await {
            self.picture("clic").await;
            panic!("{}: « {words} » on {}: {error}", self.name, self.address().await);
        }
        if leaves {
            self.arrive().await;
        }
    }

    /// Presses the key that follows a link or sends a form, and waits for the page that comes.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn enter(&self) {
        let leaves = self.script(&LEAVES.replace("arguments[0]", "document.activeElement"), vec![]).await;
        self.press(Key::Enter).await;
        if leaves == json!(true) {
            self.arrive().await;
        }
    }

    /// Waits until the page that was left is replaced by one that is whole.
    async fn arrive(&self) {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let there = self.driver.execute("return !window.left && document.readyState === 'complete';", vec![]).await;
            if there.is_ok_and(|there| there.json() == &json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{}: no page comes after {}", self.name, self.address().await);
    }

    /// How many clicks were made since the last count.
    pub fn clicks(&self) -> u32 {
        self.clicks.swap(0, Ordering::Relaxed)
    }

    /// The field with this name, in the part of the page that a selector names.
    async fn field_in(&self, part: &str, name: &str) -> WebElement {
        let selector = format!("{part} [name=\"{name}\"]");
        match self.driver.find(By::Css(selector.as_str())).await {
            Ok(field) => field,
            Err(_) => {
                let page = self.words().await;
                panic!("{}: no field « {selector} » on {}:\n{page}", self.name, self.address().await)
            }
        }
    }

    /// Whether the page asks for a field of this name.
    pub async fn has_field(&self, name: &str) -> bool {
        self.has(&format!("main [name=\"{name}\"]:not([type=hidden])")).await
    }

    /// Fills a field, as a person would: words are typed, a choice is chosen, a box is ticked, a file is given by its path.
    ///
    /// # Panics
    /// There is no such field.
    pub async fn fill(&self, name: &str, value: &str) {
        self.fill_in("main", name, value).await;
    }

    /// [`Browser::fill`], in the part of the page that a selector names: several forms may ask for the same name.
    ///
    /// # Panics
    /// There is no such field.
    pub async fn fill_in(&self, part: &str, name: &str, value: &str) {
        let field = self.field_in(part, name).await;
        let kind = field.prop("type").await.expect("a field has a kind").unwrap_or_default();
        let tried = match kind.as_str() {
            "radio" | "checkbox" => {
                let choose = "const fields = [...document.querySelectorAll(`${arguments[2]} [name=\"${arguments[0]}\"]`)]; \
                    const field = fields.find(field => field.value === arguments[1] || (field.type === 'checkbox' && arguments[1] === 'oui')); \
                    if (!field) throw new Error('no such choice'); field.scrollIntoView({block: 'center'}); \
                    if (!field.checked) field.click();";
                self.driver.execute(choose, vec![json!(name), json!(value), json!(part)]).await.map(|_| ())
            }
            "date" | "datetime-local" | "time" | "month" | "select-one" | "hidden" => {
                let set = "const field = document.querySelector(`${arguments[2]} [name=\"${arguments[0]}\"]`); field.value = arguments[1]; \
                    field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true})); \
                    if (field.value !== arguments[1]) throw new Error('it takes no such value');";
                self.driver.execute(set, vec![json!(name), json!(value), json!(part)]).await.map(|_| ())
            }
            "file" => field.send_keys(value).await,
            _ => match field.clear().await {
                Ok(()) => field.send_keys(value).await,
                Err(error) => Err(error),
            },
        };
        tried.unwrap_or_else(|error| panic!("{}: « {name} » = « {value} »: {error}", self.name));
    }

    /// What a field holds.
    ///
    /// # Panics
    /// There is no such field.
    pub async fn held(&self, name: &str) -> String {
        let field = self.field_in("main", name).await;
        field.prop("value").await.expect("a field has a value").unwrap_or_default()
    }

    /// Which choice of a field is made: the option of a list, or the radio button of a group.
    pub async fn chosen(&self, name: &str) -> String {
        let read = "const fields = [...document.getElementsByName(arguments[0])]; \
            const field = fields.find(field => field.type !== 'radio' || field.checked); return field ? field.value : '';";
        self.script(read, vec![json!(name)]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Gives a file to the field that has the focus: the window that asks for one is the system's.
    ///
    /// # Panics
    /// It takes no file.
    pub async fn give_file(&self, path: &str) {
        let field = self.driver.active_element().await.expect("something has the focus");
        field.send_keys(path).await.unwrap_or_else(|error| panic!("{}: « {path} »: {error}", self.name));
    }

    /// The options of a list, or the values of a choice, without the empty one.
    pub async fn options(&self, name: &str) -> Vec<String> {
        let read = "return [...document.querySelectorAll(`main [name=\"${arguments[0]}\"]`)].flatMap(field => \
            field.options ? [...field.options].map(option => option.value) : [field.value]).filter(value => value);";
        let read = self.script(read, vec![json!(name)]).await;
        let options = read.as_array().cloned().unwrap_or_default();
        options.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }

    /// Presses keys where the focus is.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.driver.action_chain_with_delay(Some(Duration::ZERO), None).send_keys(keys);
        chain.perform().await.expect("keys are pressed");
    }

    /// What has the focus: its words or its label.
    pub async fn focused(&self) -> String {
        const READ: &str = r"
            const element = document.activeElement;
            if (!element || element === document.body) return '';
            const labels = element.labels ? [...element.labels].map(label => label.innerText).join(' ') : '';
            return element.getAttribute('aria-label') || labels || element.innerText || element.name || element.id;";
        plain(self.script(READ, vec![]).await.as_str().unwrap_or_default())
    }

    /// The identifier of what has the focus.
    pub async fn focused_id(&self) -> String {
        let id = self.script("return document.activeElement ? document.activeElement.id : '';", vec![]).await;
        id.as_str().unwrap_or_default().to_owned()
    }

    /// Presses the Tab key; what has the focus then must show it, and is told: `name`, `type` and `words`.
    ///
    /// # Panics
    /// The focus cannot be seen.
    pub async fn tab(&self) -> Value {
        const SEEN: &str = r"
            const element = document.activeElement;
            if (!element || element === document.body) return { shown: true, name: '', type: '' };
            const near = [element, element.closest('label'), element.parentElement].filter(part => part);
            const ring = near.some(part => { const style = getComputedStyle(part);
                return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; });
            const box = element.getBoundingClientRect();
            return { shown: ring && box.width > 0 && box.height > 0, name: element.name || '', type: element.type || '' };";
        self.press(Key::Tab).await;
        let mut focused = self.script(SEEN, vec![]).await;
        focused["words"] = self.focused().await.into();
        assert_eq!(focused["shown"], json!(true), "{}: the focus on {focused} cannot be seen", self.name);
        focused
    }

    /// Moves the focus with the Tab key to what reads so; every stop on the way shows its focus.
    ///
    /// # Panics
    /// The key never gets there, or a focus cannot be seen.
    pub async fn tab_to(&self, words: &str) {
        let mut met = Vec::new();
        for _ in 0..TABS {
            let focused = self.tab().await;
            if focused["words"].as_str().unwrap_or_default().contains(words) {
                return;
            }
            met.push(focused["words"].clone());
        }
        panic!("{}: the Tab key never reaches « {words} » on {}: {met:#?}", self.name, self.address().await);
    }

    /// Moves the focus with the Tab key to the link of this address; every stop on the way shows its focus.
    ///
    /// # Panics
    /// The key never gets there, or a focus cannot be seen.
    pub async fn tab_to_link(&self, address: &str) {
        const READ: &str = "return document.activeElement ? document.activeElement.getAttribute('href') : null;";
        for _ in 0..TABS {
            self.tab().await;
            let link = self.script(READ, vec![]).await;
            if link.as_str().is_some_and(|link| link.split(['?', '#']).next() == Some(address)) {
                return;
            }
        }
        panic!("{}: the Tab key never reaches {address} on {}", self.name, self.address().await);
    }

    /// Where pictures are kept.
    fn pictures_folder() -> PathBuf {
        let program = std::env::current_exe().expect("a test knows its file");
        let target = program.ancestors().nth(3).expect("cargo puts tests under its target folder");
        let folder = target.join("tmp").join("browser");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        folder
    }

    /// Keeps a picture of what the window shows.
    ///
    /// # Panics
    /// The picture cannot be written.
    pub async fn picture(&self, state: &str) {
        let rank = self.pictures.fetch_add(1, Ordering::Relaxed);
        let file = Self::pictures_folder().join(format!("{}-{rank:03}-{state}.png", self.name));
        self.driver.screenshot(&file).await.expect("the browser takes a picture");
    }

    /// Writes a picture of the page from its top, a page and a half of the window at most.
    ///
    /// # Panics
    /// The picture cannot be taken or written.
    pub async fn photograph(&self, file: &std::path::Path) {
        self.photograph_up_to(1.5, file).await;
    }

    /// Writes a picture of the page from its top, so many windows high at most.
    ///
    /// # Panics
    /// The picture cannot be taken or written.
    pub async fn photograph_up_to(&self, windows: f64, file: &std::path::Path) {
        const MEASURE: &str = "if (document.activeElement) document.activeElement.blur(); window.scrollTo(0, 0); \
            return [window.innerWidth, Math.min(document.documentElement.scrollHeight, window.innerHeight * arguments[0])];";
        let size = self.script(MEASURE, vec![json!(windows)]).await;
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let asked = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self.devtools("Page.captureScreenshot", asked).await;
        let encoded = taken["data"].as_str().expect("a picture has its bytes");
        let bytes = data_encoding::BASE64.decode(encoded.as_bytes()).expect("the bytes of a picture are in base 64");
        std::fs::write(file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Signs in by the one click of the example.
    ///
    /// # Panics
    /// There is nobody of that name.
    pub async fn sign_in(&self, name: &str) {
        self.go("/connexion").await;
        self.click(name).await;
        self.clicks();
        assert_eq!(self.address().await, "/", "{name} signs in");
    }
}

/// A text with plain spaces.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}
