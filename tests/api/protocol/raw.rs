//! A connection on which a test writes and reads byte by byte.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

pub struct Raw {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Raw {
    pub async fn connect(url: &str) -> Self {
        let host = url.strip_prefix("http://").unwrap().to_owned();
        let stream = BufReader::new(TcpStream::connect(&host).await.unwrap());
        Raw { host, stream }
    }

    /// Writes as much as the server takes; it may have hung up before the end.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Begins a request: its first line, the header `Host` and these others, without the end of the head.
    pub async fn begin(&mut self, request: &str, headers: &[&str]) {
        let host = format!("host: {}", self.host);
        let lines = [&[request, &host], headers].concat();
        assert!(self.send(lines.join("\r\n") + "\r\n").await);
    }

    /// Sends the head of a POST whose body has this length, and waits until the server asks for the body.
    pub async fn begin_post(&mut self, length: usize) {
        let length = format!("content-length: {length}");
        let headers = ["content-type: application/json", &length, "expect: 100-continue", ""];
        self.begin("POST /graphql HTTP/1.1", &headers).await;
        assert_eq!(self.line().await, "HTTP/1.1 100 Continue\r\n");
        assert_eq!(self.line().await, "\r\n");
    }

    /// The next line, empty if the server hung up.
    pub async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.unwrap();
        line
    }

    /// Whether the server has sent nothing so far.
    pub fn is_silent(&mut self) -> bool {
        let read = self.stream.get_mut().try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// Everything that the server sends until it hangs up.
    pub async fn rest(mut self) -> String {
        let mut rest = Vec::new();
        // A server that hangs up with bytes unread resets the connection, after what it said.
        let _ = self.stream.read_to_end(&mut rest).await;
        String::from_utf8(rest).unwrap()
    }
}
