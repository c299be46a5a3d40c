//! OMOP in PostgreSQL: a server of the test's own, which goes away with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use bedside_intake::import::{ImportOptions, Source, import};

use super::Place;
use super::omop::{self, expected, options};

/// Where Debian and others keep the server's programs.
fn programs() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
            let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
            folders.extend(versions.map(|version| version.path().join("bin")));
            let whole = |folder: &PathBuf| {
                ["initdb", "pg_ctl", "psql"].iter().all(|program| folder.join(program).is_file())
            };
            let found = folders.into_iter().rfind(whole);
            if found.is_none() {
                println!("skipped: no PostgreSQL server is installed");
            }
            found
        })
        .clone()
}

/// A server that listens on a socket in its own folder and nowhere else.
struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

impl Server {
    fn start() -> Option<Self> {
        let programs = programs()?;
        // A path of a socket must be short.
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").unwrap();
        let server = Self { folder, programs };
        if as_root() {
            run(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        let data = server.folder.path().join("data");
        run(server.own("initdb").args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data));
        let socket = server.folder.path().display();
        let settings = format!("-c listen_addresses='' -c unix_socket_directories='{socket}' -c fsync=off");
        run(server
            .own("pg_ctl")
            .args(["-w", "-s", "-l"])
            .arg(data.join("log"))
            .args(["-o", &settings])
            .args(["start", "-D"])
            .arg(&data));
        Some(server)
    }

    /// One of the server's programs, by a user who is not root.
    fn own(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = if as_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir("/").stdin(Stdio::null());
        command
    }

    fn sql(&self, statements: &str) {
        let mut psql = self.own("psql");
        psql.args(["-q", "-X", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-h"]).arg(self.folder.path());
        run(psql.args(["-c", statements, "postgres"]));
    }

    fn stop(&self) {
        let data = self.folder.path().join("data");
        run(self.own("pg_ctl").args(["-s", "-m", "immediate", "stop", "-D"]).arg(data));
    }

    fn address(&self, user: &str, asked: &str) -> Source {
        let host = self.folder.path().display();
        Source::Omop(PathBuf::from(format!("postgres:///postgres?host={host}&user={user}{asked}")))
    }

    /// Puts the tables of a folder of CSV into a schema, with the types of the model's own definition.
    fn load(&self, folder: &Path, schema: &str) {
        self.sql(&format!("CREATE SCHEMA {schema}"));
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            let text = std::fs::read_to_string(&file).unwrap();
            let head = text.lines().next().unwrap();
            let tabs = head.contains('\t');
            let columns: Vec<String> = head.split(if tabs { '\t' } else { ',' }).map(typed).collect();
            let table = format!("{schema}.{}", file.file_stem().unwrap().to_str().unwrap().to_lowercase());
            self.sql(&format!("CREATE TABLE {table} ({})", columns.join(", ")));
            let copy = self.folder.path().join("table");
            std::fs::write(&copy, text).unwrap();
            let form = if tabs { "DELIMITER E'\\t', QUOTE E'\\x01'" } else { "DELIMITER ','" };
            self.sql(&format!(
                "COPY {table} FROM '{}' WITH (FORMAT csv, HEADER true, {form})",
                copy.display()
            ));
        }
    }
}

fn typed(column: &str) -> String {
    let kind = match column.rsplit('_').next().unwrap() {
        _ if column == "vocabulary_id" => "text",
        "id" => "bigint",
        "birth" | "separation" => "integer",
        "date" => "date",
        "datetime" => "timestamp",
        "number" => "numeric",
        _ => "text",
    };
    format!("{column} {kind}")
}

/// The tables of the tests of folders, without what a column of numbers cannot hold.
fn cdm() -> Place {
    let place = omop::cdm();
    for (file, from, to) in [
        ("person.csv", "\n2.0,", "\n2,"),
        ("measurement.csv", "5,2,3016723,2020-01-01,2020-01-01 15:00:00,0,many,0,0,,\n", ""),
    ] {
        let text = std::fs::read_to_string(place.path("in").join(file)).unwrap();
        assert!(text.contains(from));
        std::fs::write(place.path("in").join(file), text.replace(from, to)).unwrap();
    }
    place
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let _ = self
            .own("pg_ctl")
            .args(["-s", "-m", "immediate", "stop", "-D"])
            .arg(data)
            .stderr(Stdio::null())
            .status();
    }
}

fn as_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}");
}

