//! Measured numbers beside what was promised, as a table.

use std::fmt;

use anyhow::{Result, bail};
use serde::Deserialize;

/// A bound that the design sets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// What a number counts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    /// Things.
    Count,
    /// Thousands of bytes.
    Kilobytes,
    /// Millions of bytes.
    Megabytes,
    /// Thousandths of a second.
    Milliseconds,
    /// Parts of a hundred.
    Percent,
    /// Things in a second.
    PerSecond,
    /// So many times as much.
    Times,
}

/// One number with its promise.
#[derive(Clone, Debug)]
pub(crate) struct Measure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: Unit,
    /// Worse than this fails the run.
    pub(crate) floor: Option<Bound>,
    /// What we work towards.
    pub(crate) aim: Option<Bound>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    AimMet,
    FloorHeld,
    Missed,
    Told,
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }

    fn show(self, unit: Unit) -> String {
        match self {
            Self::AtMost(most) => format!("\u{2264} {}", unit.show(most)),
            Self::AtLeast(least) => format!("\u{2265} {}", unit.show(least)),
        }
    }
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Count => format!("{value:.0}"),
            Self::Kilobytes => format!("{value:.1} kB"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Milliseconds => format!("{value:.1} ms"),
            Self::Percent => format!("{value:.1} %"),
            Self::PerSecond => format!("{value:.0} /s"),
            Self::Times => format!("{value:.2} \u{d7}"),
        }
    }
}

impl Measure {
    /// Whether it is worse than its floor.
    pub(crate) fn is_missed(&self) -> bool {
        self.verdict() == Verdict::Missed
    }

    fn verdict(&self) -> Verdict {
        let holds = |bound: Option<Bound>| bound.map(|bound| bound.holds(self.value));
        match (holds(self.floor), holds(self.aim)) {
            (Some(false), _) => Verdict::Missed,
            (_, Some(true)) => Verdict::AimMet,
            (Some(true), _) => Verdict::FloorHeld,
            (None, _) => Verdict::Told,
        }
    }

    fn cells(&self) -> [String; 5] {
        let bound = |bound: Option<Bound>| bound.map_or_else(String::new, |bound| bound.show(self.unit));
        let (value, verdict) = (self.unit.show(self.value), self.verdict().to_string());
        [self.name.clone(), value, bound(self.floor), bound(self.aim), verdict]
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AimMet => "aim met",
            Self::FloorHeld => "floor held",
            Self::Missed => "MISSED",
            Self::Told => "",
        })
    }
}

/// Prints a table.
///
/// # Errors
/// If a floor was missed, after all of it was printed.
pub(crate) fn print(title: &str, measures: &[Measure]) -> Result<()> {
    println!("{}", render(title, measures));
    let missed: Vec<&str> = measures
        .iter()
        .filter(|measure| measure.verdict() == Verdict::Missed)
        .map(|measure| measure.name.as_str())
        .collect();
    if missed.is_empty() { Ok(()) } else { bail!("{title}: floor missed: {}", missed.join(", ")) }
}

fn render(title: &str, measures: &[Measure]) -> String {
    let mut rows = vec![[title, "value", "floor", "aim", "verdict"].map(ToOwned::to_owned)];
    rows.extend(measures.iter().map(Measure::cells));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2), width(3)];
    let line = |[name, value, floor, aim, verdict]: &[String; 5]| {
        let [name_width, value_width, floor_width, aim_width] = widths;
        let line =
            format!("{name:name_width$}  {value:>value_width$}  {floor:>floor_width$}  {aim:>aim_width$}  {verdict}");
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(value: f64, floor: Option<Bound>, aim: Option<Bound>) -> Measure {
        Measure { name: "panel".to_owned(), value, unit: Unit::Kilobytes, floor, aim }
    }

    #[test]
    fn the_floor_decides_before_the_aim() {
        let (floor, aim) = (Some(Bound::AtMost(200.0)), Some(Bound::AtMost(130.0)));
        let cases = [
            (120.0, floor, aim, Verdict::AimMet),
            (200.0, floor, aim, Verdict::FloorHeld),
            (200.1, floor, aim, Verdict::Missed),
            (200.1, None, None, Verdict::Told),
            (0.9, Some(Bound::AtLeast(0.9)), Some(Bound::AtLeast(1.0)), Verdict::FloorHeld),
            (0.8, Some(Bound::AtLeast(0.9)), None, Verdict::Missed),
        ];
        for (value, floor, aim, verdict) in cases {
            assert_eq!(measure(value, floor, aim).verdict(), verdict, "{value}");
        }
    }

    #[test]
    fn a_missed_floor_fails_the_run() {
        assert!(print("sizes", &[measure(1.0, Some(Bound::AtMost(2.0)), None)]).is_ok());
        let error = print("sizes", &[measure(3.0, Some(Bound::AtMost(2.0)), None)]).unwrap_err();
        assert_eq!(error.to_string(), "sizes: floor missed: panel");
    }

    #[test]
    fn columns_stand_under_each_other() {
        let table = render("size", &[measure(9.5, Some(Bound::AtMost(200.0)), None)]);
        assert_eq!(table, "size    value       floor  aim  verdict\npanel  9.5 kB  \u{2264} 200.0 kB       floor held");
    }
}
