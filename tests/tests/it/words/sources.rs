//! Where French stands: every template, and the literals of Rust outside of tests.

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprCall, ExprLit, ExprMethodCall, ItemFn, ItemMod, Lit, LitStr, Macro, Meta, Token};

/// Words with the file that holds them.
#[derive(Debug)]
pub struct Text {
    pub place: String,
    pub words: String,
}

/// Attributes of pages that people read or hear.
const SPOKEN: [&str; 6] = ["aria-label", "title", "alt", "placeholder", "data-said", "data-saved"];

/// Every text that people read.
pub fn all() -> Vec<Text> {
    let root = root();
    let mut texts = Vec::new();
    for folder in ["crates/web/templates", "crates/web/pages", "crates/notifier/templates"] {
        for file in files(&root.join(folder)) {
            let place = place(&root, &file);
            texts.push(Text { words: read_by_people(&content(&file)), place });
        }
    }
    for krate in ["wording", "web", "notifier", "reports", "app", "cli"] {
        for (place, literals) in literals(&root, krate) {
            let french = literals
                .into_iter()
                .map(|literal| literal.text)
                .filter(|text| is_french(text) || krate == "wording" && !is_identifier(text));
            texts.extend(french.map(|words| Text { place: place.clone(), words: without_places(&words) }));
        }
    }
    texts
}

/// The literals of each source of a crate, without its tests.
pub fn literals(root: &Path, krate: &str) -> Vec<(String, Vec<Literal>)> {
    let sources = files(&root.join("crates").join(krate).join("src")).into_iter().filter_map(|file| {
        let place = place(root, &file);
        let is_read = place.ends_with(".rs") && !place.ends_with("/tests.rs") && !place.contains("/tests/");
        is_read.then(|| (place, of(&content(&file))))
    });
    sources.collect()
}

/// The literals of a source.
pub fn of(source: &str) -> Vec<Literal> {
    let mut reading = Reading::default();
    reading.visit_file(&syn::parse_file(source).expect("it compiles"));
    reading.literals
}

/// Outside of `wording` there are identifiers too: what has an accent, an apostrophe of print or a no-break space is French.
pub fn is_french(literal: &str) -> bool {
    literal.chars().any(|c| matches!(c, 'à'..='ÿ' | 'À'..='Ý' | 'œ' | '’' | '«' | '\u{a0}'))
}

/// A key, a code, a name of a field.
fn is_identifier(literal: &str) -> bool {
    literal.is_ascii() && !literal.contains(' ') && literal.starts_with(|c: char| !c.is_ascii_uppercase())
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn place(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).expect("a file of the workspace").display().to_string()
}

fn content(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| ["rs", "html", "txt", "md"].iter().any(|ours| extension == *ours))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A literal of a source.
#[derive(Debug)]
pub struct Literal {
    pub line: usize,
    pub text: String,
    /// It agrees with a number, beside its plural or its singular.
    pub counted: bool,
    /// It is a sample: what somebody could have typed.
    pub sample: bool,
}

/// Reads the literals of a file, without attributes, the modules of tests, and what only we read: panics and logs.
#[derive(Default)]
struct Reading {
    literals: Vec<Literal>,
    /// How many functions and macros of samples are open.
    samples: u32,
}

/// Macros whose texts are for whoever runs or mends the program.
const OURS: [&str; 14] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug",
    "describe_counter",
    "describe_gauge",
    "describe_histogram",
    "error",
    "info",
    "info_span",
    "panic",
    "trace",
    "unreachable",
    "warn",
];

/// Methods of the same kind.
const OURS_TOO: [&str; 3] = ["expect", "debug_struct", "debug_tuple"];

impl Reading {
    fn read(&mut self, literal: &LitStr, counted: bool) {
        // A literal of several paragraphs reads as one text.
        let (line, text) = (literal.span().start().line, literal.value().replace('\n', " "));
        self.literals.push(Literal { line, text, counted, sample: self.samples > 0 });
    }

    /// What no grammar of ours reads: the arguments of a macro with arrows or blocks of its own.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut of_attribute = false;
        for token in tokens {
            let hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
            match token {
                TokenTree::Group(_) if of_attribute => {}
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(literal) = Lit::new(literal) {
                        self.read(&literal, false);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Ident(_) => {}
            }
            of_attribute = hash;
        }
    }

