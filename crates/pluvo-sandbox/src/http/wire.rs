//! A connection that can be told to break: resets, closes, and bytes that trickle.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::clock::Clock;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Reset,
    Close,
    /// It does not: nothing more happens on it.
    Never,
}

/// How fast bytes go out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) bytes: usize,
    pub(crate) every: Duration,
}

/// What a request's handler can do to the connection that the request came on.
#[derive(Debug)]
pub(crate) struct Line {
    /// Counted from 1.
    pub(crate) number: u64,
    state: Mutex<State>,
    ended: Notify,
    draining: Notify,
}

#[derive(Debug, Default)]
struct State {
    pace: Option<Pace>,
    on_flush: Option<End>,
    reset: bool,
}

impl Line {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            number,
            state: Mutex::default(),
            ended: Notify::new(),
            draining: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the following bytes in pieces, or at once again.
    pub(crate) fn pace(&self, pace: Option<Pace>) {
        self.state().pace = pace;
    }

    /// Ends the connection now.
    pub(crate) fn end(&self, end: End) {
        if end == End::Never {
            return;
        }
        self.state().reset = end == End::Reset;
        self.ended.notify_one();
    }

    /// Ends the connection when what was written has gone out.
    pub(crate) fn end_when_flushed(&self, end: End) {
        self.state().on_flush = Some(end);
    }

    /// Takes no further requests on this connection.
    pub(crate) fn drain(&self) {
        self.draining.notify_one();
    }

    /// Waits for the end that a fault asked for.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }

    /// Waits for [`Line::drain`].
    pub(crate) async fn draining(&self) {
        self.draining.notified().await;
    }
}

/// The socket as hyper sees it.
pub(crate) struct Wire {
    socket: TcpStream,
    line: Arc<Line>,
    clock: Arc<Clock>,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Wire {
    pub(crate) fn new(socket: TcpStream, line: Arc<Line>, clock: Arc<Clock>) -> Self {
        Self {
            socket,
            line,
            clock,
            pause: None,
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.line.state().reset {
            // Without it the connection is closed in order instead, which the client sees as a failure just as well.
            let _ = self.socket.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Some(Pace { bytes, every }) = self.line.state().pace else {
            return Pin::new(&mut self.socket).poll_write(cx, buf);
        };
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        let written = ready!(Pin::new(&mut self.socket).poll_write(cx, &buf[..bytes.min(buf.len())]))?;
        if !every.is_zero() {
            let clock = Arc::clone(&self.clock);
            self.pause = Some(Box::pin(async move { clock.sleep(every).await }));
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        let end = self.line.state().on_flush.take();
        if let Some(end) = end {
            self.line.end(end);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
