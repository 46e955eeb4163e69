//! The floor: the reference round written by hand as plain recursions, one draw at a time, for nothing else and with nothing to configure.
//!
//! Each site: people come at exponential intervals, register at one desk, are swabbed at `C` lanes with one line, and fill tubes of ten in
//! the order in which swabs end; a courier takes closed tubes to one laboratory, which extracts and amplifies them in runs. Seconds
//! throughout.

/// The time in which people come on average: ten hours.
const DAY: f64 = 36_000.0;
/// People in a full tube.
const POOL: usize = 10;
/// From one visit of a site's courier to the next.
const ROUND_TRIP: f64 = 2_700.0;
/// Bins of the histogram, each 2^12 milliseconds; the last also holds all that is longer.
const BINS: usize = 1 << 13;

/// How large the round is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) people: usize,
    pub(crate) sites: usize,
    pub(crate) lanes: usize,
    pub(crate) extractors: usize,
    pub(crate) cyclers: usize,
}

/// A county seat.
pub(crate) const COUNTY: Size = Size {
    people: 12_763,
    sites: 9,
    lanes: 2,
    extractors: 2,
    cyclers: 4,
};
/// A city.
pub(crate) const CITY: Size = Size {
    people: 1_000_000,
    sites: 500,
    lanes: 3,
    extractors: 80,
    cyclers: 180,
};

/// What one round comes to, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) mean: f64,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) on_site: f64,
}

/// Memory that rounds reuse.
pub(crate) struct Floor {
    /// Ends of swabs, site after site, in order within each, in milliseconds.
    ends: Vec<u32>,
    /// When the result of each tube is out, site after site.
    results: Vec<f64>,
    deliveries: Vec<Delivery>,
    extracted: Vec<Batch>,
    amplified: Vec<Batch>,
    histogram: Vec<u32>,
}

/// Tubes that come to the laboratory together.
#[derive(Clone, Copy)]
struct Delivery {
    at: f64,
    first: usize,
    tubes: usize,
}

/// So many tubes that are there at one moment.
#[derive(Clone, Copy)]
struct Batch {
    at: f64,
    tubes: usize,
}

impl Floor {
    pub(crate) fn new() -> Self {
        Self {
            ends: Vec::new(),
            results: Vec::new(),
            deliveries: Vec::new(),
            extracted: Vec::new(),
            amplified: Vec::new(),
            histogram: vec![0; BINS],
        }
    }

    /// Simulates one round.
    pub(crate) fn round(&mut self, size: Size, seed: u64) -> Figures {
        let mut luck = Luck::new(seed);
        self.ends.clear();
        self.results.clear();
        self.deliveries.clear();
        let mut on_site = 0;
        for site in 0..size.sites {
            let people = size.people / size.sites + usize::from(site < size.people % size.sites);
            let first = self.ends.len();
            on_site += match size.lanes {
                2 => swab::<2>(&mut self.ends, people, &mut luck),
                3 => swab::<3>(&mut self.ends, people, &mut luck),
                lanes => panic!("no variant of the round has {lanes} lanes"),
            };
            let offset = ROUND_TRIP * (site as f64 * 0.618_033_988_749_894_9).fract();
            self.carry(first, offset, &mut luck);
        }
        self.deliveries
            .sort_unstable_by(|one, other| one.at.total_cmp(&other.at));
        let delivered = self.deliveries.iter().map(|delivery| Batch {
            at: delivery.at,
            tubes: delivery.tubes,
        });
        run_machines(delivered, size.extractors, 96, 2_400.0, &mut self.extracted);
        run_machines(
            self.extracted.iter().copied(),
            size.cyclers,
            94,
            5_417.0,
            &mut self.amplified,
        );
        self.publish();
        self.measure(size, on_site)
    }

    /// Fills tubes with the swabs from `first` on, and takes them away at each visit.
    fn carry(&mut self, first: usize, offset: f64, luck: &mut Luck) {
        let swabs = &self.ends[first..];
        let tubes = swabs.len().div_ceil(POOL);
        let mut tube = 0;
        let mut visit = offset + ROUND_TRIP;
        while tube < tubes {
            let taken = tube;
            while tube < tubes
                && f64::from(swabs[(tube * POOL + POOL).min(swabs.len()) - 1]) * 1e-3 <= visit
            {
                tube += 1;
            }
            if tube > taken {
                let at = visit + f64::from(luck.lognormal(ROAD));
                self.deliveries.push(Delivery {
                    at,
                    first: self.results.len() + taken,
                    tubes: tube - taken,
                });
            }
            visit += ROUND_TRIP;
        }
        self.results.resize(self.results.len() + tubes, 0.0);
    }

    /// Tubes leave the laboratory in the order in which they came.
    fn publish(&mut self) {
        let mut runs = self.amplified.iter();
        let mut run = Batch { at: 0.0, tubes: 0 };
        for delivery in &self.deliveries {
            for tube in delivery.first..delivery.first + delivery.tubes {
                if run.tubes == 0 {
                    run = *runs.next().expect("every tube is in a run");
                }
                self.results[tube] = run.at;
                run.tubes -= 1;
            }
        }
    }

