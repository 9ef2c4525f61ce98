//! How long requests take: wall time as one client sees it, and the CPU time of the server's process.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode, header};

use crate::server::Server;

/// How long a portion of requests takes that is measured at once; much longer than asking for the time.
const PORTION: Duration = Duration::from_millis(25);

/// One of the things that are compared: a URL, and the bodies to send there in turn.
pub struct Subject {
    server: Arc<Server>,
    client: Client,
    url: String,
    bodies: Vec<String>,
    portion: usize,
    next: usize,
    samples: Vec<Cost>,
}

/// What a request costs, in microseconds.
#[derive(Clone, Copy)]
pub struct Cost {
    pub wall: f64,
    pub cpu: f64,
}

impl Subject {
    pub fn new(server: &Arc<Server>, url: String, bodies: Vec<String>) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client without a proxy");
        Subject { server: server.clone(), client, url, bodies, portion: 1, next: 0, samples: Vec::new() }
    }

    /// What is answered to each body.
    pub async fn answers(&self) -> Vec<String> {
        let mut answers = Vec::new();
        for body in &self.bodies {
            answers.push(self.ask(body.clone()).await);
        }
        answers
    }

    /// Fills caches, and finds out how many requests make a portion.
    pub async fn warm_up(&mut self) {
        for _ in 0..2 {
            let start = Instant::now();
            let mut requests = 0;
            while start.elapsed() < 2 * PORTION {
                self.one().await;
                requests += 1;
            }
            self.portion = (requests / 2).max(1);
        }
    }

    /// Measures one portion.
    pub async fn round(&mut self) {
        let (start, cpu) = (Instant::now(), self.server.cpu_time(&self.client).await);
        for _ in 0..self.portion {
            self.one().await;
        }
        let each = |time: Duration| time.as_secs_f64() * 1e6 / self.portion as f64;
        let (wall, cpu) = (start.elapsed(), self.server.cpu_time(&self.client).await - cpu);
        let (wall, cpu) = (each(wall), each(cpu));
        self.samples.push(Cost { wall, cpu });
    }

    pub fn median(&self) -> Cost {
        let of = |part: fn(&Cost) -> f64| median(self.samples.iter().map(part).collect());
        Cost { wall: of(|cost| cost.wall), cpu: of(|cost| cost.cpu) }
    }

    /// How many times the CPU time of `other` this takes: the median over rounds that ran side by side.
    pub fn times(&self, other: &Subject) -> f64 {
        let pairs = self.samples.iter().zip(&other.samples);
        median(pairs.map(|(this, other)| this.cpu / other.cpu).collect())
    }

    async fn one(&mut self) {
        let body = self.bodies[self.next % self.bodies.len()].clone();
        self.next += 1;
        self.ask(body).await;
    }

    /// The answer's body. Fails loudly on anything but 200, because an error is quick.
    async fn ask(&self, body: String) -> String {
        let request = self.client.post(&self.url).header(header::CONTENT_TYPE, "application/json").body(body);
        let response = request.send().await.expect("the server answers");
        let status = response.status();
        let text = response.text().await.expect("the answer is text");
        assert_eq!(status, StatusCode::OK, "{text}");
        text
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
