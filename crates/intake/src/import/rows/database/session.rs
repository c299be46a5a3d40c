//! The connection, on a thread of its own.

use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Duration;

use futures_util::StreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{ConnectOptions, Row};
use tokio::time::timeout;

use super::address::Address;
use super::refusal::{CONNECT, Refusal, told};
use super::{Piece, quoted};
use crate::IntakeError;

/// Bytes that are handed on together.
const PIECE: usize = 1 << 20;
/// How long a server may take to accept a connection.
const ACCEPT: Duration = Duration::from_secs(30);
/// How long it may say nothing while it is asked for something. A view may sort before it gives a row.
const SILENCE: Duration = Duration::from_secs(900);

/// Every statement sees the database as it was at the first one, and changes nothing. Times without a zone are what they
/// are; those with one are told in UTC. Rows come in the order in which they lie, whoever else reads the table. A table that
/// somebody has locked is waited for, but not for ever.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL client_encoding = 'UTF8'; \
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL synchronize_seqscans = off; \
    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = 0";

/// The columns of all tables and views in the schemas of the path, in the order of the path.
const LIST: &str = "SELECT n.nspname::text, c.relname::text, a.attname::text \
    FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE n.nspname = ANY (pg_catalog.current_schemas(false)) AND c.relkind IN ('r', 'v', 'm', 'f', 'p') \
    ORDER BY pg_catalog.array_position(pg_catalog.current_schemas(false), n.nspname), c.relname, a.attnum";

const PATH: &str = "SELECT unnest(pg_catalog.current_schemas(false))::text";

/// A table and its columns.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// A wish for the text of a table.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) statement: String,
    pub(super) table: String,
    pub(super) into: SyncSender<Result<Piece, IntakeError>>,
}

/// Connects, tells of the tables, and answers until nobody can ask any more.
pub(super) fn run(
    address: &Address,
    place: &str,
    ready: &SyncSender<Result<Vec<Listed>, IntakeError>>,
    asked: &Receiver<Ask>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(source) => {
            let path = place.to_owned();
            let _ = ready.send(Err(IntakeError::Io { action: "read", path, source }));
            return;
        }
    };
    runtime.block_on(async {
        let mut connection = match begin(address).await {
            Ok((connection, tables)) => {
                let _ = ready.send(Ok(tables));
                connection
            }
            Err(refusal) => {
                let _ = ready.send(Err(told(CONNECT, place, refusal)));
                return;
            }
        };
        while let Ok(Ask { statement, table, into }) = asked.recv() {
            let last = match copy(&mut connection, &statement, &into).await {
                Ok(true) => Ok(Piece::End),
                // Who asked has stopped listening: something else ended the import.
                Ok(false) => return,
                Err(refusal) => Err(told(&format!("read `{table}` from"), place, refusal)),
            };
            let failed = last.is_err();
            let _ = into.send(last);
            if failed {
                return;
            }
        }
    });
}

async fn begin(address: &Address) -> Result<(PgConnection, Vec<Listed>), Refusal> {
    let connected = timeout(ACCEPT, address.options.connect()).await;
    let mut connection = connected.map_err(|_| Refusal::Silent(ACCEPT))??;
    timeout(ACCEPT, sqlx::raw_sql(BEGIN).execute(&mut connection))
        .await
        .map_err(|_| Refusal::Silent(ACCEPT))??;
    if !address.schemas.is_empty() {
        let path: Vec<String> = address.schemas.iter().map(|schema| quoted(schema)).collect();
        let path = format!("SET LOCAL search_path TO {}", path.join(", "));
        sqlx::raw_sql(sqlx::AssertSqlSafe(path)).execute(&mut connection).await?;
    }
    let there = sqlx::raw_sql(PATH).fetch_all(&mut connection).await?;
    let there = there.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    if let Some(absent) = address.schemas.iter().find(|schema| !there.contains(schema)) {
        return Err(Refusal::NoSchema(absent.clone()));
    }
    let rows = sqlx::raw_sql(LIST).fetch_all(&mut connection).await?;
    Ok((connection, listed(&rows)?))
}

fn listed(rows: &[PgRow]) -> Result<Vec<Listed>, sqlx::Error> {
    let mut tables: Vec<Listed> = Vec::new();
    for row in rows {
        let (schema, name, column): (String, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        match tables.last_mut() {
            Some(table) if table.schema == schema && table.name == name => table.columns.push(column),
            _ => tables.push(Listed { schema, name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// Hands on what the server sends; whether anybody listened to the end.
async fn copy(
    connection: &mut PgConnection,
    statement: &str,
    into: &SyncSender<Result<Piece, IntakeError>>,
) -> Result<bool, Refusal> {
    let silent = |_| Refusal::Silent(SILENCE);
    let mut rows = timeout(SILENCE, connection.copy_out_raw(statement)).await.map_err(silent)??;
    let mut bytes = Vec::with_capacity(PIECE);
    while let Some(row) = timeout(SILENCE, rows.next()).await.map_err(silent)? {
        bytes.extend_from_slice(&row?);
        if bytes.len() >= PIECE {
            let piece = std::mem::replace(&mut bytes, Vec::with_capacity(PIECE));
            if into.send(Ok(Piece::Bytes(piece))).is_err() {
                return Ok(false);
            }
        }
    }
    Ok(bytes.is_empty() || into.send(Ok(Piece::Bytes(bytes))).is_ok())
}
