//! A picture that stands alone: a column a phase, the main line downwards, what departs from it beside.
//!
//! Every state has its place in [`place`], every transition its lines in [`lines`]; both are exhaustive, so that a new one
//! is placed by whoever adds it. Lines are orthogonal with round corners; a line that serves several states joins them,
//! as the table does. Only presentation attributes are used: the picture is the same inside a page with a strict policy.

use std::fmt::Write as _;

use strum::IntoEnumIterator;

use super::{Labels, Word, actors, starts, xml};
use crate::market::Prestation;
use crate::path::step::{PrestationStates, states};
use crate::path::table::row;
use crate::path::{State, Step, Transition};

/// Widths: what a label takes left of the main line, a box of the main line, between the lines, a box beside, a margin.
const LABELS: i32 = 84;
const MAIN: i32 = 204;
const BETWEEN: i32 = 146;
const BESIDE: i32 = 150;
const MARGIN: i32 = 26;
const COLUMN: i32 = LABELS + MAIN + BETWEEN + BESIDE + MARGIN;
const GUTTER: i32 = 22;
/// Heights: of a box, from a row to the next, of the first row's middle.
const BOX: i32 = 50;
const ROW: i32 = 150;
const FIRST: i32 = 236;
const ROWS: i32 = 8;
const TOP: i32 = 96;
const WIDTH: i32 = 3 * COLUMN + 2 * GUTTER + 2 * MARGIN;
/// Where the card begins that the two first columns share.
const SHARED: i32 = FIRST + 4 * ROW + BOX / 2 + 60 + 50;
const HEIGHT: i32 = BOTTOM + MARGIN;
/// Where the cards end.
const BOTTOM: i32 = FIRST + (ROWS - 1) * ROW + BOX / 2 + 40;

const INK: &str = "#17283a";
const MUTED: &str = "#5a6875";
const LINE: &str = "#dfe3e6";
const PAPER: &str = "#f6f7f5";
const BRAND: (&str, &str) = ("#0f5c6e", "#e3f0f1");
const DONE: (&str, &str) = ("#23693f", "#e4f2e8");
const WAITING: (&str, &str) = ("#8a5300", "#fdf1dc");
const LATE: (&str, &str) = ("#a3261d", "#fbe9e7");
const ENDED: (&str, &str) = ("#5a6875", "#ffffff");

type Point = (i32, i32);

/// Where a state stands.
#[derive(Clone, Copy)]
struct Place {
    column: i32,
    row: i32,
    beside: bool,
}

impl Place {
    fn left(self) -> i32 {
        let column = column_left(self.column) + LABELS;
        if self.beside { column + MAIN + BETWEEN } else { column }
    }

    fn width(self) -> i32 {
        if self.beside { BESIDE } else { MAIN }
    }

    fn right(self) -> i32 {
        self.left() + self.width()
    }

    fn x(self) -> i32 {
        self.left() + self.width() / 2
    }

    fn y(self) -> i32 {
        FIRST + self.row * ROW
    }

    fn top(self) -> i32 {
        self.y() - BOX / 2
    }

    fn bottom(self) -> i32 {
        self.y() + BOX / 2
    }
}

fn column_left(column: i32) -> i32 {
    MARGIN + column * (COLUMN + GUTTER)
}

fn place(state: State) -> Place {
    let main = |column, row| Place { column, row, beside: false };
    let beside = |column, row| Place { column, row, beside: true };
    match state {
        State::NeedReported => main(0, 0),
        State::Declined => beside(0, 0),
        State::FeasibilityOrdered => main(0, 1),
        State::FeasibilityInProgress => main(0, 2),
        State::FeasibilityDelivered => main(0, 3),
        State::FeasibilityAdjourned => beside(0, 3),
        State::Feasible => main(0, 4),
        State::NotFeasible => beside(0, 4),
        State::PreparationOrdered => main(1, 0),
        State::PreparationInProgress => main(1, 1),
        State::PreparationDelivered => main(1, 2),
        State::PreparationAdjourned => beside(1, 2),
        State::Ready => main(1, 3),
        State::CandidateSelection => main(2, 0),
        State::CandidateSelected => main(2, 1),
        State::PifSigned => main(2, 2),
        State::ImplementationOrdered => main(2, 3),
        State::InTraining => main(2, 4),
        State::Suspended => beside(2, 4),
        State::TrainingEnded => main(2, 5),
        State::ReportDelivered => main(2, 6),
        State::ReportAdjourned => beside(2, 6),
        State::Closed => main(2, 7),
        State::Cancelled => beside(1, 6),
    }
}

