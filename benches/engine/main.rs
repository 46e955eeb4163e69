//! Speed of the engine.

mod floor;

use std::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures the clock of the wall; no result depends on it"
)]
fn seconds(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}
fn main() {
    let mut f = floor::Floor::new();
    let mut v = vec![];
    for (size, reps) in [(floor::COUNTY, 300u64), (floor::CITY, 9)] {
        let mut figs = vec![];
        let mut times = vec![];
        for r in 0..reps {
            times.push(seconds(|| figs.push(f.round(size, r + 1))) * 1e9 / size.people as f64);
        }
        times.sort_by(f64::total_cmp);
        let stat = |g: fn(&floor::Figures) -> f64| {
            let m = figs.iter().map(g).sum::<f64>() / reps as f64;
            let s =
                (figs.iter().map(|x| (g(x) - m).powi(2)).sum::<f64>() / (reps - 1) as f64).sqrt();
            (m, s)
        };
        println!(
            "{:.1} {:.1} ns mean {:?} p50 {:?} p95 {:?} site {:?}",
            times[0],
            times[times.len() / 2],
            stat(|x| x.mean),
            stat(|x| x.p50),
            stat(|x| x.p95),
            stat(|x| x.on_site)
        );
    }
    for _ in 0..9 {
        v.push(
            seconds(|| {
                std::hint::black_box(floor::single_server(1_000_000, 3));
            }) * 1e3,
        );
    }
    v.sort_by(f64::total_cmp);
    println!("mm1 {v:?}");
}