    fn measure(&mut self, size: Size, on_site: u64) -> Figures {
        self.histogram.fill(0);
        let mut total = 0_u64;
        let (mut swab, mut tube) = (0, 0);
        for site in 0..size.sites {
            let people = size.people / size.sites + usize::from(site < size.people % size.sites);
            for pool in self.ends[swab..swab + people].chunks(POOL) {
                let result = (self.results[tube] * 1e3) as u32;
                tube += 1;
                for end in pool {
                    let turnaround = result - end;
                    total += u64::from(turnaround);
                    self.histogram[(turnaround as usize >> 12).min(BINS - 1)] += 1;
                }
            }
            swab += people;
        }
        let people = size.people as f64;
        Figures {
            mean: total as f64 * 1e-3 / people,
            p50: quantile(&self.histogram, 0.5 * people),
            p95: quantile(&self.histogram, 0.95 * people),
            on_site: on_site as f64 * 1e-3 / people,
        }
    }
}

/// Ends of swabs of one site in order; returns the sum of times on site. Milliseconds.
fn swab<const LANES: usize>(ends: &mut Vec<u32>, people: usize, luck: &mut Luck) -> u64 {
    let gap = (DAY * 1e3 / people as f64) as f32;
    let (mut arrival, mut desk, mut on_site) = (0_u32, 0_u32, 0_u64);
    let mut free = [0_u32; LANES];
    let first = ends.len();
    ends.reserve(people + LANES);
    for _ in 0..people {
        arrival += whole(gap * luck.exponential());
        desk = desk.max(arrival) + whole(15e3 * luck.exponential());
        // The lane that is free first has swabbed the one who ends next.
        ends.push(free[0]);
        let mut end = desk.max(free[0]) + whole(1e3 * luck.lognormal(SWAB));
        on_site += u64::from(end - arrival);
        for lane in 1..LANES {
            free[lane - 1] = end.min(free[lane]);
            end = end.max(free[lane]);
        }
        free[LANES - 1] = end;
    }
    ends.extend(free);
    // What the lanes held before anyone came.
    ends.drain(first..first + LANES);
    on_site
}

/// Machines that take what waits, up to `wells`, whenever one is free; `out` gets their runs in order of their ends.
fn run_machines(
    tubes: impl Iterator<Item = Batch>,
    machines: usize,
    wells: usize,
    run: f64,
    out: &mut Vec<Batch>,
) {
    out.clear();
    // With runs of one length machines become free in the order in which they start.
    let mut free = std::collections::VecDeque::from(vec![0.0_f64; machines]);
    let mut coming = tubes.peekable();
    let (mut waiting, mut start) = (0, 0.0_f64);
    loop {
        start = start.max(free[0]);
        if waiting == 0 {
            let Some(next) = coming.peek() else { break };
            start = start.max(next.at);
        }
        while let Some(batch) = coming.next_if(|batch| batch.at <= start) {
            waiting += batch.tubes;
        }
        let taken = waiting.min(wells);
        waiting -= taken;
        out.push(Batch {
            at: start + run,
            tubes: taken,
        });
        free.pop_front();
        free.push_back(start + run);
    }
}

/// The moment below which so many lie, straight within a bin.
fn quantile(histogram: &[u32], rank: f64) -> f64 {
    let mut below = 0.0;
    for (bin, &count) in histogram.iter().enumerate() {
        let count = f64::from(count);
        if below + count >= rank {
            return (bin as f64 + (rank - below) / count.max(1.0)) * 4.096;
        }
        below += count;
    }
    histogram.len() as f64 * 4.096
}

/// Sum of the waits of so many customers of M/M/1 at load 0.8: the least a queue can cost, two draws and two additions.
pub(crate) fn single_server(customers: u32, seed: u64) -> f64 {
    let mut luck = Luck::new(seed);
    let (mut wait, mut total) = (0.0_f64, 0.0);
    for _ in 0..customers {
        total += wait;
        wait += f64::from(0.8 * luck.exponential() - luck.exponential());
        if wait < 0.0 {
            wait = 0.0;
        }
    }
    total
}

/// A lognormal distribution by the mean and standard deviation of its logarithm.
#[derive(Clone, Copy)]
struct Lognormal {
    mu: f32,
    sigma: f32,
}

/// Mean 30, coefficient of variation 0.5: sigma² = ln 1.25, mu = ln 30 − sigma² / 2.
const SWAB: Lognormal = Lognormal {
    mu: 3.289_625_6,
    sigma: 0.472_380_7,
};
/// Mean 1,800, coefficient of variation 0.1: sigma² = ln 1.01.
const ROAD: Lognormal = Lognormal {
    mu: 7.490_566_8,
    sigma: 0.099_751_35,
};

/// One draw after another from `SplitMix64`, a word for two numbers of 24 bits, which is all that single precision holds; normals come in
/// pairs (Box and Muller, 1958), and the second of a pair is kept.
struct Luck {
    state: u64,
    spare: Option<f32>,
}

impl Luck {
    fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0xD134_2543_DE82_EF95),
            spare: None,
        }
    }

    #[inline]
    fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    #[inline]
    fn exponential(&mut self) -> f32 {
        -share(self.word() >> 40).ln()
    }

    #[inline]
    fn lognormal(&mut self, shape: Lognormal) -> f32 {
        (shape.mu + shape.sigma * self.normal()).exp()
    }

    #[inline]
    fn normal(&mut self) -> f32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let word = self.word();
        let radius = (-2.0 * share(word >> 40).ln()).sqrt();
        let (sine, cosine) = (std::f32::consts::TAU * share(word & 0x00FF_FFFF)).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }
}

/// 24 bits as a number in 0 to 1, both ends excluded.
#[inline]
fn share(bits: u64) -> f32 {
    (bits as i32 as f32 + 0.5) * (1.0 / 16_777_216.0)
}

/// The nearest whole number, for numbers from 0 to 2^32: the sum's last bits are it.
#[inline]
fn whole(number: f32) -> u32 {
    (f64::from(number) + 4_503_599_627_370_496.0).to_bits() as u32
}
