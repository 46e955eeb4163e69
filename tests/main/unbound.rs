//! People whose swab is in a tube and not bound to their name.

use std::collections::BTreeSet;
use std::path::Path;

use crate::models::{file, model};
use crate::referee::replay;
use swabplan::experiment::network;
use swabplan::id::{Id, RoundId};
use swabplan::measure::outcome::RoundOutcome;
use swabplan::measure::replicate;
use swabplan::model::Model;
use swabplan::sim::trace::Trace;
use swabplan::sim::{Grain, Memory};

/// The shipped scenario, with this share not bound.
fn share(unbound: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/unbound.toml");
    let set = format!("tubes.faults.unbound={unbound}");
    file(&path, &[&set])
}

fn round(model: &Model, replication: u32) -> RoundOutcome<f64> {
    let (network, streams) = network(model, replication);
    let outcome = replicate(&network, streams, Grain::Whole, &mut Memory::default());
    outcome.rounds[RoundId::from_index(0)].clone()
}

fn whole(number: f64) -> u64 {
    number as u64
}

#[test]
fn as_many_are_not_bound_as_is_said_and_have_no_result() {
    for (text, chance) in [("0.5 %", 0.005), ("20 %", 0.2)] {
        let model = share(text);
        let (mut people, mut unbound) = (0.0, 0.0);
        for replication in 0..20 {
            let round = round(&model, replication);
            people += round.swabbed;
            unbound += round.unbound;
            assert_eq!(whole(round.no_result), whole(round.unbound));
            let published = round.curve.last().unwrap().published;
            assert_eq!(whole(published + round.unbound), whole(round.swabbed));
        }
        // Binomial, at 99.9 %.
        let sd = (chance * (1.0 - chance) * people).sqrt();
        let off = (unbound - chance * people).abs();
        assert!(off < 3.29 * sd, "{text}: {unbound} of {people}");
    }
}

#[test]
fn who_is_not_bound_moves_nobody_and_a_larger_share_adds_to_a_smaller() {
    let who = |trace: &Trace| -> BTreeSet<(u32, u32)> {
        let people = trace.unbound.iter();
        people.map(|one| (one.source, one.rank)).collect()
    };
    let [none, few, many] = ["0 %", "2 %", "10 %"].map(|text| replay(&share(text), 0).1);
    assert!(none.unbound.is_empty());
    let [few_people, many_people] = [who(&few), who(&many)];
    assert!(!few_people.is_empty() && few_people.len() < many_people.len());
    assert!(few_people.is_subset(&many_people));
    for trace in [&few, &many] {
        assert_eq!(trace.steps, none.steps);
        assert_eq!(trace.tubes, none.tubes);
        assert_eq!(trace.runs, none.runs);
        assert_eq!(trace.results, none.results);
    }
    // Of the time of those who have a result, gate by gate, nothing is missing.
    let round = round(&share("10 %"), 0);
    let gates: f64 = round.gates.iter().map(|gate| gate.minutes).sum();
    let all = round.door_to_result_min.mean;
    assert!((gates - all).abs() < 1e-6 * all, "{gates} and {all}");
}

#[test]
fn everyone_in_a_positive_tube_is_sought_whether_bound_or_not_and_in_a_lost_one_nobody_is_unbound()
{
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/features/recall.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let faults = "[tubes.faults]\nunbound = \"10 %\"\nlost = \"5 %\"\n[recall]";
    assert!(text.contains("[recall]"));
    let model = model(&text.replace("[recall]", faults));
    for replication in 0..3 {
        let round = round(&model, replication);
        let recall = round.recall.unwrap();
        assert_eq!(whole(recall.held), whole(round.pending));
        assert!(round.no_result > round.unbound && round.unbound > 0.0);
        let published = round.curve.last().unwrap().published;
        let all = published + round.no_result + round.pending;
        assert_eq!(whole(all), whole(round.swabbed));
    }
}
