use proptest::prelude::*;

use super::witness::{People, goes_together, witness};
use super::*;

/// A table with every column additive: leaves are drawn, groups are their sums.
fn additive(shape: &[Vec<usize>], leaves: &[[i64; COLUMNS]]) -> Tree {
    let mut tree =
        Tree { parents: vec![None], rows: vec![Vec::new()], values: vec![[Some(0); COLUMNS]], hidden: Vec::new() };
    let mut leaves = leaves.iter().cycle();
    let mut add = |tree: &mut Tree, parent: usize, leaf: bool| {
        let at = tree.parents.len();
        tree.parents.push(Some(parent));
        tree.rows.push(Vec::new());
        tree.rows[parent].push(at);
        let drawn = leaves.next().expect("they cycle");
        let values = if leaf { drawn.map(Some) } else { [Some(0); COLUMNS] };
        tree.values.push(values);
        let mut above = Some(parent).filter(|_| leaf);
        while let Some(group) = above {
            for (sum, value) in tree.values[group].iter_mut().zip(values) {
                *sum = sum.zip(value).map(|(sum, value)| sum + value);
            }
            above = tree.parents[group];
        }
        at
    };
    for groups in shape {
        let group = add(&mut tree, 0, groups.is_empty());
        for rows in groups {
            let under = add(&mut tree, group, *rows == 0);
            for _ in 0..*rows {
                add(&mut tree, under, true);
            }
        }
    }
    for values in &mut tree.values {
        if values[ENTRIES] == Some(0) {
            values[1..].fill(None);
        }
    }
    tree.hidden = vec![[false; COLUMNS]; tree.parents.len()];
    tree
}

/// Whether a table agrees with everything that is shown and with the sums.
fn agrees(tree: &Tree, people: &People) -> bool {
    (0..people.len()).all(|at| {
        let cell = |column: usize| {
            let shown = tree.hidden[at][column] || people[at][column] == tree.values[at][column];
            let rows: Vec<i64> = tree.rows[at].iter().filter_map(|row| people[*row][column]).collect();
            shown && (rows.is_empty() || people[at][column] == Some(rows.iter().sum()))
        };
        // Rows of nobody are shown.
        let some = !tree.hidden[at][ENTRIES] || people[at][ENTRIES].is_some_and(|entries| entries > 0);
        some && goes_together(&people[at]) && (0..COLUMNS).all(cell)
    })
}

fn leaf() -> impl Strategy<Value = [i64; COLUMNS]> {
    let entries = prop_oneof![4 => 0_i64..12, 2 => 5_i64..60, 1 => 100_i64..2_000];
    entries.prop_flat_map(|entries| {
        (0..=entries, 0..=entries, 0..=entries, 0..=entries).prop_flat_map(move |(level, rsa, boe, over)| {
            (0..=entries - over).prop_map(move |under| [entries, level, rsa, boe, over, under])
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_masked_cannot_be_found_again(shape in prop::collection::vec(prop::collection::vec(0_usize..3, 0..4), 1..5), leaves in prop::collection::vec(leaf(), 24)) {
        let mut tree = additive(&shape, &leaves);
        tree.mask();
        for at in 0..tree.values.len() {
            for column in 0..COLUMNS {
                let Some(value) = tree.values[at][column] else { continue };
                let small = value < LEAST && (column != ENTRIES || value > 0);
                prop_assert!(!small || tree.hidden[at][column], "a small number is masked: row {at}, column {column}");
                prop_assert!(column == 0 || !tree.hidden[at][ENTRIES] || tree.hidden[at][column], "and the shares with it");
                if tree.hidden[at][column] {
                    let other = witness(&tree, column, at);
                    let Some(other) = other else {
                        return Err(TestCaseError::fail(format!("row {at}, column {column} is {value} and nothing else: {tree:?}")));
                    };
                    prop_assert!(other[at][column] != Some(value) && agrees(&tree, &other), "{other:?} of {tree:?}");
                }
            }
        }
    }
}

#[test]
fn one_small_row_takes_the_smallest_other_with_it() {
    let row = |entries: i64| [entries, entries / 2, 6, 6, 6, 6];
    let mut tree = additive(&[vec![], vec![], vec![]], &[[3, 1, 1, 1, 1, 1], row(40), row(90)]);
    tree.mask();
    let hidden: Vec<bool> = tree.hidden.iter().map(|hidden| hidden[ENTRIES]).collect();
    assert_eq!(hidden, [false, true, true, false], "the total is shown, so a second row is not");
}

#[test]
fn two_rows_of_one_person_each_are_not_hidden_by_themselves() {
    let row = |entries: i64| [entries, entries, 0, 0, 0, 0];
    let mut tree = additive(&[vec![], vec![], vec![]], &[row(1), row(1), row(50)]);
    tree.mask();
    // Of two people in two rows that have some, each has one: a third row goes with them.
    assert!(tree.hidden[3][ENTRIES] || tree.hidden[0][ENTRIES], "{tree:?}");
}

#[test]
fn a_share_of_all_gives_away_the_other_age() {
    let mut tree = additive(&[vec![]], &[[40, 20, 20, 20, 40, 0]]);
    tree.mask();
    assert!(tree.hidden[1][5] && tree.hidden[1][4], "whoever are all over 45 are not under 26: {tree:?}");
}
