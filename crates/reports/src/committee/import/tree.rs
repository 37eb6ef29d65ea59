//! Rows that stand under others.

use super::{Problem, Reason};

/// A row of a tree: its level, 1 to 3, and 0 for the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::committee) struct Node {
    pub line: u32,
    pub level: u8,
    pub name: String,
}

/// What is wrong with the order and the names of rows: a row without the one it stands under, two of one name, more than one
/// total, rows after it.
pub(in crate::committee) fn check<'n>(nodes: impl IntoIterator<Item = &'n Node>, column: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut report = |node: &Node, reason| {
        problems.push(Problem { line: Some(node.line), column: Some(column.to_owned()), reason });
    };
    // The names met at each level since the row above them.
    let mut met: [Vec<String>; 3] = Default::default();
    let mut reached = 0;
    let mut total = false;
    for node in nodes {
        if total {
            report(node, if node.level == 0 { Reason::DoubledTotal } else { Reason::AfterTotal });
            continue;
        }
        if node.level == 0 {
            total = true;
            continue;
        }
        if node.level > reached + 1 {
            report(node, Reason::NoParent { level: node.level });
            continue;
        }
        let at = usize::from(node.level - 1);
        if node.level < 3 {
            met[at + 1..].iter_mut().for_each(Vec::clear);
        }
        let name = super::reading::folded(&node.name);
        if met[at].contains(&name) {
            report(node, Reason::DoubledName(node.name.clone()));
        }
        met[at].push(name);
        reached = node.level;
    }
    problems
}
