//! Charts as the places of their strokes: drawn by the template, so that every bar and area is a link, prints, follows the
//! colours of the page and is read by assistive technology. Each stands beside a table that says the same.

use super::map::SHAPES;

/// Width of a curve, in units of its picture.
pub(super) const WIDTH: u32 = 340;
/// Height of a curve.
pub(super) const HEIGHT: u32 = 150;
/// Room for the numbers at the left and the months below.
pub(super) const LEFT: u32 = 44;
const BELOW: u32 = 22;
const ABOVE: u32 = 10;

/// A text of a chart and where it stands.
pub(super) struct Mark {
    pub x: u32,
    pub y: u32,
    pub text: String,
}

/// A month of a curve, which opens what it counts.
pub(super) struct Point {
    pub x: u32,
    pub y: u32,
    pub said: String,
    /// Empty when nothing is behind it.
    pub address: String,
}

/// One line of a curve.
pub(super) struct Series {
    /// How it is drawn.
    pub class: &'static str,
    /// What it is, for who draws several.
    pub name: &'static str,
    /// The points, as a polyline takes them.
    pub line: String,
    pub points: Vec<Point>,
}

/// What came up by the end of each month, against what was planned.
pub(super) struct Curve {
    pub title: String,
    pub series: Vec<Series>,
    /// Where what was planned stands, with its number.
    pub planned: Option<Mark>,
    pub grid: Vec<Mark>,
    pub months: Vec<Mark>,
}

/// A line to draw: how, what it is, and its values by month.
pub(super) type Drawn = (&'static str, &'static str, Vec<u64>);

impl Curve {
    /// The curve of a year: what it says, its lines, the name of each month, how a value is written on the axis, and what is said
    /// and opened of a month of a line.
    pub fn new(
        title: String,
        drawn: &[Drawn],
        planned: Option<u64>,
        months: &[String],
        axis: impl Fn(u64) -> String,
        point: impl Fn(usize, usize, u64) -> (String, String),
    ) -> Self {
        let most = drawn.iter().flat_map(|(.., values)| values).copied().chain(planned).max().unwrap_or(0);
        let top = round_up(most.max(1));
        let across = u32::try_from(months.len().saturating_sub(1).max(1)).unwrap_or(1);
        let x = |month: usize| LEFT + (WIDTH - LEFT - 12) * u32::try_from(month).unwrap_or(0) / across;
        let y = |value: u64| {
            let room = u64::from(HEIGHT - BELOW - ABOVE);
            ABOVE + u32::try_from(room - room * value.min(top) / top).unwrap_or(0)
        };
        let of_line = |(rank, (class, name, values)): (usize, &Drawn)| {
            let points: Vec<Point> = values
                .iter()
                .enumerate()
                .map(|(month, value)| {
                    let (said, address) = point(rank, month, *value);
                    Point { x: x(month), y: y(*value), said, address }
                })
                .collect();
            let line: Vec<String> = points.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
            Series { class, name, line: line.join(" "), points }
        };
        let mark = |value: u64| Mark { x: LEFT - 6, y: y(value), text: axis(value) };
        Self {
            title,
            series: drawn.iter().enumerate().map(of_line).collect(),
            planned: planned.map(mark),
            grid: [0, top / 2, top].map(mark).into(),
            months: months
                .iter()
                .enumerate()
                .map(|(month, name)| Mark { x: x(month), y: HEIGHT - 4, text: name.clone() })
                .collect(),
        }
    }
}

/// The least of 10, 20, 50, 100, 200… that is not below, for the top of an axis whose middle is written too.
fn round_up(value: u64) -> u64 {
    let mut step = 10;
    loop {
        for times in [1, 2, 3, 5] {
            if step * times >= value {
                return step * times;
            }
        }
        step *= 10;
    }
}

/// A map of the departments.
pub(super) struct Map {
    pub title: &'static str,
    pub areas: Vec<Area>,
}

/// A department on a map.
pub(super) struct Area {
    pub address: String,
    pub outline: &'static str,
    pub x: u32,
    pub y: u32,
    pub number: String,
    pub said: String,
    /// How much is there, in hundredths of the most.
    shade: u64,
}

impl Area {
    /// A department by its code, with its value as number and as text; none for one that the map does not know.
    pub fn new(code: &str, value: u64, most: u64, number: String, address: String, said: String) -> Option<Self> {
        let (_, outline, (x, y)) = SHAPES.into_iter().find(|(known, ..)| *known == code)?;
        let shade = (value * 100 / most.max(1)).min(100);
        Some(Self { address, outline, x, y, number, said, shade })
    }

    /// How strong its colour is: never none, so that the department is seen.
    pub fn opacity(&self) -> String {
        format!("{:.2}", 0.08 + 0.0092 * self.shade as f64)
    }

    /// Whether what is written on it is light.
    pub fn dark(&self) -> bool {
        self.shade > 55
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_on_a_round_number() {
        let tops: Vec<u64> = [1, 10, 11, 31, 101, 250, 251, 301].into_iter().map(round_up).collect();
        assert_eq!(tops, [10, 10, 20, 50, 200, 300, 300, 500]);
    }

    #[test]
    fn a_curve_stays_in_its_picture() {
        let months: Vec<String> = (1..=12).map(|month| month.to_string()).collect();
        let drawn = [("drawn", "", vec![0, 100, 400])];
        let point = |_, _, value: u64| (value.to_string(), String::new());
        let curve = Curve::new(String::new(), &drawn, Some(250), &months, |value| value.to_string(), point);
        let points = &curve.series[0].points;
        assert_eq!(points.len(), 3);
        assert!(points.iter().all(|point| point.x <= WIDTH && (ABOVE..=HEIGHT - BELOW).contains(&point.y)));
        assert!(points.is_sorted_by(|one, next| one.y >= next.y));
        assert_eq!(curve.months.last().map(|mark| mark.x), Some(WIDTH - 12));
    }

    #[test]
    fn every_department_of_the_market_has_its_shade() {
        let area = |value| {
            let area = Area::new("76", value, 8, String::new(), String::new(), String::new())?;
            Some((area.opacity(), area.dark()))
        };
        let shade = |text: &str, dark| Some((text.to_owned(), dark));
        let expected = [shade("0.08", false), shade("0.54", false), shade("1.00", true), shade("1.00", true)];
        assert_eq!([0, 4, 8, 9].map(area), expected);
        assert!(Area::new("75", 1, 1, String::new(), String::new(), String::new()).is_none());
    }
}
