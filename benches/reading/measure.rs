//! How long requests take: wall time, and the CPU time of all threads of the process.

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use rustix::time::{ClockId, clock_gettime};
use tower::ServiceExt;

/// How long a portion of requests takes that is measured at once; much longer than reading a clock.
const PORTION: Duration = Duration::from_millis(10);

/// One of the things that are compared: a router, a path, and the bodies to send there in turn.
pub struct Subject {
    pub router: Router,
    pub path: &'static str,
    pub bodies: Vec<String>,
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
    pub fn new(router: Router, path: &'static str, bodies: Vec<String>) -> Self {
        Subject { router, path, bodies, portion: 1, next: 0, samples: Vec::new() }
    }

    /// What is answered to each body.
    pub async fn answers(&self) -> Vec<String> {
        let mut answers = Vec::new();
        for body in &self.bodies {
            answers.push(ask(&self.router, self.path, body.clone()).await);
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
        let (start, cpu) = (Instant::now(), cpu_time());
        for _ in 0..self.portion {
            self.one().await;
        }
        let each = |time: Duration| time.as_secs_f64() * 1e6 / self.portion as f64;
        let (wall, cpu) = (each(start.elapsed()), each(cpu_time() - cpu));
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
        ask(&self.router, self.path, body).await;
    }
}

/// The answer's body. Fails loudly on anything but 200, because an error is quick.
async fn ask(router: &Router, path: &str, body: String) -> String {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .expect("the request is well formed");
    let response = router.clone().oneshot(request).await.expect("a router does not fail");
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("the answer has an end");
    let text = String::from_utf8(body.into()).expect("the answer is text");
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
