//! Everything that `tracing` tells on this thread, as text.
//!
//! One subscriber serves all threads and writes to the log of the thread that it is called on: subscribers of single
//! threads race for whether an event is of interest to anybody.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};

type Text = Arc<Mutex<Vec<u8>>>;

thread_local! {
    static OPEN: RefCell<Option<Text>> = const { RefCell::new(None) };
}

/// Collects until it is dropped.
pub(crate) struct Log {
    text: Text,
}

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        OPEN.with_borrow(|open| {
            if let Some(text) = open {
                super::lock(text).extend(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Begins to collect, at every level and of every crate.
    pub(crate) fn start() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                .with_ansi(false)
                .with_writer(|| Sink)
                .init();
        });
        let text = Text::default();
        OPEN.set(Some(Arc::clone(&text)));
        Self { text }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&super::lock(&self.text)).into_owned()
    }

    /// How many lines hold these words.
    pub(crate) fn count(&self, words: &str) -> usize {
        self.text().lines().filter(|line| line.contains(words)).count()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        OPEN.set(None);
    }
}
