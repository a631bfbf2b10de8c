//! A PostgreSQL server of the tests' own.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

const SCRIPT: &str = include_str!("postgres.sh");
/// Somebody else may take a free port between finding and using it.
const STARTING_TRIES: usize = 3;

/// A PostgreSQL server in a temporary folder, on loopback. It ends, and its folder goes, when this is dropped or the process ends.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    databases: AtomicU32,
    keeper: Mutex<Keeper>,
}

/// The shell that watches over the server and ends it as soon as nobody holds its input.
#[derive(Debug)]
struct Keeper {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Postgres {
    /// Starts a server.
    ///
    /// # Errors
    /// If PostgreSQL is not installed (the message names the package), or does not start.
    pub fn start() -> io::Result<Self> {
        let binaries = binaries()?;
        let mut tries = 1;
        loop {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            match Keeper::start(&binaries, port) {
                Ok(keeper) => return Ok(Self { port, databases: AtomicU32::new(0), keeper: Mutex::new(keeper) }),
                Err(error) if tries == STARTING_TRIES => return Err(error),
                Err(_) => tries += 1,
            }
        }
    }

    /// The one server that all tests of this process share.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn shared() -> io::Result<&'static Self> {
        static SHARED: OnceLock<Result<Postgres, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::start().map_err(|error| error.to_string()));
        shared.as_ref().map_err(|message| io::Error::other(message.clone()))
    }

    /// Makes a new, empty database and gives its address.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn database(&self) -> io::Result<String> {
        let name = format!("sidelight_{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let mut connection = PgConnection::connect(&self.url("postgres")).await.map_err(io::Error::other)?;
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(create).execute(&mut connection).await.map_err(io::Error::other)?;
        connection.close().await.map_err(io::Error::other)?;
        Ok(self.url(&name))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://sidelight@127.0.0.1:{}/{database}", self.port)
    }

    /// Stops the server and breaks all connections; the databases stay.
    ///
    /// # Errors
    /// If it does not stop.
    pub fn halt(&self) -> io::Result<()> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner).order("halt")
    }

    /// Starts the server again, at the same address.
    ///
    /// # Errors
    /// If it does not start.
    pub fn launch(&self) -> io::Result<()> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner).order("launch")
    }
}

impl Keeper {
    fn start(binaries: &Path, port: u16) -> io::Result<Self> {
        // PostgreSQL refuses to run as root.
        let is_root = Command::new("id").arg("-u").output()?.stdout.starts_with(b"0\n");
        let mut command = if is_root { Command::new("runuser") } else { Command::new("sh") };
        if is_root {
            command.args(["-u", "postgres", "--", "sh"]);
        }
        command.args(["-c", SCRIPT, "sh"]).arg(binaries).arg(port.to_string());
        let mut process = command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let missing = || io::Error::other("the shell that watches over PostgreSQL has no pipes");
        let answers = BufReader::new(process.stdout.take().ok_or_else(missing)?);
        let orders = process.stdin.take();
        let mut keeper = Self { process, orders, answers };
        keeper.wait()?;
        Ok(keeper)
    }

    fn order(&mut self, order: &str) -> io::Result<()> {
        if let Some(orders) = &mut self.orders {
            writeln!(orders, "{order}")?;
        }
        self.wait()
    }

    fn wait(&mut self) -> io::Result<()> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer == "ready\n" { Ok(()) } else { Err(io::Error::other("PostgreSQL did not start; its log is above")) }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // The end of its input is the order to end everything.
        self.orders = None;
        let _ = self.process.wait();
    }
}

fn binaries() -> io::Result<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "set by `cargo xtask`, which has looked for them already")]
    if let Some(named) = std::env::var_os("SIDELIGHT_POSTGRES_BIN") {
        return Ok(PathBuf::from(named));
    }
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .chain(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from))
        .filter(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .collect();
    versions.sort_by_key(|folder| version(folder));
    versions.pop().ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            "PostgreSQL is not installed, and tests against it are not skipped: apt-get install postgresql",
        )
    })
}

/// The number in `/usr/lib/postgresql/15/bin`; other folders come first and so last.
fn version(folder: &Path) -> u32 {
    let number = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok());
    number.unwrap_or_default()
}
