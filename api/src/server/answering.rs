//! A connection on which the HTTP parser's own answers become envelopes, and that does not wait for
//! ever for a client that does not read, or that never ends the head of a further request.
//!
//! What the parser cannot read never becomes a request, so no handler or middleware sees it: the
//! framework writes a head without a body and closes the connection. This stream knows that head
//! when it is about to be written, and writes the edge's answer in its place.

use super::HEAD_TIME;
use crate::http::edge::Edge;
use crate::http::heads::Heads;
use actix_web::http::StatusCode;
use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Longest head that the parser writes, with room to spare.
const MAX_BARE: usize = 256;

/// After this time in which a client took nothing of an answer, its connection is given up: the
/// answers that wait for it are held in memory.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection with the edge that answers for its parser.
pub(super) struct Answering<T> {
    io: Patient<T>,
    /// None for a connection that is passed on as it is.
    edge: Option<Arc<Edge>>,
    peer: Option<IpAddr>,
    answer: Option<Answer>,
    /// Bytes of answers of ours that are still to be written before one of the parser.
    before: usize,
    heads: Heads,
    head: Option<Head>,
}

/// The head of a further request, which has begun to arrive. The framework's own timer is for the
/// first one of a connection only.
struct Head {
    /// After so many others.
    after: usize,
    late: Pin<Box<Sleep>>,
}

