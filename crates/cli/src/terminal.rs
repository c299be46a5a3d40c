//! What a person at a terminal sees: progress, colours, and errors on the other stream.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bedside_study::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Colour;

/// Prints to standard output. A reader that has gone away (`| head`) is not an error.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
}

/// Prints to standard error.
pub(crate) fn tell(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
}

/// Whether standard output gets colours.
pub(crate) fn coloured(wish: Colour) -> bool {
    match wish {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        }
    }
}

/// Progress of a run, on standard error: bars on a terminal; with `-v`, a line a stage elsewhere.
#[derive(Debug)]
pub(crate) struct Watch {
    started: Instant,
    stop: Arc<AtomicBool>,
    verbose: bool,
    bars: bool,
    bar: Mutex<Option<(ProgressBar, String, Instant)>>,
}

impl Watch {
    /// Begins to watch; Ctrl-C asks the run to stop (a second one ends the program at once).
    pub(crate) fn start(verbose: bool, quiet: bool) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        // A handler can be set once a process; if one is set already, that one stays.
        let _ = ctrlc::set_handler(move || {
            if asked.swap(true, Ordering::SeqCst) {
                crate::leave_at_once();
            }
            tell("\nstopping at the next step (Ctrl-C again to stop at once); nothing will be written");
        });
        let bars = !quiet && std::io::stderr().is_terminal();
        Self { started: Instant::now(), stop, verbose, bars, bar: Mutex::new(None) }
    }

    /// The last stage is over.
    pub(crate) fn finish(&self) {
        self.end_stage();
    }

    fn end_stage(&self) {
        let Ok(mut bar) = self.bar.lock() else { return };
        if let Some((bar, name, since)) = bar.take() {
            let seconds = since.elapsed().as_secs_f64();
            if self.bars {
                bar.set_style(style("  {prefix:.green} {msg}"));
                bar.set_prefix("✓");
                bar.finish_with_message(format!("{name}  {seconds:.1} s"));
            } else if self.verbose {
                tell(&format!("{name}: {seconds:.1} s"));
            }
        }
    }
}

impl Progress for Watch {
    fn stage(&self, name: &str, steps: u64) {
        self.end_stage();
        let target = if self.bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target((steps > 1).then_some(steps), target);
        bar.set_style(if steps > 1 {
            style("  {spinner:.cyan} {msg:<34} {bar:28.cyan/dim} {pos}/{len}  {elapsed}")
        } else {
            style("  {spinner:.cyan} {msg:<34} {elapsed}")
        });
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        if let Ok(mut place) = self.bar.lock() {
            *place = Some((bar, name.to_owned(), Instant::now()));
        }
    }

    fn step(&self) {
        if let Ok(bar) = self.bar.lock()
            && let Some((bar, _, _)) = bar.as_ref()
        {
            bar.inc(1);
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// One line on standard error that says how far something is, on a terminal.
#[derive(Debug)]
pub(crate) struct Counter {
    bar: ProgressBar,
}

impl Counter {
    pub(crate) fn start(quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("  {spinner:.cyan} {msg}  {elapsed}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    pub(crate) fn show(&self, text: &str) {
        self.bar.set_message(text.to_owned());
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
