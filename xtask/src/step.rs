//! Long steps: the terminal shows what runs, why and for how long; the tool's own words go to a log that is shown if it fails.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::workspace;

/// A step that is done sooner was not worth a word.
const WORTH_A_WORD: Duration = Duration::from_secs(1);
const ON_A_TERMINAL: Duration = Duration::from_millis(200);
/// A build log grows by a line a minute, enough to tell slow from stuck.
const IN_A_LOG: Duration = Duration::from_mins(1);
/// Narrow enough for any terminal: a line that wraps cannot be overwritten.
const WIDTH: usize = 78;
const LINES_SHOWN_ON_FAILURE: usize = 120;

/// Runs a program as one step of something longer.
///
/// # Errors
/// If the program cannot be started or fails; its last words have then been printed.
pub(crate) fn run(title: &str, why: &str, command: &mut Command) -> Result<()> {
    listen(title, why, command)?.1
}

/// The same, for a program that tells something on the way: all that it said, and whether it succeeded.
///
/// # Errors
/// If the program cannot be started.
pub(crate) fn listen(title: &str, why: &str, command: &mut Command) -> Result<(String, Result<()>)> {
    let log = log_path(title);
    let status = Progress::new(title, why, &log).follow(spawn(command, &log)?)?;
    let said = fs::read_to_string(&log).unwrap_or_default();
    if status.success() {
        return Ok((said, Ok(())));
    }
    eprint!("{}", last_lines(&said, LINES_SHOWN_ON_FAILURE));
    Ok((said, Err(anyhow!("{title}: {status}; all of its output is in {}", log.display()))))
}

/// Runs a program whose output is the point, such as a test runner: it goes to the terminal as it is.
///
/// # Errors
/// If the program cannot be started or fails.
pub(crate) fn run_openly(title: &str, command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| not_startable(command))?;
    if status.success() { Ok(()) } else { bail!("{title}: {status}") }
}

/// What a program answers on its standard output.
///
/// # Errors
/// If the program cannot be started or fails.
pub(crate) fn answer(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| not_startable(command))?;
    if !output.status.success() {
        bail!("{}: {}\n{}", command.get_program().display(), output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} answers no text", command.get_program().display()))
}

/// A program that runs at the checkout's root.
pub(crate) fn at_root(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command
}

fn spawn(command: &mut Command, log: &Path) -> Result<Child> {
    fs::create_dir_all(workspace::scratch())?;
    let output = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
    let errors = output.try_clone()?;
    command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn().with_context(|| not_startable(command))
}

fn not_startable(command: &Command) -> String {
    format!("{} cannot be started", command.get_program().display())
}

fn log_path(title: &str) -> PathBuf {
    let words: Vec<String> = title
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    workspace::scratch().join(words.join("-")).with_extension("log")
}

struct Progress<'a> {
    title: &'a str,
    why: &'a str,
    log: &'a Path,
    started: Instant,
    on_terminal: bool,
    announced: bool,
}

impl<'a> Progress<'a> {
    fn new(title: &'a str, why: &'a str, log: &'a Path) -> Self {
        let on_terminal = io::stderr().is_terminal();
        Self { title, why, log, started: Instant::now(), on_terminal, announced: false }
    }

    fn follow(mut self, mut child: Child) -> Result<ExitStatus> {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(child.wait()));
        let mut pause = WORTH_A_WORD;
        loop {
            match receiver.recv_timeout(pause) {
                Ok(status) => {
                    let status = status?;
                    self.close(status);
                    return Ok(status);
                }
                Err(RecvTimeoutError::Timeout) => pause = self.show(),
                Err(RecvTimeoutError::Disconnected) => bail!("{}: nobody waits for it", self.title),
            }
        }
    }

    /// Says how far it is, and how long to wait before the next word.
    fn show(&mut self) -> Duration {
        let first = !self.announced;
        self.announced = true;
        let elapsed = seconds(self.started.elapsed());
        if self.on_terminal {
            let doing = last_line(self.log).unwrap_or_else(|| self.why.to_owned());
            eprint!("\r\x1b[2K{}", cut(&format!("  {} {elapsed} \u{b7} {doing}", self.title), WIDTH));
            // The next word comes in any case, so a terminal that cannot be written to is no reason to stop.
            let _ = io::stderr().flush();
            return ON_A_TERMINAL;
        }
        if first {
            eprintln!("{} ({}) \u{2026}", self.title, self.why);
        } else {
            eprintln!("  {elapsed} \u{b7} {}", cut(&last_line(self.log).unwrap_or_default(), WIDTH));
        }
        IN_A_LOG
    }

    fn close(&self, status: ExitStatus) {
        let verdict = if status.success() { "done in" } else { "failed after" };
        if self.announced {
            let start = if self.on_terminal { "\r\x1b[2K" } else { "" };
            eprintln!("{start}{}: {verdict} {}", self.title, seconds(self.started.elapsed()));
        }
    }
}

fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        short @ 0..60 => format!("{short} s"),
        long => format!("{} min {:02} s", long / 60, long % 60),
    }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['\u{2026}']).collect()
}

fn last_line(log: &Path) -> Option<String> {
    const ENOUGH: u64 = 1_024;
    let mut file = File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(ENOUGH))).ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().filter(|letter| !letter.is_control()).collect())
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].iter().flat_map(|line| ["    ", line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_named_after_its_step() {
        assert!(log_path("Trunk: build the panel").ends_with("target/xtask/trunk-build-the-panel.log"));
    }

    #[test]
    fn durations_read_as_a_person_says_them() {
        for (given, shown) in [(0, "0 s"), (59, "59 s"), (60, "1 min 00 s"), (754, "12 min 34 s")] {
            assert_eq!(seconds(Duration::from_secs(given)), shown);
        }
    }

    #[test]
    fn a_line_never_wraps() {
        assert_eq!(cut("short", 10), "short");
        assert_eq!(cut("äöüäöüäöüäöü", 5), "äöüä\u{2026}");
    }

    #[test]
    fn a_failure_shows_the_end_of_the_log() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "    b\n    c\n");
        assert_eq!(last_lines("a", 2), "    a\n");
    }

    #[test]
    fn the_last_line_that_says_something_is_shown_without_control_characters() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("x.log");
        fs::write(&log, "first\n   \u{1b}[1mCompiling\u{1b}[0m serde\n\n").unwrap();
        assert_eq!(last_line(&log).unwrap(), "[1mCompiling[0m serde");
        assert_eq!(last_line(&folder.path().join("none.log")), None);
    }

    #[test]
    fn a_program_that_fails_fails_the_step() {
        assert!(answer(Command::new("false").current_dir("/")).is_err());
        assert_eq!(answer(Command::new("echo").arg("hello")).unwrap(), "hello\n");
        assert!(answer(&mut Command::new("no-such-program")).unwrap_err().to_string().contains("cannot be started"));
    }
}
