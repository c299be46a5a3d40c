//! `schema`, `completions`, `man`: texts made from the types that parse.

use std::process::ExitCode;

use bedside_intake::write_whole;
use bedside_study::spec::{RecipeFile, StudyFile};
use clap::CommandFactory;

use crate::args::{Cli, Completions, Man, Schema, SchemaKind};
use crate::failure::Failure;
use crate::terminal::say;

pub(crate) fn schema(args: &Schema) -> Result<ExitCode, Failure> {
    let schema = match args.kind {
        SchemaKind::Study => StudyFile::json_schema(),
        SchemaKind::Recipe => RecipeFile::json_schema(),
    };
    say(&format!("{schema:#}"));
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn completions(args: &Completions) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bedside", &mut script);
    say(String::from_utf8_lossy(&script).trim_end());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn man(args: &Man) -> Result<ExitCode, Failure> {
    let what = || format!("cannot write manual pages into `{}`", args.out.display());
    std::fs::create_dir_all(&args.out).map_err(|source| Failure::Machine { what: what(), source })?;
    let mut all = Cli::command();
    all.build();
    let mut pages = vec![("bedside".to_owned(), all.clone())];
    pages.extend(all.get_subcommands().map(|c| (format!("bedside-{}", c.get_name()), c.clone())));
    for (name, command) in pages {
        let mut page = Vec::new();
        clap_mangen::Man::new(command.name(name.clone().leak() as &'static str))
            .render(&mut page)
            .map_err(|source| Failure::Machine { what: what(), source })?;
        write_whole(args.out.join(format!("{name}.1")), &page)?;
    }
    Ok(ExitCode::SUCCESS)
}
