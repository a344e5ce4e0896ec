#![doc = include_str!("../README.md")]

mod clock;
mod control;
mod data;
mod fault;
mod http;
mod limit;
mod log;
mod mutate;
mod outbox;
mod resolve;
mod sandbox;
mod schema;
mod settings;
mod snapshot;
mod state;
mod storage;
mod token;
mod webhook;

pub use data::{Place, Size};
pub use fault::{
    Action, At, Canned, Change, DataPart, Edit, Effect, Encoding, Fault, PlannedFault, Point, Target,
};
pub use http::Tls;
pub use log::{Authorization, LogEntry};
pub use outbox::Mail;
pub use sandbox::{Builder, CLIENT_ID, CLIENT_SECRET, Sandbox, serve};
pub use schema::SDL;
pub use settings::{CursorStyle, PageCap, RateLimit, Settings};
pub use state::{Counts, State};
pub use token::OAuthClient;
pub use webhook::{Attempt, Delivery, DeliveryState, Subscribed, Webhooks};
