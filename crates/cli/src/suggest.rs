//! Nearest names, for whoever mistyped one.

use domain::spelling::distance;

/// At most this many names are suggested.
const MOST: usize = 3;

/// The known names nearest to a typed one, the nearest first; empty when none looks like it.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = normal(typed);
    let near = |name: &str| {
        let limit = (name.chars().count().max(typed.chars().count()) / 3).max(2);
        let distance = distance(&typed, &normal(name));
        let part = typed.len() >= 4 && (name.contains(typed.as_str()) || typed.contains(name));
        // Far from each other, two words of the same length are a chance, unless they begin alike.
        let alike = distance < 2 || typed.chars().next() == name.chars().next();
        (distance <= limit && alike).then_some(distance).or(part.then_some(limit + 1))
    };
    let mut found: Vec<(usize, &str)> = known.into_iter().filter_map(|name| Some((near(name)?, name))).collect();
    found.sort_by_key(|(distance, _)| *distance);
    let best = found.first().map_or(0, |(distance, _)| *distance);
    found.retain(|(distance, _)| *distance <= best + 1);
    found.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// Names between French quotes, the last one after « ou ».
pub fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("«\u{a0}{name}\u{a0}»")).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} ou {last}", first.join(", ")),
        names => names.concat(),
    }
}

fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_find_their_name_and_nonsense_finds_none() {
        let known = ["order_feasibility", "start_feasibility", "admit_report", "cancel"];
        assert_eq!(nearest("order-feasability", known)[0], "order_feasibility");
        assert_eq!(nearest("cnacel", known), ["cancel"]);
        assert_eq!(nearest("feasibility", known), ["order_feasibility", "start_feasibility"]);
        assert_eq!(nearest("xyz", known), Vec::<&str>::new());
    }

    #[test]
    fn names_are_listed_as_french_writes_them() {
        assert_eq!(quoted(&["a"]), "«\u{a0}a\u{a0}»");
        assert_eq!(quoted(&["a", "b", "c"]), "«\u{a0}a\u{a0}», «\u{a0}b\u{a0}» ou «\u{a0}c\u{a0}»");
    }
}
