//! What every page owes its readers, checked in the browser: the rules of axe-core, at both widths, in light and dark.
//!
//! WCAG 2.1 A and AA and good practice at 1280 in light and at 390; the contrast again in each dark view. At 390 nothing is wider
//! than the window. Each figure of a chart stands in the table beside it. The page is in French, with one title, one heading of
//! the first level, its landmarks, and an empty log.

use serde_json::{Value, json};

use super::{Browser, Theme, Width};

pub(super) const AXE: &str = include_str!("../../assets/axe.min.js");

const EVERY_RULE: &str =
    r#"{"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}"#;
pub(super) const CONTRAST: &str =
    r#"{"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}"#;

const RUN: &str = r"
    const done = arguments[arguments.length - 1];
    const options = { ...JSON.parse(arguments[0]), resultTypes: ['violations'] };
    axe.run(document, options).then(results => done(results.violations.map(rule => ({
        id: rule.id, impact: rule.impact, help: rule.help,
        nodes: rule.nodes.map(node => node.target.join(' ') + '  ' + node.html.slice(0, 160) + '  ' + node.failureSummary),
    }))), error => done([{ id: 'axe', impact: 'failed', help: String(error), nodes: [] }]));";

const STANDING: &str = r"
    const count = selector => document.querySelectorAll(selector).length;
    return { lang: document.documentElement.lang, title: document.title, h1: count('h1'), main: count('main'),
        banner: count('body > header'), contentinfo: count('body > footer'), skip: count('a.skip[href^=\'#\']') };";

const WIDER: &str = r"
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const outside = [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > wide + 1);
    return ['page: ' + document.documentElement.scrollWidth, ...outside.slice(0, 8).map(element => element.outerHTML.slice(0, 140))];";

/// Pictures that tell figures of which the table or the list beside them does not tell each number in words.
const MUTE: &str = r"
    const plain = text => text.replace(/[\s\u00a0\u202f]+/g, '');
    const figures = text => text.match(/\d[\d\s\u00a0\u202f]*(,\d+)?/g) || [];
    const told = chart => {
        const part = chart.closest('section, article, dl, .card');
        const tables = part && part.matches('dl') ? [part] : [...(part ? part.querySelectorAll('table, dl') : [])];
        return plain(tables.map(table => table.textContent).join(' '));
    };
    const mute = (chart, said) => figures(said).some(figure => !told(chart).includes(plain(figure)));
    const labelled = [...document.querySelectorAll('main svg:not([aria-hidden=true]), main canvas')].filter(chart => {
        const label = chart.getAttribute('aria-label') || '';
        return chart.getAttribute('role') !== 'img' || !figures(label).length || mute(chart, label);
    });
    // What only the mouse hears, of a chart that assistive technology passes over, stands in a table as well.
    const titled = [...document.querySelectorAll('main svg[aria-hidden=true]:has(title)')].filter(chart =>
        [...chart.querySelectorAll('title')].some(title => mute(chart, title.textContent)));
    return [...labelled, ...titled].map(chart => chart.outerHTML.slice(0, 200));";

/// What is held against what a page owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// A page that answers as it should.
    Page,
    /// A page that explains an error: the browser notes its status in its log.
    Refusal,
}

impl Browser {
    /// Holds the state of a page against what every page owes its readers; keeps its pictures.
    ///
    /// # Panics
    /// It does not; every violation is told.
    pub async fn audit(&self, state: &str) {
        self.audit_as(state, Audit::Page).await;
    }

    /// [`Browser::audit`] for a page that may explain an error.
    ///
    /// # Panics
    /// It does not; every violation is told.
    pub async fn audit_as(&self, state: &str, kind: Audit) {
        let found = self.defects(state, kind).await;
        let address = self.address().await;
        assert!(
            found.is_empty(),
            "{} « {state} » ({address}): {} defects\n{}",
            self.name,
            found.len(),
            found.join("\n")
        );
    }

    /// What a page owes its readers and does not give; keeps its pictures, and leaves the window as it was.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn defects(&self, state: &str, kind: Audit) -> Vec<String> {
        let mut found = Vec::new();
        let viewed = self.viewed();
        let standing = self.script(STANDING, vec![]).await;
        let title = standing["title"].as_str().unwrap_or_default().to_owned();
        let expected =
            json!({ "lang": "fr", "title": title, "h1": 1, "main": 1, "banner": 1, "contentinfo": 1, "skip": 1 });
        if standing != expected || !title.ends_with(" · Jalon") {
            found.push(format!("title and landmarks: {standing}"));
        }
        for chart in self.script(MUTE, vec![]).await.as_array().into_iter().flatten() {
            found.push(format!("a chart without its table: {chart}"));
        }
        if self.script("return typeof axe;", vec![]).await == "undefined" {
            self.script(AXE, vec![]).await;
        }
        for (width, theme, rules, view) in [
            (Width::Phone, Theme::Dark, CONTRAST, "390 dark"),
            (Width::Phone, Theme::Light, EVERY_RULE, "390 light"),
            (Width::Desk, Theme::Dark, CONTRAST, "1280 dark"),
            (Width::Desk, Theme::Light, EVERY_RULE, "1280 light"),
        ] {
            self.view(width, theme).await;
            if width == Width::Phone {
                for wider in self.script(WIDER, vec![]).await.as_array().into_iter().flatten() {
                    found.push(format!("{view}: wider than the window: {wider}"));
                }
            }
            for rule in self.axe(rules).await {
                found.push(format!("{view}: {}", told(&rule)));
            }
            self.picture(&format!("{state}-{}", view.replace(' ', "-"))).await;
        }
        // The reader goes on as they were.
        self.view(viewed.0, viewed.1).await;
        for entry in self.driver.browser_log().await.expect("the browser has a log") {
            let status = entry.message.contains("the server responded with a status of");
            if !(status && kind == Audit::Refusal) && matches!(entry.level.as_str(), "SEVERE" | "WARNING") {
                found.push(format!("log: {} {}", entry.level, entry.message));
            }
        }
        found
    }

    async fn axe(&self, rules: &str) -> Vec<Value> {
        let answer = self.driver.execute_async(RUN, vec![json!(rules)]).await.expect("axe runs");
        answer.json().as_array().cloned().expect("axe answers with a list")
    }
}

fn told(rule: &Value) -> String {
    let text = |name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    let nodes: Vec<&str> = rule["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    format!("{} ({}): {}\n    {}", text("id"), text("impact"), text("help"), nodes.join("\n    "))
}
