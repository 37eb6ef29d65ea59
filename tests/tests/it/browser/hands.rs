//! Filling the forms of steps from the samples: field by field, or by the keyboard alone.

use std::path::PathBuf;

use domain::path::Step;
use serde_json::{Map, Value};
use tempfile::TempDir;
use tests::browser::Browser;
use thirtyfour::Key;

/// Who fills forms, with the files that these ask for.
pub struct Hands {
    files: TempDir,
}

impl Hands {
    pub fn new() -> Self {
        Self { files: tempfile::tempdir().expect("a folder for files") }
    }

    /// Writes a form into the page, field by field; what the page does not ask is left out.
    pub async fn fill(&self, browser: &Browser, form: &Map<String, Value>) {
        for (name, value) in form {
            let selector = format!("main [name=\"{name}\"]:not([type=hidden])");
            if !browser.has(&selector).await {
                continue;
            }
            let moment = browser.has(&format!("main [name=\"{name}\"][type=datetime-local]")).await;
            let Some(value) = self.text(value) else { continue };
            browser.fill(name, &if moment { value.replace(' ', "T") } else { value }).await;
        }
    }

    /// Takes the step that is shown; what was typed faster than its preview came is shown again first.
    pub async fn take(&self, browser: &Browser) {
        const TAKES: &str = "#repetition button[name=faire]";
        browser.click_on(TAKES).await;
        if !browser.address().await.contains("?fait=") && browser.has(TAKES).await {
            browser.click_on(TAKES).await;
        }
    }

    /// Takes a step on the page of its form: filled, seen beforehand, done.
    pub async fn at_the_desk(&self, browser: &Browser, address: &str, step: Step, form: &Map<String, Value>) {
        browser.go(address).await;
        self.fill(browser, form).await;
        self.take_shown(browser, step).await;
    }

    /// Takes the step of the form that is filled in, once what will happen was shown.
    pub async fn take_shown(&self, browser: &Browser, step: Step) {
        // What is done is what was shown of the whole form.
        if browser.has("section[aria-labelledby=saisie] button.btn").await {
            browser.click("Voir ce qui va se passer").await;
        }
        browser.sees(&["Ce qui va se passer"]).await;
        assert!(browser.has("#repetition button[name=faire]").await, "{step}: {}", browser.words().await);
        browser.click_on("#repetition button[name=faire]").await;
        assert!(browser.address().await.contains("?fait="), "{step}: {}", browser.words().await);
    }

    /// Fills the form and takes the step by the keyboard alone, along the page as the Tab key goes; every stop shows its focus.
    pub async fn type_and_take(&self, browser: &Browser, form: &Map<String, Value>) {
        let mut typed: Vec<String> = Vec::new();
        for _ in 0..200 {
            let focused = browser.tab().await;
            let of = |name: &str| focused[name].as_str().unwrap_or_default().to_owned();
            let (name, kind) = (of("name"), of("type"));
            let performs = kind == "submit" && name == "faire";
            let shows = kind == "submit" && of("words").starts_with("Voir ce qui va se passer");
            // What will happen may be there already: then the button that shows it is passed.
            if performs || (shows && !browser.has("#repetition button[name=faire]").await) {
                browser.enter().await;
                // A field typed faster than its preview comes is shown again before it is done.
                if performs && browser.address().await.contains("?fait=") {
                    return;
                }
            }
            let Some(value) = form.get(&name).filter(|_| !typed.contains(&name)).and_then(|value| self.text(value))
            else {
                continue;
            };
            self.type_one(browser, &name, &kind, &value).await;
            typed.push(name);
        }
        panic!(
            "the keyboard never takes the step on {}: {typed:?}\n{}",
            browser.address().await,
            browser.words().await
        );
    }

    /// Types into the field that has the focus.
    async fn type_one(&self, browser: &Browser, name: &str, kind: &str, value: &str) {
        let date = |text: &str| text.split('-').rev().collect::<String>();
        let month_first = |text: &str| {
            let (year, day) = text.split_once('-').expect("a date has a year");
            format!("{}{year}", day.replace('-', ""))
        };
        match kind {
            "radio" | "select-one" => {
                for turn in 0..60 {
                    if browser.chosen(name).await == value {
                        return;
                    }
                    // The first choice takes the focus before it is chosen.
                    let chooses = turn == 0 && kind == "radio" && browser.chosen(name).await.is_empty();
                    if chooses {
                        browser.press(" ").await;
                    } else {
                        browser.press(Key::Down).await;
                    }
                }
                panic!("the arrows never reach « {value} » of « {name} »");
            }
            "checkbox" => {
                if value == "oui" {
                    browser.press(" ").await;
                }
            }
            "file" => browser.give_file(value).await,
            "date" => {
                browser.press(date(value)).await;
                if browser.held(name).await != value {
                    // This browser asks the month before the day.
                    browser.press(Key::Left).await;
                    browser.press(Key::Left).await;
                    browser.press(month_first(value)).await;
                }
                assert_eq!(browser.held(name).await, value, "« {name} » takes a date from the keyboard");
            }
            "datetime-local" => {
                let (day, time) = value.split_once(' ').expect("a moment has a time");
                browser.press(date(day)).await;
                browser.press(Key::Right).await;
                browser.press(time.replace(':', "")).await;
                assert_eq!(browser.held(name).await, value.replace(' ', "T"), "« {name} » takes a moment");
            }
            _ => {
                if !browser.held(name).await.is_empty() {
                    browser.press(Key::Control + "a").await;
                }
                browser.press(value).await;
            }
        }
    }

    /// What a person types or chooses for a value; a document is given by its path.
    fn text(&self, value: &Value) -> Option<String> {
        Some(match value {
            Value::String(text) => text.clone(),
            Value::Bool(yes) => if *yes { "oui" } else { "non" }.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Object(document) => self.document(document).display().to_string(),
            Value::Null | Value::Array(_) => return None,
        })
    }

    fn document(&self, document: &Map<String, Value>) -> PathBuf {
        let name = document["name"].as_str().expect("a document has a name");
        let file = self.files.path().join(name);
        std::fs::write(&file, format!("%PDF-1.7\n{name}\n%%EOF\n")).expect("the document is written");
        file
    }
}

/// A form of the samples as a page sends it.
pub fn sample(step: impl Into<Step>, today: domain::Day, changes: &Value) -> Map<String, Value> {
    tests::world::form(step.into(), today, changes).into_iter().collect()
}