/// What the colour of a state repeats: who has to act, or how the path ended.
fn colours(state: State) -> (Word, (&'static str, &'static str)) {
    match state {
        State::NeedReported
        | State::FeasibilityDelivered
        | State::Feasible
        | State::PreparationDelivered
        | State::PifSigned
        | State::ReportDelivered => (Word::RegionActs, WAITING),
        State::FeasibilityAdjourned | State::PreparationAdjourned | State::ReportAdjourned => (Word::Adjourned, LATE),
        State::FeasibilityOrdered
        | State::FeasibilityInProgress
        | State::PreparationOrdered
        | State::PreparationInProgress
        | State::Ready
        | State::CandidateSelection
        | State::CandidateSelected
        | State::ImplementationOrdered
        | State::InTraining
        | State::Suspended
        | State::TrainingEnded => (Word::BodyActs, BRAND),
        State::Closed => (Word::Closed, DONE),
        State::NotFeasible | State::Declined | State::Cancelled => (Word::Ended, ENDED),
    }
}

/// Whether a line brings the path on, back, or to its decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    On,
    Back,
}

/// A line: its points, and whether it ends with an arrow (else it joins another line).
struct Stroke {
    points: Vec<Point>,
    arrow: bool,
    tone: Tone,
}

/// Where the words of a line stand: left of a point, right of it, or over it.
#[derive(Clone, Copy)]
enum Caption {
    LeftOf(Point),
    RightOf(Point),
    Over(Point),
    Under(Point),
}

struct Drawn {
    strokes: Vec<Stroke>,
    caption: Caption,
    /// Characters a line of the caption may hold.
    width: usize,
}

fn on(points: &[Point]) -> Stroke {
    Stroke { points: points.to_vec(), arrow: true, tone: Tone::On }
}

fn join(points: &[Point]) -> Stroke {
    Stroke { points: points.to_vec(), arrow: false, tone: Tone::On }
}

fn back(stroke: Stroke) -> Stroke {
    Stroke { tone: Tone::Back, ..stroke }
}

/// Downwards from a state to the one under it; `shift` leaves room for a line upwards.
fn down(from: State, to: State, shift: i32) -> Drawn {
    let (from, to) = (place(from), place(to));
    let x = from.x() - shift;
    let caption = Caption::LeftOf((x - 12, i32::midpoint(from.bottom(), to.top())));
    Drawn { strokes: vec![on(&[(x, from.bottom()), (x, to.top())])], caption, width: if shift > 0 { 17 } else { 20 } }
}

/// How far a pair of lines, one downwards and one upwards, stands from the middle of a box.
const SHIFT: i32 = 22;

/// Upwards from a state to the one over it.
fn up(from: State, to: State) -> Drawn {
    let (from, to) = (place(from), place(to));
    let x = from.x() + SHIFT;
    let caption = Caption::RightOf((x + 12, to.bottom() + 28));
    Drawn { strokes: vec![back(on(&[(x, from.top()), (x, to.bottom())]))], caption, width: 22 }
}

/// Between two states of one row, over or under the middle when there are two such lines.
fn across(from: State, to: State, shift: i32) -> Drawn {
    let (from, to) = (place(from), place(to));
    let y = from.y() + shift;
    let (start, end) = if from.left() < to.left() { (from.right(), to.left()) } else { (from.left(), to.right()) };
    let middle = i32::midpoint(start, end);
    let caption = if shift > 0 { Caption::Under((middle, y + 7)) } else { Caption::Over((middle, y - 9)) };
    Drawn { strokes: vec![on(&[(start, y), (end, y)])], caption, width: 17 }
}