#[test]
fn the_same_tables_have_the_same_events_in_a_database_and_in_a_folder() {
    let Some(server) = Server::start() else { return };
    let place = cdm();
    server.load(&place.path("in"), "cdm");
    // The vocabulary often has a schema of its own.
    server.sql("CREATE SCHEMA vocabulary; ALTER TABLE cdm.concept SET SCHEMA vocabulary; ALTER TABLE cdm.concept_ancestor SET SCHEMA vocabulary");
    place.import(&Source::Omop(place.path("in")), &options()).unwrap();
    let (files, codes) = (place.bytes(), std::fs::read(place.path("out/metadata/codes.parquet")).unwrap());
    for threads in [1, 3] {
        let options = ImportOptions { threads, ..options() };
        let done = place.import(&server.address("postgres", "&schema=cdm,vocabulary"), &options).unwrap();
        assert_eq!(place.events(), expected());
        assert_eq!(place.bytes(), files);
        assert_eq!(std::fs::read(place.path("out/metadata/codes.parquet")).unwrap(), codes);
        assert_eq!(done.rejects.iter().map(|reject| reject.rows).sum::<u64>(), 2, "{:?}", done.rejects);
    }
}

#[test]
fn an_import_sees_the_database_as_it_was_when_it_began() {
    let Some(server) = Server::start() else { return };
    let place = cdm();
    server.load(&place.path("in"), "cdm");
    let (source, mut late) = (server.address("postgres", "&schema=cdm"), 0);
    import(&source, &place.path("out"), &options(), &mut |_| {
        if late == 0 {
            server.sql("INSERT INTO cdm.death SELECT person_id, '2020-04-01' FROM cdm.person; DELETE FROM cdm.measurement");
        }
        late += 1;
    })
    .unwrap();
    assert!(late > 3, "the import told of no progress");
    assert_eq!(place.events(), expected());
}

#[test]
fn a_server_that_goes_away_in_the_middle_leaves_nothing_behind() {
    let Some(server) = Server::start() else { return };
    server.sql("CREATE SCHEMA cdm");
    server.sql("CREATE TABLE cdm.person AS SELECT 1::bigint AS person_id, 8507::bigint AS gender_concept_id, 1960 AS year_of_birth");
    server.sql(
        "CREATE TABLE cdm.measurement AS SELECT 1::bigint AS person_id, 3016723::bigint AS measurement_concept_id, \
         date '2020-01-01' + (i % 900)::int AS measurement_date, i::numeric AS value_as_number FROM generate_series(1, 2000000) i",
    );
    let place = Place::new();
    let (source, mut seen) = (server.address("postgres", "&schema=cdm"), 0);
    let told = import(&source, &place.path("out"), &ImportOptions::default(), &mut |_| {
        seen += 1;
        if seen == 3 {
            server.stop();
        }
    });
    let told = told.unwrap_err();
    assert!(told.is_machine(), "{told}");
    let words = told.to_string();
    assert!(words.starts_with("cannot read `measurement` from PostgreSQL"), "{words}");
    assert!(words.contains("begin again"), "{words}");
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 0, "something was left behind");
    let again = import(&source, &place.path("out"), &ImportOptions::default(), &mut |_| {}).unwrap_err();
    assert!(again.is_machine() && again.to_string().contains("cannot connect"), "{again}");
}

#[test]
fn what_is_wrong_with_a_database_is_told() {
    let Some(server) = Server::start() else { return };
    let place = cdm();
    server.load(&place.path("in"), "cdm");
    server.sql("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA cdm TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA cdm TO reader; REVOKE SELECT ON cdm.measurement FROM reader");
    let told = |source: &Source| place.import(source, &options()).unwrap_err();
    let wrong = [
        ("postgres", "", "no table `person` (name its schema: `?schema=cdm`)"),
        ("postgres", "&schema=cmd", "no schema `cmd`"),
        ("postgres", "&dbname=nowhere", "no such database"),
        ("nobody", "&schema=cdm", "user name or password refused"),
        // What may not be read is not left out.
        ("reader", "&schema=cdm", "cannot read `measurement` from PostgreSQL"),
    ];
    for (user, asked, reason) in wrong {
        let error = told(&server.address(user, asked));
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.is_machine(), "{error}");
    }
    server.sql("CREATE SCHEMA other; CREATE VIEW other.person AS SELECT person_id FROM cdm.person");
    let error = told(&server.address("postgres", "&schema=other,cdm")).to_string();
    assert!(error.contains("`person` has no column `year_of_birth`"), "{error}");
    server.sql("CREATE SCHEMA typed; CREATE VIEW typed.concept AS SELECT concept_id::text AS concept_id, vocabulary_id, concept_code FROM cdm.concept");
    let error = told(&server.address("postgres", "&schema=typed,cdm")).to_string();
    assert!(
        error.contains("cannot read `concept`") && error.contains("ids and concepts are whole numbers"),
        "{error}"
    );
    // A view that cannot be computed; what the server says of it holds a value.
    server.sql("ALTER TABLE cdm.death RENAME TO deaths; CREATE VIEW cdm.death AS SELECT person_id, death_date, ('x' || person_id)::int AS cause_concept_id FROM cdm.deaths");
    let error = told(&server.address("postgres", "&schema=cdm")).to_string();
    assert!(
        error.contains("cannot read `death`") && error.contains("22P02") && !error.contains("x2"),
        "{error}"
    );
}
