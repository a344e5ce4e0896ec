//! What the SDK tells of its work, for the logger of another language.

use crate::task;
use pluvo_sdk::ErrorKind;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::error::WireError;

/// One thing that is told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LogRecord {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: &'static str,
    /// What it is about: `pluvo_sdk::http`.
    pub target: String,
    /// In words.
    pub message: String,
    /// Further fields, as a JSON object.
    pub fields: String,
}

type Sink = Arc<dyn Fn(LogRecord) + Send + Sync>;

static SINK: RwLock<Option<Sink>> = RwLock::new(None);
/// 0 is silence, 5 everything.
static LEVEL: AtomicU8 = AtomicU8::new(0);
static INSTALLED: OnceLock<bool> = OnceLock::new();

/// Hands what the SDK tells of its work to a logger: from this level on (`error`, `warn`, `info`, `debug`, `trace`, or
/// `off`). Another call takes the place of the one before. The sink is called on the thread that works, and must not
/// block.
///
/// No record holds a token, a secret, a variable or a body.
///
/// # Errors
///
/// `config` for another word, and where the program that this is linked into listens itself.
pub fn set_log(level: &str, sink: Box<dyn Fn(LogRecord) + Send + Sync>) -> Result<(), WireError> {
    let number = match level {
        "off" => 0,
        "error" => 1,
        "warn" => 2,
        "info" => 3,
        "debug" => 4,
        "trace" => 5,
        _ => {
            return Err(WireError::new(
                ErrorKind::Config,
                "the log level must be error, warn, info, debug, trace or off",
            ));
        }
    };
    *SINK.write().unwrap_or_else(PoisonError::into_inner) = Some(sink.into());
    LEVEL.store(number, Ordering::Relaxed);
    let installed = INSTALLED.get_or_init(|| tracing::subscriber::set_global_default(Listener).is_ok());
    if !installed {
        return Err(WireError::config(
            "this program listens to tracing itself; take the events of pluvo_sdk from there",
        ));
    }
    tracing::callsite::rebuild_interest_cache();
    Ok(())
}

/// Listens to the SDK alone: others that are linked in, such as an HTTP stack, may tell headers.
struct Listener;

impl Listener {
    fn wants(metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target();
        let ours = ours == "pluvo_sdk" || ours.starts_with("pluvo_sdk::");
        ours && number(*metadata.level()) <= LEVEL.load(Ordering::Relaxed)
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.is_span() && Self::wants(metadata)
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        use tracing::level_filters::LevelFilter;
        Some(match LEVEL.load(Ordering::Relaxed) {
            0 => LevelFilter::OFF,
            1 => LevelFilter::ERROR,
            2 => LevelFilter::WARN,
            3 => LevelFilter::INFO,
            4 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        })
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let sink = SINK.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sink) = sink else { return };
        let mut told = Fields::default();
        event.record(&mut told);
        let metadata = event.metadata();
        let record = LogRecord {
            level: name(*metadata.level()),
            target: metadata.target().to_owned(),
            message: told.message,
            fields: Value::Object(told.fields).to_string(),
        };
        task::tell(|| sink(record));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn number(level: Level) -> u8 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

fn name(level: Level) -> &'static str {
    ["error", "warn", "info", "debug", "trace"][usize::from(number(level)) - 1]
}

#[derive(Default)]
struct Fields {
    message: String,
    fields: Map<String, Value>,
}

impl Fields {
    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        self.fields.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.set(field, format!("{value:?}"));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }
}
