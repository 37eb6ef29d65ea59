//! `jalon help` and `jalon completions`.

use clap_complete::Shell;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, suggest, usage};

#[derive(Debug, clap::Args)]
pub struct HelpArgs {
    /// Une commande (« path advance »), ou « exit-codes »
    #[arg(value_name = "SUJET")]
    pub topic: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// L’interpréteur
    #[arg(value_enum, value_name = "INTERPRÉTEUR")]
    pub shell: Shell,
}

/// Prints the help of a command, or the exit codes.
///
/// # Errors
/// There is no such command.
pub fn help(args: &HelpArgs) -> Result<Exit, Failure> {
    if args.topic.len() == 1 && matches!(args.topic[0].as_str(), "exit-codes" | "codes-de-sortie") {
        output::write_out(&format!("Codes de sortie de jalon\n\n{}", Exit::list()))?;
        return Ok(Exit::Done);
    }
    let mut root = crate::command();
    root.build();
    let mut command = &mut root;
    for name in &args.topic {
        let known: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        if !known.contains(name) {
            let near = suggest::nearest(name, known.iter().map(String::as_str));
            let way = match near.is_empty() {
                true => "«\u{a0}jalon help\u{a0}» montre celles qui existent.".to_owned(),
                false => format!("Vouliez-vous écrire {}\u{a0}?", suggest::quoted(&near)),
            };
            return Err(Failure::usage("usage", format!("La commande «\u{a0}{name}\u{a0}» n’existe pas. {way}")));
        }
        command = command.find_subcommand_mut(name).expect("a name that was just listed is found");
    }
    output::write_out(&usage::page(&command.render_long_help().to_string()))?;
    Ok(Exit::Done)
}

/// Prints the completion script of a shell.
///
/// # Errors
/// The output cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "jalon", &mut script);
    output::write_out(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
