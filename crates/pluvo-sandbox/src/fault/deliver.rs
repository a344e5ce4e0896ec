//! Faults in how an answer is sent: on the wire rather than in its words.

use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::StreamExt;
use futures::stream;
use hyper::body::{Frame, SizeHint};

use super::{Action, At, Effect, Point};
use crate::http::Answer;
use crate::http::wire::{End, Line, Pace};

/// Why a request gets no answer: hyper resets its stream with the reason in it.
pub(crate) type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// Makes the response of an answer, sent as the fault says.
pub(crate) async fn deliver(effect: &Effect, answer: Answer, line: &Arc<Line>) -> Result<Response, Refusal> {
    match effect {
        Effect::Bomb { mib } => Ok(with_body(
            answer.with("content-encoding", "gzip"),
            bomb(*mib),
            None,
        )),
        Effect::Flood { mib, declared } => {
            let length = mib * MIB as u64;
            Ok(with_body(answer, flood(*mib), declared.then_some(length)))
        }
        Effect::Slow { bytes, every } => {
            line.pace(Some(Pace {
                bytes: (*bytes).max(1),
                every: *every,
            }));
            Ok(answer.into_response())
        }
        Effect::Connection {
            action,
            at: At::Point(Point::Start),
        } => {
            line.end(match action {
                Action::Reset => End::Reset,
                Action::Close => End::Close,
                Action::Stall => End::Never,
            });
            std::future::pending().await
        }
        Effect::Connection { action, at } => {
            let keep = match at {
                At::Byte(at) => *at,
                At::Point(Point::Headers) => 0,
                At::Point(_) => usize::MAX,
            };
            let length = answer.body.len();
            let mut whole = answer;
            let head = whole.body.split_to(keep.min(length));
            let end = match action {
                Action::Reset => End::Reset,
                Action::Close => End::Close,
                Action::Stall => End::Never,
            };
            let cut = Cut {
                left: Some(head),
                complete: keep >= length,
                end,
                line: Arc::clone(line),
            };
            Ok(with_body(whole, Body::new(cut), Some(length as u64)))
        }
        Effect::Goaway => {
            line.drain();
            Ok(answer.into_response())
        }
        Effect::RefusedStream => Err(Box::new(h2::Error::from(h2::Reason::REFUSED_STREAM))),
        _ => Ok(answer.into_response()),
    }
}

fn with_body(answer: Answer, body: Body, length: Option<u64>) -> Response {
    let mut response = answer.into_response().map(|_| body);
    response.headers_mut().remove("content-length");
    if let Some(length) = length {
        response.headers_mut().insert("content-length", length.into());
    }
    response
}

const MIB: usize = 1 << 20;

/// White space with an empty object at its end: JSON all the same.
fn blocks(mib: u64) -> impl Iterator<Item = Bytes> {
    let space = Bytes::from(vec![b' '; MIB]);
    let mut last = vec![b' '; MIB];
    last[MIB - 2..].copy_from_slice(b"{}");
    (1..mib)
        .map(move |_| space.clone())
        .chain((mib > 0).then(|| Bytes::from(last)))
}

fn flood(mib: u64) -> Body {
    Body::from_stream(stream::iter(blocks(mib)).map(Ok::<_, std::io::Error>))
}

/// Made block by block while it is read, so that it costs the sandbox no memory either.
fn bomb(mib: u64) -> Body {
    let encoder = Some(GzEncoder::new(Vec::new(), Compression::new(1)));
    let parts = stream::unfold((blocks(mib), encoder), |(mut blocks, encoder)| async move {
        let mut encoder = encoder?;
        let part = match blocks.next() {
            Some(block) => {
                let written = encoder
                    .write_all(&block)
                    .map(|()| std::mem::take(encoder.get_mut()));
                return Some((written, (blocks, Some(encoder))));
            }
            None => encoder.finish(),
        };
        Some((part, (blocks, None)))
    });
    Body::from_stream(parts.map(|part| part.map(Bytes::from)))
}

/// A body that gives its first bytes and then ends the connection.
struct Cut {
    left: Option<Bytes>,
    /// Whether `left` is all of the body.
    complete: bool,
    end: End,
    line: Arc<Line>,
}

impl hyper::body::Body for Cut {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // Whatever was given so far is in hyper's buffer by the time the socket is flushed next.
        self.line.end_when_flushed(self.end);
        match self.left.take().filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None if self.complete => Poll::Ready(None),
            // The connection's end is the body's, so nothing has to wake this one.
            None => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
