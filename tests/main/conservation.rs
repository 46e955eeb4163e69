//! Nobody and nothing is lost: in every shipped scenario people, swabs, tubes and minutes add up, whole number by whole number.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::models::{file, large_scenarios, scenarios};

use swabplan::experiment::{Nobody, network, run};
use swabplan::id::{Id, RoundId, SiteId};
use swabplan::measure::outcome::{Outcome, SiteOutcome};
use swabplan::measure::replicate_as_held;
use swabplan::model::{Model, Replications};
use swabplan::network::campaign::Rounds;
use swabplan::network::{Network, RoundSite};
use swabplan::scenario::document::{self, Options};
use swabplan::scenario::read;
use swabplan::sim::observer::{
    Delivered, Failure, Observer, Origin, Passage, Positive, Run, SiteDone, SiteObserver, Step,
    Swabbed, Unbound, Why,
};
use swabplan::sim::tubes::{Swab, Tube};
use swabplan::sim::{Grain, Memory, simulate};
use swabplan::units::Time;

/// A tube of a round: its site, its lane, its number there.
type TubeKey = (Option<SiteId>, u32, u32);

/// What a clerk who only counts would write down of a round.
#[derive(Clone, Default)]
struct Book {
    /// By position of the cell in the round: swabs in tubes.
    swabs: Vec<u64>,
    /// People told to be swabbed, whatever tube they are in.
    swabbed: u64,
    /// What tubes say they hold.
    fills: u64,
    closed: BTreeSet<TubeKey>,
    delivered: BTreeSet<TubeKey>,
    published: BTreeSet<TubeKey>,
    people_published: u64,
    /// Tubes that were lost on the way.
    lost: BTreeSet<TubeKey>,
    /// Tubes without a result or reported positive, the lost ones too.
    unpublished: BTreeSet<TubeKey>,
    people_without: u64,
    people_pending: u64,
    /// Tubes from elsewhere: delivered, published, without a published result.
    fed: [u64; 3],
    /// Tubes that left each stage of a laboratory.
    staged: Vec<u64>,
}

/// Counts a replication.
struct Ledger<'a> {
    network: &'a Network,
    rounds: Vec<Book>,
}

/// Counts at some sites of a round.
struct SiteLedger {
    site: Option<SiteId>,
    /// The cell of each source.
    cells: Vec<u32>,
    book: Book,
}

impl<'a> Ledger<'a> {
    fn of(network: &'a Network, model: &Model, replication: u32) -> Self {
        let rounds = network.rounds.values().map(|_| Book::default()).collect();
        let mut ledger = Self { network, rounds };
        let (_, streams) = swabplan::experiment::network(model, replication);
        simulate(
            network,
            streams,
            Grain::Whole,
            &mut Memory::default(),
            &mut ledger,
        );
        ledger
    }

    fn book(&mut self, round: RoundId) -> &mut Book {
        &mut self.rounds[round.index()]
    }
}