/// A delivery: downwards, and again from an adjournment.
fn deliver(of: PrestationStates) -> Drawn {
    let mut drawn = down(of.in_progress, of.delivered, SHIFT);
    let again = across(of.adjourned, of.delivered, 13);
    drawn.strokes.extend(again.strokes);
    drawn
}

/// A rejection: upwards, joined by the one of an adjourned delivery.
fn reject(of: PrestationStates) -> Drawn {
    let mut drawn = up(of.delivered, of.in_progress);
    let (delivered, adjourned) = (place(of.delivered), place(of.adjourned));
    let x = delivered.x() + SHIFT;
    let y = delivered.top() - 52;
    drawn.strokes.push(back(join(&[(adjourned.x(), adjourned.top()), (adjourned.x(), y), (x, y)])));
    drawn.caption = Caption::RightOf((x + 12, y - 23));
    drawn.width = 40;
    drawn
}

/// An admission: downwards, joined by the one of an adjourned delivery, to one state or, by the verdict, to two.
fn admit(of: PrestationStates, other: Option<State>) -> Drawn {
    let mut drawn = down(of.delivered, of.admitted, 0);
    let (delivered, adjourned) = (place(of.delivered), place(of.adjourned));
    let y = delivered.bottom() + 26;
    let shift = if other.is_some() { 30 } else { 0 };
    let from = adjourned.x() - shift;
    drawn.strokes.push(join(&[(from, adjourned.bottom()), (from, y), (delivered.x(), y)]));
    if let Some(other) = other.map(place) {
        let y = y + 22;
        let to = other.x() + shift;
        drawn.strokes.push(on(&[(delivered.x(), y), (to, y), (to, other.top())]));
    }
    drawn
}

/// From the end of a phase to the beginning of the next, through the gutter.
fn onwards(from: State, to: State) -> Drawn {
    let (from, to) = (place(from), place(to));
    let gutter = column_left(to.column) - GUTTER / 2;
    let y = from.bottom() + 60;
    let points = [(from.x(), from.bottom()), (from.x(), y), (gutter, y), (gutter, to.y()), (to.left(), to.y())];
    let caption = Caption::LeftOf((from.x() - 12, i32::midpoint(from.bottom(), y)));
    Drawn { strokes: vec![on(&points)], caption, width: 20 }
}

