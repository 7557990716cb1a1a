//! Interleaved rounds of the same loads, so that what disturbs one disturbs all.

use crate::load::Load;
use crate::process::Process;
use crate::statistics::Spread;
use crate::{Outcome, say};
use std::time::Duration;

/// A load and the process whose CPU time it costs.
pub(crate) struct Scenario<'a> {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Who works.
    pub(crate) process: &'a Process,
    /// The requests of one round.
    pub(crate) load: Load,
}

/// One scenario in one round.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// CPU time of the server per request, in microseconds.
    cpu: f64,
    /// Requests per second.
    rate: f64,
    /// Half of the requests took less, in milliseconds.
    p50: f64,
    /// All but a hundredth of the requests took less, in milliseconds.
    p99: f64,
}

/// One scenario in all rounds.
pub(crate) struct Figures {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Connections with one request each under way.
    pub(crate) connections: u32,
    samples: Vec<Sample>,
}

/// Runs all scenarios in each round, after a tenth of each to warm up.
pub(crate) async fn run(scenarios: &[Scenario<'_>], rounds: u32) -> Outcome<Vec<Figures>> {
    let mut all: Vec<Figures> = Vec::new();
    for scenario in scenarios {
        let Load { connections, requests, .. } = scenario.load;
        let warmup = Load { requests: requests.div_ceil(10), ..scenario.load.clone() };
        warmup.run().await?;
        all.push(Figures { name: scenario.name, connections, samples: Vec::new() });
    }
    for round in 1..=rounds {
        for (scenario, figures) in scenarios.iter().zip(&mut all) {
            let sample = scenario.sample().await?;
            let Sample { cpu, rate, .. } = sample;
            say(&format!("round {round}: {}: {cpu:.1} µs CPU, {rate:.0}/s", scenario.name));
            figures.samples.push(sample);
        }
    }
    Ok(all)
}

impl Scenario<'_> {
    async fn sample(&self) -> Outcome<Sample> {
        let before = self.process.cpu()?;
        let taken = self.load.run().await?;
        let cpu = self.process.cpu()?.saturating_sub(before);
        let requests = f64::from(self.load.requests);
        let milliseconds =
            |time: Option<&Duration>| time.copied().unwrap_or_default().as_secs_f64() * 1_000.0;
        let count = taken.latencies.len();
        Ok(Sample {
            cpu: cpu.as_secs_f64() * 1_000_000.0 / requests,
            rate: requests / taken.wall.as_secs_f64(),
            p50: milliseconds(taken.latencies.get(count / 2)),
            p99: milliseconds(taken.latencies.get(count - count.div_ceil(100))),
        })
    }
}

impl Figures {
    /// CPU time of the server per request, in microseconds.
    pub(crate) fn cpu(&self) -> Spread {
        Spread::of(self.samples.iter().map(|sample| sample.cpu))
    }

    /// Requests per second.
    pub(crate) fn rate(&self) -> Spread {
        Spread::of(self.samples.iter().map(|sample| sample.rate))
    }

    /// Median time of a request, in milliseconds.
    pub(crate) fn p50(&self) -> Spread {
        Spread::of(self.samples.iter().map(|sample| sample.p50))
    }

    /// 99th percentile of the time of a request, in milliseconds.
    pub(crate) fn p99(&self) -> Spread {
        Spread::of(self.samples.iter().map(|sample| sample.p99))
    }

    /// CPU time of the anchor as a share of this one's, each round with its own anchor.
    pub(crate) fn share_of(&self, anchor: &Self) -> Spread {
        self.compared(anchor, |own, anchor| anchor.cpu / own.cpu)
    }

    /// How many times the rate of another, each round with its own other.
    pub(crate) fn times_rate_of(&self, other: &Self) -> Spread {
        self.compared(other, |own, other| own.rate / other.rate)
    }

    fn compared(&self, other: &Self, with: impl Fn(&Sample, &Sample) -> f64) -> Spread {
        let pairs = self.samples.iter().zip(&other.samples);
        Spread::of(pairs.map(|(own, other)| with(own, other)))
    }
}