impl Observer for Ledger<'_> {
    type Sites = SiteLedger;

    fn sites(&self, round: RoundId) -> SiteLedger {
        let cells = self.network.rounds[round].cells.len();
        let book = Book {
            swabs: vec![0; cells],
            ..Book::default()
        };
        SiteLedger {
            site: None,
            cells: Vec::new(),
            book,
        }
    }

    fn join(&mut self, round: RoundId, heard: SiteLedger) {
        let book = self.book(round);
        book.swabs.resize(heard.book.swabs.len(), 0);
        for (sum, swabs) in book.swabs.iter_mut().zip(heard.book.swabs) {
            *sum += swabs;
        }
        book.swabbed += heard.book.swabbed;
        book.fills += heard.book.fills;
        for tube in heard.book.closed {
            assert!(book.closed.insert(tube), "{tube:?} was closed twice");
        }
    }

    fn delivered(&mut self, arrival: &Delivered) {
        let tube = (arrival.origin.site, arrival.tube.lane, arrival.tube.serial);
        let book = self.book(arrival.origin.round);
        if arrival.origin.site.is_none() {
            book.fed[0] += 1;
            return;
        }
        let fresh = book.delivered.insert(tube);
        assert!(fresh, "{tube:?} was delivered twice");
    }

    fn staged(&mut self, passage: &Passage) {
        let stages = &mut self.book(passage.origin.round).staged;
        let stage = passage.stage.index();
        stages.resize(stages.len().max(stage + 1), 0);
        stages[stage] += 1;
    }

    fn ran(&mut self, _: &Run) {}

    fn published(&mut self, origin: Origin, tube: &Tube, swabs: &[Swab], _: Time) {
        let key = (origin.site, tube.lane, tube.serial);
        let book = self.book(origin.round);
        if origin.site.is_none() {
            book.fed[1] += 1;
            return;
        }
        assert!(book.published.insert(key), "{key:?} was published twice");
        book.people_published += swabs.len() as u64;
    }

    fn unbound(&mut self, unbound: &Unbound) {
        let Unbound {
            origin,
            tube,
            swabs,
            ..
        } = *unbound;
        let key = (origin.site, tube.lane, tube.serial);
        let book = self.book(origin.round);
        assert!(book.published.contains(&key), "{key:?} has no result");
        book.people_without += swabs.len() as u64;
    }

    fn failed(&mut self, failure: &Failure) {
        let Failure { origin, tube, .. } = *failure;
        let key = (origin.site, tube.lane, tube.serial);
        let book = self.book(origin.round);
        if origin.site.is_none() {
            book.fed[2] += 1;
            return;
        }
        assert!(book.unpublished.insert(key), "{key:?} failed twice");
        if failure.why == Why::Lost {
            book.lost.insert(key);
        }
        book.people_without += u64::from(tube.people);
    }

    fn positive(&mut self, positive: &Positive) {
        let Positive { origin, tube, .. } = *positive;
        let key = (origin.site, tube.lane, tube.serial);
        let book = self.book(origin.round);
        if origin.site.is_none() {
            book.fed[2] += 1;
            return;
        }
        assert!(
            book.unpublished.insert(key),
            "{key:?} has another end as well"
        );
        book.people_pending += u64::from(tube.people);
    }
}

impl SiteObserver for SiteLedger {
    const STEPS: bool = false;

    fn begin(&mut self, site: &RoundSite) {
        self.site = Some(site.site);
        self.cells = site.sources.iter().map(|source| source.cell).collect();
    }

    fn step(&mut self, _: &Step) {}

    fn swabbed(&mut self, people: &Swabbed) {
        self.book.swabbed += people.end.len() as u64;
    }

    fn closed(&mut self, tube: &Tube, swabs: &[Swab]) {
        assert_eq!(tube.people as usize, swabs.len());
        self.book.fills += u64::from(tube.people);
        let key = (self.site, tube.lane, tube.serial);
        assert!(self.book.closed.insert(key), "{key:?} was closed twice");
        for swab in swabs {
            self.book.swabs[self.cells[swab.source as usize] as usize] += 1;
        }
    }

    fn end(&mut self, _: &RoundSite, _: &SiteDone) {}
}

/// A measured number of people or tubes, which is whole.
fn whole(figure: f64) -> u64 {
    assert!(figure >= 0.0 && figure.fract() == 0.0, "{figure} of them");
    figure as u64
}

/// Compares what was measured of a replication with what was counted.
pub(crate) fn assert_conserved(model: &Model, replication: u32) {
    let (network, streams) = network(model, replication);
    let mut memory = Memory::default();
    let (outcome, rounds) = replicate_as_held(&network, streams, Grain::Whole, &mut memory);
    let ledger = Ledger::of(&network, model, replication);
    for (id, round) in outcome.rounds.iter() {
        let book = &ledger.rounds[id.index()];
        let name = &model.rounds[id].name.id;
        let [due, swabbed, missed] = [round.due, round.swabbed, round.missed].map(whole);
        assert_eq!(due, swabbed + missed, "{name}: due = swabbed + missed");
        assert_eq!(swabbed, book.swabbed, "{name}: everyone swabbed is counted");
        assert_eq!(swabbed, book.fills, "{name}: swabs = sum of tube fills");
        let [fed, fed_published, fed_without] = book.fed;
        assert_eq!(
            fed,
            fed_published + fed_without,
            "{name}: tubes from elsewhere"
        );
        // Tubes from elsewhere are those of the round only where it has no people of its own.
        let [fed, fed_published] = if network.rounds[id].cells.is_empty() {
            [fed, fed_published]
        } else {
            [0, 0]
        };
        assert_eq!(whole(round.tubes), book.closed.len() as u64 + fed, "{name}");
        let arrived: BTreeSet<_> = book.closed.difference(&book.lost).copied().collect();
        assert_eq!(
            book.delivered, arrived,
            "{name}: tubes all arrive, or are lost"
        );
        assert!(book.published.is_disjoint(&book.unpublished));
        let ended: BTreeSet<_> = book.published.union(&book.unpublished).copied().collect();
        assert_eq!(ended, book.closed, "{name}: tubes all come to an end");
        assert_eq!(
            whole(round.tubes_published),
            book.published.len() as u64 + fed_published
        );
        assert_eq!(whole(round.no_result), book.people_without, "{name}");
        assert_eq!(whole(round.pending), book.people_pending, "{name}");
        assert_eq!(
            book.people_published + book.people_without + book.people_pending,
            swabbed,
            "{name}: so do people"
        );
        assert_cells_add_up((model, &rounds), &outcome, id, book);
        assert_staff_hours_add_up(rounds.of(id), &outcome, id);
        let gates: f64 = round.gates.iter().map(|gate| gate.minutes).sum();
        let mean = round.door_to_result_min.mean;
        let nobody = book.people_published == 0 && mean.is_nan();
        assert!(
            nobody || (gates - mean).abs() < 1e-9 * mean,
            "{name}: the gates take {gates} of {mean} min"
        );
    }
}