fn lines(transition: Transition) -> Drawn {
    let (feasibility, preparation, implementation) =
        (states(Prestation::Feasibility), states(Prestation::Preparation), states(Prestation::Implementation));
    match transition {
        Transition::ReportNeed => {
            let need = place(State::NeedReported);
            let caption = Caption::LeftOf((need.x() - 12, need.top() - 24));
            Drawn { strokes: vec![on(&[(need.x(), need.top() - 46), (need.x(), need.top())])], caption, width: 20 }
        }
        Transition::OpenSibling => {
            let ready = place(State::Ready);
            let start = ready.right() + BETWEEN;
            let caption = Caption::Over((i32::midpoint(ready.right(), start), ready.y() - 9));
            Drawn { strokes: vec![on(&[(start, ready.y()), (ready.right(), ready.y())])], caption, width: 17 }
        }
        Transition::DeclineNeed => across(State::NeedReported, State::Declined, 0),
        Transition::OrderFeasibility => down(State::NeedReported, State::FeasibilityOrdered, 0),
        Transition::StartFeasibility => down(State::FeasibilityOrdered, State::FeasibilityInProgress, 0),
        Transition::DeliverFeasibility => deliver(feasibility),
        Transition::AdjournFeasibility => across(feasibility.delivered, feasibility.adjourned, -13),
        Transition::RejectFeasibility => reject(feasibility),
        Transition::AdmitFeasibility => admit(feasibility, Some(State::NotFeasible)),
        Transition::OrderPreparation => onwards(State::Feasible, State::PreparationOrdered),
        Transition::StartPreparation => down(State::PreparationOrdered, State::PreparationInProgress, 0),
        Transition::DeliverPreparation => deliver(preparation),
        Transition::AdjournPreparation => across(preparation.delivered, preparation.adjourned, -13),
        Transition::RejectPreparation => reject(preparation),
        Transition::AdmitPreparation => admit(preparation, None),
        Transition::OpenSelection => onwards(State::Ready, State::CandidateSelection),
        Transition::SelectCandidate => down(State::CandidateSelection, State::CandidateSelected, 0),
        Transition::SignPif => down(State::CandidateSelected, State::PifSigned, 0),
        Transition::OrderImplementation => down(State::PifSigned, State::ImplementationOrdered, 0),
        Transition::EnterTraining => down(State::ImplementationOrdered, State::InTraining, SHIFT),
        Transition::AnnulEntry => up(State::InTraining, State::ImplementationOrdered),
        Transition::Suspend => across(State::InTraining, State::Suspended, -13),
        Transition::Resume => across(State::Suspended, State::InTraining, 13),
        Transition::EndTraining => {
            let mut drawn = down(State::InTraining, State::TrainingEnded, 0);
            let (training, suspended) = (place(State::InTraining), place(State::Suspended));
            let y = training.bottom() + 54;
            drawn.strokes.push(join(&[(suspended.x(), suspended.bottom()), (suspended.x(), y), (training.x(), y)]));
            drawn
        }
        Transition::DeliverReport => deliver(implementation),
        Transition::AdjournReport => across(implementation.delivered, implementation.adjourned, -13),
        Transition::RejectReport => reject(implementation),
        Transition::AdmitReport => admit(implementation, None),
        Transition::CloseWithoutReport => {
            let (ended, adjourned, closed) =
                (place(State::TrainingEnded), place(State::ReportAdjourned), place(State::Closed));
            let x = adjourned.right() + 14;
            let y = closed.y();
            let strokes = vec![
                on(&[(ended.right(), ended.y()), (x, ended.y()), (x, y), (closed.right(), y)]),
                join(&[(adjourned.right(), adjourned.y()), (x, adjourned.y())]),
            ];
            Drawn { strokes, caption: Caption::Over((i32::midpoint(closed.right(), x), y - 9)), width: 34 }
        }
        Transition::WithdrawCandidate => {
            let (selection, selected, signed, ordered) = (
                place(State::CandidateSelection),
                place(State::CandidateSelected),
                place(State::PifSigned),
                place(State::ImplementationOrdered),
            );
            let x = selected.right() + 44;
            let strokes = vec![
                back(on(&[
                    (ordered.right(), ordered.y()),
                    (x, ordered.y()),
                    (x, selection.y()),
                    (selection.right(), selection.y()),
                ])),
                back(join(&[(selected.right(), selected.y()), (x, selected.y())])),
                back(join(&[(signed.right(), signed.y()), (x, signed.y())])),
            ];
            Drawn { strokes, caption: Caption::RightOf((x + 12, i32::midpoint(selected.y(), signed.y()))), width: 28 }
        }
        Transition::Cancel => {
            let cancelled = place(State::Cancelled);
            let start = cancelled.left() - 60;
            let strokes = vec![back(on(&[(start, cancelled.y()), (cancelled.left(), cancelled.y())]))];
            Drawn { strokes, caption: Caption::LeftOf((start - 12, cancelled.y())), width: 88 }
        }
    }
}