    fn within_samples(&mut self, are_samples: bool, read: impl FnOnce(&mut Self)) {
        self.samples += u32::from(are_samples);
        read(self);
        self.samples -= u32::from(are_samples);
    }
}

impl<'s> Visit<'s> for Reading {
    fn visit_attribute(&mut self, _: &'s Attribute) {}

    fn visit_item_mod(&mut self, module: &'s ItemMod) {
        let of_tests = |attribute: &Attribute| {
            attribute.path().is_ident("cfg")
                && matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string() == "test")
        };
        if !module.attrs.iter().any(of_tests) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'s ItemFn) {
        let are_samples = function.sig.ident.to_string().starts_with("sample");
        self.within_samples(are_samples, |reading| visit::visit_item_fn(reading, function));
    }

    fn visit_expr_method_call(&mut self, call: &'s ExprMethodCall) {
        if OURS_TOO.iter().any(|name| call.method == name) {
            self.visit_expr(&call.receiver);
        } else {
            visit::visit_expr_method_call(self, call);
        }
    }

    fn visit_expr_call(&mut self, call: &'s ExprCall) {
        let texts = call.args.iter().filter_map(|argument| match argument {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
            _ => None,
        });
        match texts.collect::<Vec<_>>().as_slice() {
            [one, many] if call.args.len() == 3 && agrees(&call.func) => {
                self.visit_expr(&call.args[0]);
                [one, many].into_iter().for_each(|text| self.read(text, true));
            }
            _ => visit::visit_expr_call(self, call),
        }
    }

    fn visit_macro(&mut self, call: &'s Macro) {
        let Some(name) = call.path.segments.last().map(|name| name.ident.to_string()) else { return };
        if OURS.contains(&name.as_str()) {
            return;
        }
        // The e-mails end by their samples.
        self.within_samples(name == "mail", |reading| {
            match call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
                Ok(arguments) => {
                    for argument in &arguments {
                        reading.visit_expr(argument);
                    }
                }
                Err(_) => reading.read_tokens(call.tokens.clone()),
            }
        });
    }

    fn visit_lit_str(&mut self, literal: &'s LitStr) {
        self.read(literal, false);
    }
}

/// Whether a function makes a word agree with a number.
fn agrees(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    path.path.segments.last().is_some_and(|name| name.ident == "count" || name.ident == "plural")
}

/// A format without the names in its braces, and without addresses of people and pages.
fn without_places(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                plain.push(' ');
            }
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
        .split(' ')
        // Addresses, keys, attributes without a tag, options and files of the command line.
        .filter(|word| is_french(word) || !word.contains(['@', '_', '/', '=']) && !word.starts_with("--"))
        .flat_map(|word| [word, " "])
        .collect()
}

/// What of a template people read: its text and the attributes that are spoken.
fn read_by_people(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<style", "</style>"), ("<!--", "-->")] {
        text = cut(&text, open, close);
    }
    let mut said = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('<') {
        said.push_str(&rest[..start]);
        said.push(' ');
        let Some(end) = rest[start..].find('>') else { break };
        let tag = &rest[start..start + end];
        for attribute in SPOKEN {
            if let Some(at) = tag.find(&format!("{attribute}=\"")) {
                let value = &tag[at + attribute.len() + 2..];
                said.push_str(value.split('"').next().unwrap_or_default());
                said.push(' ');
            }
        }
        rest = &rest[start + end + 1..];
    }
    said.push_str(rest);
    without_places(&entities(&said))
}

/// The text without what stands between these marks; what calls a macro of e-mails speaks through its arguments.
fn cut(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        kept.push_str(&rest[..start]);
        kept.push(' ');
        let Some(length) = rest[start..].find(close) else { return kept };
        let inside = &rest[start..start + length];
        let quoted = inside.split('"').skip(1).step_by(2).filter(|argument| is_french(argument));
        quoted.for_each(|argument| {
            kept.push_str(argument);
            kept.push(' ');
        });
        rest = &rest[start + length + close.len()..];
    }
    kept.push_str(rest);
    kept
}

/// Entities are signs and spaces.
fn entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        let Some(length) = rest[start..].find(';').filter(|length| *length < 10) else {
            plain.push(' ');
            rest = &rest[start + 1..];
            continue;
        };
        plain.push(' ');
        rest = &rest[start + length + 1..];
    }
    plain.push_str(rest);
    plain
}
