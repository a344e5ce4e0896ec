//! The sandbox over HTTP, as clients meet it.

mod common;

mod clock;
mod control;
mod faults_body;
mod faults_wire;
mod files;
mod http;
mod http2;
mod lists;
mod log;
mod readme;
mod reads;
mod snapshot;
mod tls;
mod token;
mod webhooks;
mod writes_events;
mod writes_extra;
mod writes_groups;
mod writes_users;