pub(super) fn render(labels: &dyn Labels) -> String {
    let mut svg = Svg(String::new());
    let (title, description) = (xml(&labels.word(Word::Title)), xml(&labels.word(Word::Description)));
    svg.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"lifecycle-title lifecycle-desc\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" font-family=\"'Atkinson Hyperlegible Next', \
         'Atkinson Hyperlegible', system-ui, sans-serif\" font-size=\"13\" fill=\"{INK}\">\n\
         <title id=\"lifecycle-title\">{title}</title>\n<desc id=\"lifecycle-desc\">{description}</desc>\n<defs>"
    ));
    for (id, colour) in [("on", MUTED), ("back", LATE.0)] {
        svg.line(&format!(
            "<marker id=\"lifecycle-{id}\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 .6 7.5 4 0 7.4z\" fill=\"{colour}\"/></marker>"
        ));
    }
    svg.line("</defs>");
    svg.line(&format!("<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{PAPER}\"/>"));
    svg.text((MARGIN, 50), "start", "font-size=\"26\" font-weight=\"700\"", &labels.word(Word::Title));
    svg.text((MARGIN, 76), "start", &format!("font-size=\"15\" fill=\"{MUTED}\""), &labels.word(Word::Description));
    for (column, phase) in Prestation::iter().enumerate() {
        svg.column(i32::try_from(column).unwrap_or(0), &labels.phase(Some(phase)));
    }
    // Under the two shorter columns, what the colours repeat and the way out that starts from nearly everywhere.
    svg.card(column_left(0), SHARED, 2 * COLUMN + GUTTER, BOTTOM - SHARED);
    for transition in Transition::iter() {
        let drawn = lines(transition);
        svg.strokes(&drawn);
        let opens = row(transition.into()).from.is_empty();
        if let Some((x, y)) = drawn.strokes.first().and_then(|stroke| stroke.points.first()).filter(|_| opens) {
            svg.line(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"6\" fill=\"{INK}\"/>"));
        }
    }
    for transition in Transition::iter() {
        svg.caption(&lines(transition), transition, labels);
    }
    for state in State::iter() {
        svg.state(state, &labels.state(state));
    }
    svg.legend(labels);
    svg.0.push_str("</svg>\n");
    svg.0
}

struct Svg(String);

