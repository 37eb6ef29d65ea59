//! The command line in French: help pages, and what is said of a line that cannot be understood.
//!
//! clap speaks English: its headings are replaced, its remarks on defaults and choices are written here, and its errors are
//! told again from their kind and context. Typography is put right by `wording`.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use wording::typography::typeset;

use crate::failure::Failure;
use crate::suggest;

const TEMPLATE: &str = "{about-with-newline}\nUtilisation\u{a0}: {usage}\n\n{all-args}{after-help}";

/// The command with everything it says in French, and its subcommands alike.
pub fn in_french(command: Command) -> Command {
    let about = command.get_about().map(|about| typeset(&about.to_string()));
    let long = command.get_long_about().map(|about| typeset(&about.to_string()));
    let root = command.get_name() == "jalon";
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("Commandes")
        .subcommand_value_name("COMMANDE")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(argument)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Affiche cette aide"));
    if root {
        command = command
            .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Affiche la version"));
    }
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long) = long {
        command = command.long_about(long);
    }
    command.mut_subcommands(in_french)
}

fn argument(argument: Arg) -> Arg {
    let mut help = argument.get_help().map(|help| typeset(&help.to_string())).unwrap_or_default();
    if !argument.get_action().takes_values() {
        return argument.help(help);
    }
    let choices: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !choices.is_empty() {
        help.push_str(&format!(" [{}]", choices.join(", ")));
    }
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() {
        help.push_str(&format!(" [par défaut\u{a0}: {}]", defaults.join(", ")));
    }
    argument.help(help).hide_possible_values(true).hide_default_value(true).hide_env(true)
}

/// A page of help as French prints it: clap puts the colons of its headings itself.
pub fn page(text: &str) -> String {
    let heading = |line: &str| match line.strip_suffix(':') {
        Some(title) if !line.starts_with(' ') => format!("{title}\u{a0}:"),
        Some(_) | None => line.to_owned(),
    };
    text.lines().map(|line| heading(line) + "\n").collect()
}

/// What clap found wrong, told in French.
pub fn failure(error: &clap::Error) -> Failure {
    let context = |kind| error.get(kind).map(text).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let help = "«\u{a0}--help\u{a0}» à la fin de la commande en montre l’usage.";
    let message = match error.kind() {
        ErrorKind::UnknownArgument => {
            let near = context(ContextKind::SuggestedArg);
            match near.is_empty() {
                true => format!("L’option «\u{a0}{argument}\u{a0}» n’existe pas ici. {help}"),
                false => format!(
                    "L’option «\u{a0}{argument}\u{a0}» n’existe pas ici. Vouliez-vous écrire «\u{a0}{near}\u{a0}»\u{a0}?"
                ),
            }
        }
        ErrorKind::InvalidSubcommand => {
            let near = list(error, ContextKind::SuggestedSubcommand);
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            let given = context(ContextKind::InvalidSubcommand);
            match near.is_empty() {
                true => format!(
                    "La commande «\u{a0}{given}\u{a0}» n’existe pas. «\u{a0}jalon help\u{a0}» montre celles qui existent."
                ),
                false => format!(
                    "La commande «\u{a0}{given}\u{a0}» n’existe pas. Vouliez-vous écrire {}\u{a0}?",
                    suggest::quoted(&near)
                ),
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("L’option «\u{a0}{argument}\u{a0}» attend une valeur. {help}")
        }
        ErrorKind::InvalidValue => {
            let choices = list(error, ContextKind::ValidValue).join(", ");
            format!(
                "«\u{a0}{value}\u{a0}» ne convient pas pour «\u{a0}{argument}\u{a0}». Valeurs possibles\u{a0}: {choices}."
            )
        }
        ErrorKind::ValueValidation => {
            format!("«\u{a0}{value}\u{a0}» ne convient pas pour «\u{a0}{argument}\u{a0}». {help}")
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = list(error, ContextKind::InvalidArg).join(", ");
            format!("Il manque\u{a0}: {missing}. {help}")
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("Il manque une commande. {help}")
        }
        ErrorKind::ArgumentConflict => {
            let other = list(error, ContextKind::PriorArg).join(", ");
            format!("«\u{a0}{argument}\u{a0}» ne va pas avec «\u{a0}{other}\u{a0}». Gardez l’un des deux.")
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("«\u{a0}{argument}\u{a0}» n’a pas le nombre de valeurs attendu. {help}")
        }
        _ => format!("La ligne de commande ne se comprend pas. {help}"),
    };
    Failure::usage("usage", message)
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ContextValue::None | ContextValue::Bool(_) | ContextValue::Number(_) => String::new(),
        _ => String::new(),
    }
}

fn list(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(other) => Some(text(other)).filter(|text| !text.is_empty()).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use wording::typography::check;

    #[test]
    fn help_pages_are_french() {
        fn walk(command: &mut clap::Command) {
            for text in command.get_about().into_iter().chain(command.get_arguments().filter_map(clap::Arg::get_help)) {
                let text = text.to_string();
                let problems: Vec<String> = check(&text).iter().map(ToString::to_string).collect();
                assert!(problems.is_empty(), "{}: {text}: {problems:?}", command.get_name());
            }
            let page = super::page(&command.render_help().to_string());
            for english in ["Usage:", "Commands", "default:", "possible values", "Print "] {
                assert!(!page.contains(english), "{page}");
            }
            command.get_subcommands_mut().for_each(walk);
        }
        let mut root = crate::command();
        root.build();
        walk(&mut root);
    }
}
