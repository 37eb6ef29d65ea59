//! The communes of Normandie by name, postal code or INSEE code: a list inside the program, see `data/README.md`.

use std::sync::LazyLock;

/// A commune of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its INSEE code.
    pub code: &'static str,
    pub name: &'static str,
    /// Its postal codes, separated by spaces.
    pub postal: &'static str,
}

static COMMUNES: LazyLock<Vec<Listed>> = LazyLock::new(|| {
    let lines = include_str!("../../data/communes-normandie.csv").lines();
    lines
        .filter_map(|line| {
            let mut cells = line.split(';');
            Some(Listed { code: cells.next()?, name: cells.next()?, postal: cells.next()? })
        })
        .collect()
});

impl Listed {
    /// `Dieppe (76200)`: the postal code, the first of several, tells namesakes apart.
    pub fn label(self) -> String {
        format!("{} ({})", self.name, self.postal.split(' ').next().unwrap_or(self.code))
    }

    fn has_postal(self, code: &str) -> bool {
        self.postal.split(' ').any(|postal| postal == code)
    }
}

/// The commune of an INSEE code.
pub fn listed(code: &str) -> Option<Listed> {
    COMMUNES.binary_search_by(|commune| commune.code.cmp(code)).ok().map(|index| COMMUNES[index])
}

/// Most communes proposed.
const MOST: usize = 20;

/// The communes that a typed text may mean: one when it says which, several to choose from, none.
pub fn find_communes(typed: &str) -> Vec<Listed> {
    let typed = typed.trim();
    let labelled = typed.rsplit_once('(').and_then(|(name, rest)| Some((folded(name), rest.strip_suffix(')')?)));
    if let Some((name, code)) = labelled {
        let meant =
            |commune: &&Listed| folded(commune.name) == name && (commune.code == code || commune.has_postal(code));
        return COMMUNES.iter().filter(meant).copied().collect();
    }
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // What people know is the postal code; the INSEE code comes last.
        let mut found: Vec<Listed> = COMMUNES.iter().filter(|commune| commune.has_postal(&digits)).copied().collect();
        found.extend(listed(&digits).filter(|commune| !commune.has_postal(&digits)));
        found.truncate(MOST);
        return found;
    }
    let wanted = folded(typed);
    if wanted.is_empty() {
        return Vec::new();
    }
    let exact: Vec<Listed> = COMMUNES.iter().filter(|commune| folded(commune.name) == wanted).copied().collect();
    if !exact.is_empty() {
        return exact;
    }
    let holds = |commune: &&Listed| {
        let name = folded(commune.name);
        name.starts_with(&wanted) || name.contains(&format!(" {wanted}"))
    };
    COMMUNES.iter().filter(holds).take(MOST).copied().collect()
}

/// A name as it is compared: small letters without accents, spaces for hyphens and apostrophes, « saint » in full.
fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ÿ' => 'y',
        '-' | '\'' | '’' => ' ',
        other => other,
    };
    let text: String = name.to_lowercase().replace('œ', "oe").replace('æ', "ae").chars().map(plain).collect();
    let words = text.split_whitespace().map(|word| match word {
        "st" => "saint",
        "ste" => "sainte",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(typed: &str) -> Vec<String> {
        find_communes(typed).into_iter().map(Listed::label).collect()
    }

    #[test]
    fn a_commune_is_found_by_name_postal_code_or_insee_code() {
        assert_eq!(labels("Dieppe"), ["Dieppe (76200)"]);
        assert_eq!(labels("  dieppe "), ["Dieppe (76200)"]);
        assert_eq!(labels("76217"), ["Dieppe (76200)"]);
        assert!(labels("76200").contains(&"Dieppe (76200)".to_owned()));
        assert_eq!(labels("Rouen (76540)"), ["Rouen (76000)"]);
        assert_eq!(labels("st lo"), ["Saint-Lô (50000)"]);
        assert!(labels("paris").is_empty() && labels("").is_empty() && labels("00000").is_empty());
    }

    /// 76540 is the INSEE code of Rouen and the postal code of other communes: the person chooses.
    #[test]
    fn a_code_that_means_several_communes_is_asked() {
        let found = labels("76540");
        assert!(found.len() > 1 && found.last().is_some_and(|label| label == "Rouen (76000)"), "{found:?}");
    }

    #[test]
    fn a_label_means_its_commune_and_no_other() {
        for commune in COMMUNES.iter() {
            assert_eq!(find_communes(&commune.label()), [*commune], "{}", commune.label());
        }
    }

    #[test]
    fn the_list_is_sorted_and_of_five_departments() {
        assert!(COMMUNES.len() > 2_500 && COMMUNES.is_sorted_by_key(|commune| commune.code));
        let known = |commune: &Listed| ["14", "27", "50", "61", "76"].contains(&&commune.code[..2]);
        assert!(COMMUNES.iter().all(known));
    }
}
