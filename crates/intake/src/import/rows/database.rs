//! Tables of a PostgreSQL database, as if they were delimited text.
//!
//! Everything is read over one connection, in one transaction that changes nothing and sees the database as it was when
//! the import began, whatever is written to it meanwhile. The server sends a table as it reads it (`COPY`), only the columns
//! asked for, and no part of it waits anywhere: a table of any size takes the memory of a few pieces.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::IntakeError;

mod address;
mod refusal;
mod session;

pub(in crate::import) use address::{Address, is_address};
use session::{Ask, Listed};

/// Rows that are looked at to learn how a table is filled.
const FIRST: u32 = 65_536;
/// What was read and not taken yet, in pieces.
const AHEAD: usize = 4;

/// A database, and the tables that it has.
pub(in crate::import) struct Database {
    connection: Arc<Connection>,
    /// By name, in small letters.
    tables: BTreeMap<String, Listed>,
}

impl Database {
    /// Connects, and learns which tables there are.
    pub(in crate::import) fn open(address: Address) -> Result<Self, IntakeError> {
        let (asks, asked) = sync_channel(1);
        let (ready, listed) = sync_channel(1);
        let place: Arc<str> = Arc::from(address.shown());
        let refused =
            |action: &'static str, source| IntakeError::Io { action, path: place.to_string(), source };
        let own = Arc::clone(&place);
        std::thread::Builder::new()
            .name("database".to_owned())
            .spawn(move || session::run(&address, &own, &ready, &asked))
            .map_err(|source| refused("read", source))?;
        let listed: Vec<Listed> = listed.recv().map_err(|_| refusal::ended(&place))??;
        let mut tables: BTreeMap<String, Listed> = BTreeMap::new();
        for table in listed {
            let name = table.name.to_lowercase();
            // The first schema of the path counts; within one, the name that is written as it is asked for.
            match tables.get(&name) {
                Some(known) if known.schema != table.schema || known.name == name => {}
                _ => _ = tables.insert(name, table),
            }
        }
        Ok(Self { connection: Arc::new(Connection { place, asks }), tables })
    }

    /// A table by its name in small letters.
    pub(super) fn table(&self, name: &str) -> Option<Stored> {
        self.tables.get(name).map(|table| Stored {
            connection: Arc::clone(&self.connection),
            table: table.clone(),
            among: None,
        })
    }
}

/// The way to the thread that holds the connection.
#[derive(Debug)]
struct Connection {
    place: Arc<str>,
    asks: SyncSender<Ask>,
}

/// A table of a database.
#[derive(Debug)]
pub(super) struct Stored {
    connection: Arc<Connection>,
    table: Listed,
    /// Only rows that have one of these numbers in this column.
    among: Option<(usize, Vec<i64>)>,
}

impl Stored {
    pub(super) fn name(&self) -> &str {
        &self.table.name
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.table.columns
    }

    pub(super) fn keep(&mut self, column: usize, numbers: &HashSet<i64>) {
        let mut numbers: Vec<i64> = numbers.iter().copied().collect();
        numbers.sort_unstable();
        self.among = Some((column, numbers));
    }

    /// The places of the columns that are sent, in order, when these are wanted.
    pub(super) fn sent(wanted: &[Option<usize>]) -> Vec<usize> {
        let mut sent: Vec<usize> = wanted.iter().copied().flatten().collect();
        sent.sort_unstable();
        sent.dedup();
        sent
    }

    /// The columns that are wanted, as delimited text with a line of names.
    pub(super) fn text(&self, wanted: &[Option<usize>]) -> Result<impl Read + Send + use<>, IntakeError> {
        self.copy(wanted, "")
    }

    /// The text of the first rows.
    pub(super) fn first(&self, wanted: &[Option<usize>]) -> Result<Vec<u8>, IntakeError> {
        let mut bytes = Vec::new();
        let mut text = self.copy(wanted, &format!(" LIMIT {FIRST}"))?;
        text.read_to_end(&mut bytes).map_err(|source| super::lines::refused(self.name(), source))?;
        Ok(bytes)
    }

    fn copy(&self, wanted: &[Option<usize>], limit: &str) -> Result<Copied, IntakeError> {
        let Listed { schema, name, columns } = &self.table;
        let sent: Vec<String> = Self::sent(wanted).into_iter().map(|place| quoted(&columns[place])).collect();
        let among = self.among.as_ref().map(|(column, numbers)| {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            format!(" WHERE {} = ANY ('{{{}}}'::bigint[])", quoted(&columns[*column]), numbers.join(","))
        });
        let statement = format!(
            "COPY (SELECT {} FROM {}.{}{}{limit}) TO STDOUT WITH (FORMAT csv, HEADER true)",
            sent.join(", "),
            quoted(schema),
            quoted(name),
            among.unwrap_or_default(),
        );
        let (into, pieces) = sync_channel(AHEAD);
        let ended = |_| refusal::ended(&self.connection.place);
        self.connection.asks.send(Ask { statement, table: name.clone(), into }).map_err(ended)?;
        let place = Arc::clone(&self.connection.place);
        Ok(Copied { pieces, place, piece: io::Cursor::default(), whole: false })
    }
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What the server sends.
#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>),
    /// All of it was sent.
    End,
}

/// The text of a table while it arrives.
struct Copied {
    place: Arc<str>,
    pieces: Receiver<Result<Piece, IntakeError>>,
    piece: io::Cursor<Vec<u8>>,
    whole: bool,
}

impl Read for Copied {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(into)?;
            if read > 0 || into.is_empty() || self.whole {
                return Ok(read);
            }
            // An end that nobody told of is no end: half a table must not pass for a whole one.
            match self.pieces.recv() {
                Ok(Ok(Piece::Bytes(bytes))) => self.piece = io::Cursor::new(bytes),
                Ok(Ok(Piece::End)) => self.whole = true,
                Ok(Err(error)) => return Err(io::Error::other(error)),
                Err(_) => return Err(io::Error::other(refusal::ended(&self.place))),
            }
        }
    }
}
