//! E-mails in the browser: the contrast of each text on its ground, and what is wider than the window, in each way in which mail
//! readers show a message.
//!
//! Many messages are read in one page, one after the other: the style sheet of each goes away with it.

use serde_json::{Value, json};

use super::audit::{AXE, CONTRAST};
use super::{Browser, Theme, Width};
use crate::emails::Letter;

/// How a mail reader shows a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// With its own colours for this theme.
    Styled(Theme),
    /// Without its style sheet, which some readers drop: inline styles alone.
    Bare,
    /// The same, each colour turned over by its lightness, as readers do that force dark.
    Forced,
}

/// A page of the standard mode, without anything.
const EMPTY: &str = "data:text/html;charset=utf-8,<!doctype html><title>Jalon</title>";

/// Messages read by one script, which has its time.
const AT_ONCE: usize = 30;

const READ: &str = r"
    const [letters, reading, options] = arguments, done = arguments[arguments.length - 1];
    const over = colour => {
        const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
        if (alpha === 0) return colour;
        const turn = 255 - Math.max(r, g, b) - Math.min(r, g, b);
        return `rgba(${r + turn}, ${g + turn}, ${b + turn}, ${alpha})`;
    };
    const force = () => {
        const all = [...document.querySelectorAll('body, body *')];
        const now = all.map(element => getComputedStyle(element)).map(({ color, backgroundColor }) => [over(color), over(backgroundColor)]);
        all.forEach((element, rank) => [element.style.color, element.style.backgroundColor] = now[rank]);
        document.documentElement.style.backgroundColor = '#121212';
    };
    const show = html => {
        const parsed = new DOMParser().parseFromString(html, 'text/html');
        document.replaceChild(document.adoptNode(parsed.documentElement), document.documentElement);
        if (reading !== 'styled') document.querySelectorAll('style, meta[name=color-scheme]').forEach(part => part.remove());
        if (reading === 'forced') force();
    };
    const read = async ({ name, html }) => {
        show(html);
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        const found = wide > 0 ? [`${name}: ${wide} pixels wider than the window`] : [];
        const { violations, passes, incomplete } = await axe.run(document, options);
        const told = rule => rule.nodes.map(node => `${name}: ${rule.id}  ${node.html.slice(0, 140)}  ${[...node.any, ...node.all, ...node.none].map(check => check.message).join(' ')}`);
        const measured = passes.find(rule => rule.id === 'color-contrast');
        if (!measured) found.push(`${name}: no contrast is measured`);
        return [...found, ...[...violations, ...incomplete].flatMap(told)];
    };
    (async () => {
        const found = [];
        for (const letter of letters) found.push(...await read(letter));
        return found;
    })().then(done, error => done([String(error)]));";

impl Browser {
    /// What is hard to read in e-mails, read at a width in a way.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn read_letters(&self, letters: &[Letter], width: Width, reading: Reading) -> Vec<String> {
        let (theme, name) = match reading {
            Reading::Styled(theme) => (theme, "styled"),
            Reading::Bare => (Theme::Light, "bare"),
            Reading::Forced => (Theme::Light, "forced"),
        };
        self.go(EMPTY).await;
        self.view(width, theme).await;
        self.script(AXE, vec![]).await;
        let rules: Value = serde_json::from_str(CONTRAST).expect("the rules are JSON");
        let mut found = Vec::new();
        for part in letters.chunks(AT_ONCE) {
            let pages = part.iter().map(|letter| json!({ "name": letter.name, "html": letter.html })).collect();
            let asked = vec![Value::Array(pages), json!(name), rules.clone()];
            let answer = self.driver.execute_async(READ, asked).await.expect("the script runs");
            let answer = answer.json().as_array().cloned().expect("the script answers with a list");
            found.extend(answer.iter().filter_map(Value::as_str).map(|line| format!("{width:?}, {reading:?}: {line}")));
        }
        found
    }

    /// Shows an e-mail, on a telephone.
    ///
    /// # Panics
    /// The browser does not answer.
    pub async fn show_letter(&self, html: &str, theme: Theme) {
        const SHOW: &str = r"
            const parsed = new DOMParser().parseFromString(arguments[0], 'text/html');
            document.replaceChild(document.adoptNode(parsed.documentElement), document.documentElement);";
        self.go(EMPTY).await;
        self.view(Width::Phone, theme).await;
        self.script(SHOW, vec![json!(html)]).await;
    }
}
