//! A body that is read while it is sent.

use bytes::Bytes;
use futures::stream::{BoxStream, Stream, StreamExt};
use http_body::{Frame, SizeHint};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Bytes of a known number that are read while they are sent, once.
#[derive(Clone)]
pub struct Streamed {
    length: u64,
    chunks: Arc<Mutex<Option<Chunks>>>,
}

impl Streamed {
    /// So many bytes from a stream.
    pub fn new(length: u64, chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self {
            length,
            chunks: Arc::new(Mutex::new(Some(chunks.boxed()))),
        }
    }

    /// How many bytes there are.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The bytes. `None` the second time, for clones too.
    pub fn take(&self) -> Option<BoxStream<'static, io::Result<Bytes>>> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Streamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Streamed({} bytes)", self.length)
    }
}

/// What is there already, and then what is read.
pub(super) struct Outgoing {
    head: Bytes,
    /// In a mutex because a body has to be `Sync`, which streams are not.
    rest: Mutex<Chunks>,
    left: u64,
}

impl Outgoing {
    /// `None` where the stream was taken before.
    pub(super) fn new(head: Bytes, rest: &Streamed) -> Option<Self> {
        Some(Self {
            head,
            rest: Mutex::new(rest.take()?),
            left: rest.length,
        })
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if !self.head.is_empty() {
            let head = std::mem::take(&mut self.head);
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        let chunks = self.rest.get_mut().unwrap_or_else(PoisonError::into_inner);
        let next = std::task::ready!(chunks.poll_next_unpin(context)).transpose()?;
        Poll::Ready(match next {
            Some(chunk) => match self.left.checked_sub(chunk.len() as u64) {
                Some(left) => {
                    self.left = left;
                    Some(Ok(Frame::data(chunk)))
                }
                None => Some(Err(io::Error::other("there is more than was announced"))),
            },
            None if self.left > 0 => Some(Err(io::ErrorKind::UnexpectedEof.into())),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.head.is_empty() && self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.head.len() as u64 + self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    async fn sent(length: u64, chunks: &'static [&'static str]) -> io::Result<String> {
        let chunks = stream::iter(chunks).map(|chunk| Ok(Bytes::from_static(chunk.as_bytes())));
        let mut body = Outgoing::new(Bytes::from_static(b"head "), &Streamed::new(length, chunks)).unwrap();
        let mut text = String::new();
        loop {
            let next =
                std::future::poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut body), context));
            match next.await.transpose()? {
                Some(frame) => text += std::str::from_utf8(&frame.into_data().unwrap()).unwrap(),
                None => return Ok(text),
            }
        }
    }

    #[tokio::test]
    async fn the_announced_number_of_bytes_is_sent_or_nothing_is_complete() {
        assert_eq!(sent(4, &["ab", "cd"]).await.unwrap(), "head abcd");
        assert!(sent(5, &["ab", "cd"]).await.is_err());
        assert!(sent(3, &["ab", "cd"]).await.is_err());
    }

    #[test]
    fn it_is_read_once() {
        let streamed = Streamed::new(0, stream::empty());
        assert!(streamed.clone().take().is_some());
        assert!(streamed.take().is_none());
    }
}