/// Cells and sites of a round are the round.
fn assert_cells_add_up(
    (model, rounds): (&Model, &Rounds<'_>),
    outcome: &Outcome<f64>,
    id: RoundId,
    book: &Book,
) {
    let round = &outcome.rounds[id];
    let cells: Vec<_> = outcome.cells.iter().filter(|c| c.round == id).collect();
    let sum = |each: &dyn Fn(usize) -> f64| (0..cells.len()).map(|c| whole(each(c))).sum::<u64>();
    assert_eq!(sum(&|c| cells[c].due), whole(round.due));
    assert_eq!(sum(&|c| cells[c].swabbed), whole(round.swabbed));
    assert_eq!(sum(&|c| cells[c].missed), whole(round.missed));
    assert_eq!(sum(&|c| cells[c].no_result), whole(round.no_result));
    assert_eq!(sum(&|c| cells[c].pending), whole(round.pending));
    let mut counted = book.swabs.clone();
    if book.swabbed == 0 && outcome.decided.is_some() {
        counted.resize(cells.len(), 0);
    }
    assert_eq!(cells.len(), counted.len());
    for (cell, swabs) in cells.iter().zip(&counted) {
        let name = &model.cells[cell.cell].name.id;
        // Who comes at a rate is due by coming; more may come than was foreseen. Where rounds are for tiers that change by result, or are not
        // held, all of a cell are due or nobody is.
        let all = u64::from(model.cells[cell.cell].due());
        let planned = rounds
            .round(id)
            .cells
            .iter()
            .find(|of| of.cell == cell.cell);
        let planned = planned.and_then(|planned| planned.due).map(u64::from);
        let nobody = outcome.decided.is_some() && whole(cell.due) == 0;
        // Who was confirmed in a round before is not due.
        let found = model.recall.is_some() && planned.is_some_and(|due| due > whole(cell.due));
        let due = planned.filter(|_| !nobody && !found);
        let due = due.unwrap_or(whole(cell.due));
        assert_eq!(whole(cell.due), due, "{name}");
        assert!(nobody || planned.is_none_or(|due| due >= all));
        assert_eq!(whole(cell.swabbed), *swabs, "{name}: swabs are in tubes");
        assert_eq!(due, whole(cell.swabbed) + whole(cell.missed), "{name}");
    }
    let sites = outcome.sites.iter().filter(|site| site.round == id);
    let at_sites: u64 = sites.map(|site| whole(site.swabbed)).sum();
    assert_eq!(at_sites, whole(round.swabbed));
}

/// Hours on duty are busy or idle, and with those of dressing they are the hours of the lanes.
fn assert_staff_hours_add_up(network: &Network, outcome: &Outcome<f64>, id: RoundId) {
    let Some(staff) = &outcome.rounds[id].staff else {
        return;
    };
    let sites = outcome.sites.iter().filter(|site| site.round == id);
    let with_crews = sites.filter(|site| network.sites[site.site].visits.is_none());
    let opened = with_crews.clone().any(|site| site.open_hours > 0.0);
    let of_site =
        |site: &SiteOutcome<f64>| f64::from(network.sites[site.site].crew) * site.lane_hours;
    let lanes: f64 = with_crews.map(of_site).sum();
    let close = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs().max(1.0);
    assert!(close(
        staff.on_duty_hours,
        staff.busy_hours + staff.idle_hours
    ));
    assert!(close(lanes, staff.on_duty_hours + staff.dressing_hours));
    assert!(staff.busy_hours >= 0.0 && staff.idle_hours >= 0.0 && staff.suits >= 0.0);
    assert!(staff.people.is_nan() || (0.0..=staff.people).contains(&staff.absent));
    let by_size = staff.lanes_min <= staff.lanes_mean && staff.lanes_mean <= staff.lanes_most;
    assert!(
        by_size || (staff.lanes_most.is_nan() && !opened),
        "{staff:?}"
    );
}

/// Every one of these scenarios, and each of its layouts.
fn shipped(scenarios: Vec<PathBuf>) -> Vec<(PathBuf, Options)> {
    let mut all = Vec::new();
    for path in scenarios {
        let layouts = document::load(&path, &Options::default()).layouts;
        all.push((path.clone(), Options::default()));
        for layout in layouts {
            let layout = Some(layout.name);
            let set = Vec::new();
            all.push((path.clone(), Options { layout, set }));
        }
    }
    all
}

/// What a scenario means, after asserting that it has nothing to complain about.
fn meaning(path: &Path, options: &Options) -> (Model, String) {
    let reading = read(path, options)
        .unwrap_or_else(|refusal| panic!("{}: {:?}", path.display(), refusal.problems));
    assert_eq!(reading.warnings.list, [], "{}", path.display());
    (reading.model, reading.normalized)
}

/// How many replications are worth their time.
fn few(model: &Model, many: u32) -> u32 {
    let people: u32 = model.cells.values().map(swabplan::model::Cell::due).sum();
    if people > 100_000 { 1 } else { many }
}

#[test]
fn in_every_shipped_scenario_people_swabs_tubes_and_minutes_add_up_in_every_replication() {
    for (path, options) in shipped(scenarios()) {
        let (model, _) = meaning(&path, &options);
        for replication in 0..few(&model, 4) {
            assert_conserved(&model, replication);
        }
    }
}

#[test]
fn a_campaign_cut_short_leaves_every_tube_either_published_or_in_a_laboratory() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal.toml");
    let model = file(&path, &["study.stop=\"9 h\""]);
    let (network, _) = network(&model, 0);
    let ledger = Ledger::of(&network, &model, 0);
    let book = &ledger.rounds[0];
    assert!(book.published.is_subset(&book.delivered) && !book.published.is_empty());
    assert!(
        book.delivered.len() > book.published.len(),
        "none in process"
    );
    // From stage to stage fewer and fewer have passed, and who passed the last is published.
    let mut passed = vec![book.delivered.len() as u64];
    passed.extend(&book.staged);
    assert!(
        passed.is_sorted_by(|ahead, behind| ahead >= behind),
        "{passed:?}"
    );
    assert_eq!(passed.last(), Some(&(book.published.len() as u64)));
}