/// A stream whose writes fail when the other side takes nothing for [`PATIENCE`].
struct Patient<T> {
    io: T,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T: AsyncWrite + Unpin> Patient<T> {
    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let written = write(Pin::new(&mut self.io), cx);
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(PATIENCE)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

/// The edge's answer on its way out.
struct Answer {
    bytes: Vec<u8>,
    written: usize,
}

impl<T> Answering<T> {
    pub(super) fn new(io: T, edge: Option<Arc<Edge>>, peer: Option<IpAddr>) -> Self {
        let io = Patient { io, stalled: None };
        Self { io, edge, peer, answer: None, before: 0, heads: Heads::default(), head: None }
    }

    /// What the handlers' side tells of the requests on this connection.
    pub(super) fn heads(&self) -> Heads {
        self.heads.clone()
    }

    /// Whether the head of a further request has been arriving for too long.
    fn is_late(&mut self, cx: &mut Context<'_>, has_arrived: bool) -> bool {
        // A pipelined head waits for the answer before it to be taken.
        let awaited = self.heads.awaited().filter(|_| self.io.stalled.is_none());
        let Some(after) = awaited.filter(|_| self.edge.is_some()) else {
            self.head = None;
            return false;
        };
        if has_arrived && self.head.as_ref().is_none_or(|head| head.after != after) {
            self.head = Some(Head { after, late: Box::pin(sleep(HEAD_TIME)) });
        }
        let head = self.head.as_mut().filter(|head| head.after == after);
        head.is_some_and(|head| head.late.as_mut().poll(cx).is_ready())
    }

    /// Notes the edge's answer if this is an answer of the parser, or where one begins.
    fn consider(&mut self, bytes: &[u8]) {
        let Some(edge) = &self.edge else { return };
        match of_parser(bytes) {
            Some(status) => {
                let bytes = edge.unread(status, self.peer);
                self.answer = Some(Answer { bytes, written: 0 });
            }
            None => self.before = before_parser(bytes).unwrap_or_default(),
        }
    }
}

/// The status of a head that the parser writes by itself. Answers of ours have a `request-id`;
/// part of a body is never taken for one, since the head has to be all that is written.
fn of_parser(bytes: &[u8]) -> Option<StatusCode> {
    let rest = bytes.strip_prefix(b"HTTP/1.")?;
    if bytes.len() > MAX_BARE {
        return None;
    }
    let head = std::str::from_utf8(rest).ok()?.strip_suffix("\r\n\r\n")?;
    let (line, headers) = head.split_once("\r\n")?;
    let status = line.split(' ').nth(1)?.parse::<StatusCode>().ok()?;
    let mut names = headers.split("\r\n").filter_map(|header| header.split_once(": "));
    let is_bare = names.all(|(name, value)| match name {
        "content-length" => value == "0",
        name => ["connection", "date"].contains(&name),
    });
    (is_bare && status.is_client_error()).then_some(status)
}

/// Where an answer of the parser begins that ends these bytes, behind whole answers of ours to what
/// was sent before it. Only their lengths tell: a body may look like anything.
fn before_parser(bytes: &[u8]) -> Option<usize> {
    const END: &[u8] = b"\r\n\r\n";
    // Spares nearly all answers the search.
    if !bytes.ends_with(END) {
        return None;
    }
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        if of_parser(rest).is_some() {
            return Some(at);
        }
        let length = rest.windows(END.len()).position(|window| window == END)?;
        let head = std::str::from_utf8(rest.get(..length)?).ok()?;
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
        let (_, body) = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
        at = at.checked_add(length)?.checked_add(END.len())?.checked_add(body.parse().ok()?)?;
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Answering<T> {
    /// While the edge's answer is written, the parser's counts as not written at all; then as
    /// written whole. It is the last of its connection, whatever comes after it.
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.answer.is_none() && this.before == 0 {
            this.consider(bytes);
        }
        if let Some(ours) = bytes.get(..this.before).filter(|ours| !ours.is_empty()) {
            let written = ready!(this.io.poll_write(cx, |io, cx| io.poll_write(cx, ours)))?;
            this.before = this.before.saturating_sub(written);
            return Poll::Ready(Ok(written));
        }
        let Some(answer) = &mut this.answer else {
            return this.io.poll_write(cx, |io, cx| io.poll_write(cx, bytes));
        };
        if answer.written == answer.bytes.len() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        while let Some(rest) = answer.bytes.get(answer.written..).filter(|rest| !rest.is_empty()) {
            match ready!(this.io.poll_write(cx, |io, cx| io.poll_write(cx, rest)))? {
                0 => return Poll::Ready(Ok(0)),
                length => answer.written = answer.written.saturating_add(length),
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io.io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.edge.is_none() {
            let io = &mut self.get_mut().io;
            return io.poll_write(cx, |io, cx| io.poll_write_vectored(cx, slices));
        }
        let first = slices.iter().find(|slice| !slice.is_empty());
        self.poll_write(cx, first.map_or(&[], |slice| slice))
    }

    fn is_write_vectored(&self) -> bool {
        self.edge.is_none() && self.io.io.is_write_vectored()
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Answering<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = into.filled().len();
        let read = Pin::new(&mut this.io.io).poll_read(cx, into);
        let has_arrived = into.filled().len() > before;
        if this.is_late(cx, has_arrived) && read.is_pending() {
            // As if the client had gone: nobody is owed an answer.
            return Poll::Ready(Ok(()));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::cors::Cors;
    use crate::http::metrics::HttpMetrics;
    use crate::http::routes::Routes;
    use prometheus_client::registry::Registry;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    const BARE: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\
        date: Sat, 28 Nov 2026 06:00:00 GMT\r\n\r\n";

    fn edge() -> Arc<Edge> {
        Arc::new(Edge {
            routes: Arc::new(Routes::default()),
            metrics: HttpMetrics::new(&mut Registry::default(), "http"),
            trusted_proxies: Vec::new(),
            is_secure: false,
            cors: Cors::new(&[]),
        })
    }

    #[actix_web::test]
    async fn an_answer_is_whole_however_few_bytes_the_connection_takes_at_once() {
        let (client, server) = duplex(7);
        let mut stream = Answering::new(server, Some(edge()), None);
        let write = async {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            stream.write_all(BARE).await.unwrap();
            let after = stream.write_all(b"more").await.unwrap_err();
            assert_eq!(after.kind(), io::ErrorKind::BrokenPipe);
            drop(stream);
        };
        let read = async {
            let (mut client, mut text) = (client, String::new());
            client.read_to_string(&mut text).await.unwrap();
            text
        };
        let ((), text) = tokio::join!(write, read);
        let answer = text.strip_prefix("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert!(body.starts_with("{\"error\":") && body.ends_with("}}}"), "{body}");
    }

    #[actix_web::test]
    async fn a_refusal_behind_other_answers_in_one_write_is_an_envelope_too() {
        let ours = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nrequest-id: 1\r\n\r\n{\r\n\r\n}";
        let (mut client, server) = duplex(7);
        let mut stream = Answering::new(server, Some(edge()), None);
        let bytes = [ours.as_slice(), ours, BARE].concat();
        let write = async {
            stream.write_all(&bytes).await.unwrap();
            drop(stream);
        };
        let mut text = Vec::new();
        let (read, ()) = tokio::join!(client.read_to_end(&mut text), write);
        read.unwrap();
        let refusal = text.strip_prefix([ours.as_slice(), ours].concat().as_slice()).unwrap();
        assert!(refusal.starts_with(b"HTTP/1.1 400 Bad Request\r\n") && refusal.ends_with(b"}}}"));
    }

    #[test]
    fn what_looks_like_a_refusal_inside_a_body_is_none() {
        let length = BARE.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        assert_eq!(before_parser(&[head.as_bytes(), BARE].concat()), None);
        let (chunked, half) = ("HTTP/1.1 200 OK\r\n\r\n", &BARE[length / 2..]);
        assert_eq!(before_parser(&[chunked.as_bytes(), BARE].concat()), None);
        assert_eq!(before_parser(&[half, BARE].concat()), None);
        assert_eq!(
            before_parser(&[head.as_bytes(), BARE, BARE].concat()),
            Some(head.len() + length)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up_and_one_that_takes_little_is_not() {
        let (mut client, server) = duplex(4);
        let mut stream = Answering::new(server, Some(edge()), None);
        let slow = async {
            for _ in 0..3 {
                tokio::time::sleep(PATIENCE / 2).await;
                client.read_exact(&mut [0; 4]).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(stream.write_all(b"0123456789abcdef"), slow);
        written.unwrap();
        let stuck = stream.write_all(b"more").await.unwrap_err();
        assert_eq!(stuck.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_further_head_must_arrive_in_time_and_a_body_need_not() {
        let (mut client, server) = duplex(1_024);
        let mut stream = Answering::new(server, Some(edge()), None);
        let mut bytes = [0; 64];
        let first = async {
            client.write_all(b"GET /").await.unwrap();
            tokio::time::sleep(2 * HEAD_TIME).await;
            client.write_all(b" HTTP/1.1\r\n\r\n").await.unwrap();
        };
        let (read, ()) = tokio::join!(stream.read(&mut bytes), first);
        assert_eq!(read.unwrap(), 5, "the framework watches the first one");
        let under_way = stream.heads().begin();
        assert_eq!(stream.read(&mut bytes).await.unwrap(), 13);
        let body = async {
            tokio::time::sleep(2 * HEAD_TIME).await;
            client.write_all(b"body").await.unwrap();
        };
        let (read, ()) = tokio::join!(stream.read(&mut bytes), body);
        assert_eq!(read.unwrap(), 4);
        drop(under_way);
        let idle = async {
            tokio::time::sleep(2 * HEAD_TIME).await;
            client.write_all(b"GET").await.unwrap();
        };
        let (read, ()) = tokio::join!(stream.read(&mut bytes), idle);
        assert_eq!(read.unwrap(), 3, "nothing has begun to arrive on an idle connection");
        let drip = async {
            tokio::time::sleep(HEAD_TIME / 2).await;
            client.write_all(b" ").await.unwrap();
        };
        let (read, ()) = tokio::join!(stream.read(&mut bytes), drip);
        assert_eq!(read.unwrap(), 1);
        let begun = tokio::time::Instant::now();
        assert_eq!(stream.read(&mut bytes).await.unwrap(), 0, "given up");
        assert!(begun.elapsed() <= HEAD_TIME / 2 + Duration::from_millis(5));
    }

    #[actix_web::test]
    async fn a_connection_without_an_edge_is_passed_on_as_it_is() {
        let (mut client, server) = duplex(1_024);
        let mut stream = Answering::new(server, None, None);
        stream.write_all(BARE).await.unwrap();
        drop(stream);
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes, BARE);
    }

    #[test]
    fn only_a_bare_refusal_that_is_all_there_is_counts_as_the_parsers() {
        let bare = "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\
                    connection: close\r\ndate: Sat, 28 Nov 2026 06:00:00 GMT\r\n\r\n";
        assert_eq!(of_parser(bare.as_bytes()).map(|status| status.as_u16()), Some(431));
        for other in [
            format!("{bare}x"),
            bare.replace("431", "200"),
            bare.replace("content-length: 0", "content-length: 1"),
            bare.replace("date", "request-id: 1\r\ndate"),
            bare.trim_end().to_owned(),
            "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
            "HTTP/1.1 400 Bad Request\r\n".to_owned(),
            "{}".to_owned(),
            String::new(),
        ] {
            assert_eq!(of_parser(other.as_bytes()), None, "{other}");
        }
    }
}