impl Svg {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn text(&mut self, (x, y): Point, anchor: &str, attributes: &str, text: &str) {
        self.line(&format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" {attributes}>{}</text>", xml(text)));
    }

    fn card(&mut self, x: i32, y: i32, width: i32, height: i32) {
        self.line(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#ffffff\" stroke=\"{LINE}\"/>"
        ));
    }

    /// The card of a phase and its name.
    fn column(&mut self, column: i32, name: &str) {
        let x = column_left(column);
        let bottom = if column < 2 { SHARED - GUTTER } else { BOTTOM };
        self.card(x, TOP, COLUMN, bottom - TOP);
        let attributes = format!("font-size=\"18\" font-weight=\"700\" fill=\"{}\"", BRAND.0);
        self.text((x + 20, TOP + 32), "start", &attributes, &format!("{}. {name}", column + 1));
    }

    fn strokes(&mut self, drawn: &Drawn) {
        for Stroke { points, arrow, tone } in &drawn.strokes {
            let (colour, id) = match tone {
                Tone::On => (MUTED, "on"),
                Tone::Back => (LATE.0, "back"),
            };
            let marker = if *arrow { format!(" marker-end=\"url(#lifecycle-{id})\"") } else { String::new() };
            let dash = if *tone == Tone::Back { " stroke-dasharray=\"5 4\"" } else { "" };
            self.line(&format!(
                "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"{dash}{marker}/>",
                rounded(points)
            ));
            if let Some((x, y)) = points.last().filter(|_| !arrow) {
                self.line(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"2.6\" fill=\"{colour}\"/>"));
            }
        }
    }

    /// What a line does, and by whom, over the line it might cross.
    fn caption(&mut self, drawn: &Drawn, transition: Transition, labels: &dyn Labels) {
        let step = Step::from(transition);
        let mut rows: Vec<(String, bool)> =
            wrapped(&labels.step(step), drawn.width).into_iter().map(|row| (row, true)).collect();
        let by = wrapped(&actors(labels, step), drawn.width + 2);
        rows.extend(by.into_iter().map(|row| (row, false)));
        if transition == Transition::Cancel {
            let from = format!("{} {}.", labels.word(Word::CancelledFrom), starts(labels, step));
            rows.extend(wrapped(&from, drawn.width).into_iter().map(|row| (row, false)));
        }
        let height = 15 * i32::try_from(rows.len()).unwrap_or(0);
        let (x, top, anchor) = match drawn.caption {
            Caption::LeftOf((x, y)) => (x, y - height / 2, "end"),
            Caption::RightOf((x, y)) => (x, y - height / 2, "start"),
            Caption::Over((x, y)) => (x, y - height, "middle"),
            Caption::Under((x, y)) => (x, y, "middle"),
        };
        for (rank, (row, what)) in (0..).zip(&rows) {
            let style = if *what {
                format!("font-size=\"12.5\" font-weight=\"600\" fill=\"{INK}\"")
            } else {
                format!("font-size=\"12\" fill=\"{MUTED}\"")
            };
            let halo = "paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\" stroke-linejoin=\"round\"";
            self.text((x, top + 12 + 15 * rank), anchor, &format!("{style} {halo}"), row);
        }
    }

    fn state(&mut self, state: State, name: &str) {
        let place = place(state);
        let (_, (line, fill)) = colours(state);
        let (x, y, width) = (place.left(), place.top(), place.width());
        let border = if state.is_final() { 2.4 } else { 1.4 };
        self.line(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BOX}\" rx=\"10\" fill=\"{fill}\" stroke=\"{line}\" \
             stroke-width=\"{border}\"/>"
        ));
        let rows = wrapped(name, usize::try_from(width / 10).unwrap_or(20));
        let count = i32::try_from(rows.len()).unwrap_or(1);
        for (rank, row) in (0..).zip(&rows) {
            let y = place.y() + 5 - 9 * (count - 1) + 18 * rank;
            self.text((place.x(), y), "middle", "font-size=\"14.5\" font-weight=\"600\"", row);
        }
    }

    /// The words that the colours repeat.
    fn legend(&mut self, labels: &dyn Labels) {
        let x = column_left(0) + 28;
        let mut y = i32::midpoint(SHARED, BOTTOM) - 2 * 40 + 5;
        let mut said: Vec<Word> = Vec::new();
        for state in State::iter() {
            let (word, (line, fill)) = colours(state);
            if said.contains(&word) {
                continue;
            }
            said.push(word);
            self.line(&format!(
                "<rect x=\"{x}\" y=\"{}\" width=\"34\" height=\"20\" rx=\"6\" fill=\"{fill}\" stroke=\"{line}\" \
                 stroke-width=\"1.4\"/>",
                y - 15
            ));
            self.text((x + 46, y), "start", "font-size=\"14.5\"", &labels.word(word));
            y += 40;
        }
    }
}

/// A text in rows of so many characters at most, a longer word alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match rows.last_mut() {
            Some(row) if row.chars().count() + 1 + word.chars().count() <= width => {
                row.push(' ');
                row.push_str(word);
            }
            Some(_) | None => rows.push(word.to_owned()),
        }
    }
    rows
}

/// A path through points, its corners rounded.
fn rounded(points: &[Point]) -> String {
    const RADIUS: i32 = 9;
    let towards =
        |(x, y): Point, (to_x, to_y): Point, by: i32| (x + (to_x - x).clamp(-by, by), y + (to_y - y).clamp(-by, by));
    let mut path = String::new();
    for (rank, point) in points.iter().enumerate() {
        let corner = rank.checked_sub(1).and_then(|before| Some((points.get(before)?, points.get(rank + 1)?)));
        // Writing to a string does not fail.
        let _ = match (rank, corner) {
            (0, _) => write!(path, "M{} {}", point.0, point.1),
            (_, Some((before, after))) => {
                let (start, end) = (towards(*point, *before, RADIUS), towards(*point, *after, RADIUS));
                write!(path, "L{} {}Q{} {} {} {}", start.0, start.1, point.0, point.1, end.0, end.1)
            }
            (_, None) => write!(path, "L{} {}", point.0, point.1),
        };
    }
    path
}