#[test]
fn every_shipped_scenario_as_it_was_read_is_the_same_operation() {
    let folder = tempfile::tempdir().unwrap();
    for (path, options) in shipped(scenarios()) {
        let (mut model, normalized) = meaning(&path, &options);
        let copy = folder.path().join(path.file_name().unwrap());
        std::fs::write(&copy, normalized).unwrap();
        let (mut again, _) = meaning(&copy, &Options::default());
        // A default that is written out is stated; all else is equal.
        model.assumptions.clear();
        again.assumptions.clear();
        assert!(again == model, "{} {options:?}", path.display());
    }
}

#[test]
fn the_headline_numbers_of_every_shipped_scenario_are_known() {
    let mut text = String::new();
    for (path, options) in shipped(large_scenarios()) {
        let (mut model, _) = meaning(&path, &options);
        model.design.replications = Replications::Fixed(few(&model, 10));
        let results = run(&model, &Nobody);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let layout = options.layout.unwrap_or_else(|| "as it stands".into());
        writeln!(
            text,
            "{name}, {layout}, {} replications",
            results.replications
        )
        .unwrap();
        for (id, round) in results.outcome.rounds.iter() {
            writeln!(
                text,
                "  {}: swabbed {:.1} of {:.1} in {:.1} tubes, last swab {:.1} min, wait {:.2} min, turnaround {:.2} min, last result {:.1} min",
                model.rounds[id].name.id,
                round.swabbed.mean,
                round.due.mean,
                round.tubes.mean,
                round.swabbing_ends_min.mean,
                round.wait_min.mean.mean,
                round.turnaround_min.mean.mean,
                round.results_end_min.mean,
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(text);
}
