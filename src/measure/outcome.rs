//! What one replication came to (`Outcome<f64>`), and, with the same shape, what all of them came to (`Outcome<Figure>`).
//!
//! All times are minutes, counted from the opening of the round where they are moments. A number that does not exist (the mean wait of
//! nobody) is NaN.

use super::campaign::Decided;
use crate::id::{CellId, LabId, RoundId, SiteId, StageId, Table};
use serde::{Deserialize, Serialize};

/// Minutes from one point of a curve to the next.
pub const CURVE_STEP_MIN: u32 = 15;

/// Everything measured.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome<T> {
    /// By round.
    pub rounds: Table<RoundId, RoundOutcome<T>>,
    /// By round and, within it, by cell of the round.
    pub cells: Vec<CellOutcome<T>>,
    /// By round and, within it, by site that has people of the round.
    pub sites: Vec<SiteOutcome<T>>,
    /// By round and, within it, by laboratory.
    pub labs: Vec<LabOutcome<T>>,
    /// What the whole campaign costs, where the scenario says what things cost.
    pub cost: Option<CampaignCost<T>>,
    /// Isolation rooms, where the scenario counts them.
    pub isolation: Option<IsolationOutcome<T>>,
    /// What was decided on the way in this one replication; where replications are summed up it stands beside (`Results::campaign`).
    pub decided: Option<Box<Decided>>,
    /// What went wrong: the incidents of the model, then the kinds that are drawn in a stress run; empty before they are entered.
    pub incidents: Vec<IncidentOutcome<T>>,
    /// Disinfecting the sites, where teams do.
    pub disinfection: Option<DisinfectionOutcome<T>>,
}

/// Something that goes wrong.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct IncidentOutcome<T> {
    /// 1 if it happens, else 0.
    pub happens: T,
    /// How often.
    pub times: T,
    /// How long, all together.
    pub minutes: T,
}

/// Disinfecting the sites.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct DisinfectionOutcome<T> {
    /// Sites disinfected, each as often as it was.
    pub visits: T,
    /// Hours of all who do it, their ways included.
    pub staff_hours: T,
    /// How long sites are closed for it within their hours, all together.
    pub closed_min: T,
}

/// What a campaign costs, in the currency of the scenario.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct CampaignCost<T> {
    /// All of it.
    pub total: T,
    /// For each person swabbed, rounds added up.
    pub per_person: T,
    /// 1 if it is more than the budget, else 0; NaN without one.
    pub over_budget: T,
}

/// What a round costs, in the currency of the scenario.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct CostOutcome<T> {
    /// Hours of work at sites and in laboratories.
    pub staff: T,
    /// What is used up.
    pub items: T,
    /// Vehicles with their drivers.
    pub vehicles: T,
    /// Days of sites.
    pub sites: T,
    /// Days, runs and rents of laboratories.
    pub labs: T,
    /// All of it.
    pub total: T,
    /// For each person swabbed.
    pub per_person: T,
}

/// Isolation rooms.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct IsolationOutcome<T> {
    /// Rooms needed at most.
    pub needed_peak: T,
    /// Rooms missing at most.
    pub short_peak: T,
    /// When someone first finds no room, after the first round opens; NaN if nobody does.
    pub full_min: T,
}

/// One round.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RoundOutcome<T> {
    /// People due.
    pub due: T,
    /// People swabbed.
    pub swabbed: T,
    /// People due and not swabbed.
    pub missed: T,
    /// People swabbed who have no result: their tube was lost, leaking, unsatisfactory, or never clear, or they are not bound to it. They must
    /// be swabbed again.
    pub no_result: T,
    /// Of these, people whose tube has a result and to whose name their swab is not bound.
    pub unbound: T,
    /// People swabbed whose tube was reported positive: pending, not published.
    pub pending: T,
    /// Tubes reported positive.
    pub positive_tubes: T,
    /// Mean time from the swab to the first report, over people pending.
    pub report_min: T,
    /// The same by reason, in the order of `Missed::ALL`.
    pub missed_by: Vec<T>,
    /// Of the swabbed, those who did not come by themselves and were fetched.
    pub fetched: T,
    /// How much later than the round opens its sites are ready, at least 0.
    pub ready_min: T,
    /// The steps of getting ready, in the order of the model.
    pub readiness: Vec<StepOutcome<T>>,
    /// What is used up, in the order of the model; empty before the replication is entered in the ledger.
    pub stocks: Vec<StockOutcome<T>>,
    /// What it costs, where the scenario says what things cost; none before the replication is entered in the ledger.
    pub cost: Option<CostOutcome<T>>,
    /// The crews of lanes, where they come and go.
    pub staff: Option<StaffOutcome<T>>,
    /// Hours of vehicles with their drivers, each from its courier's first departure to the last tube delivered.
    pub vehicle_hours: T,
    /// Isolation rooms taken, summed over the days to the next round.
    pub room_days: T,
    /// Tubes filled.
    pub tubes: T,
    /// Tubes that were closed before they were full; those of households are full with whoever lives there.
    pub partial_tubes: T,
    /// Tubes whose result was published.
    pub tubes_published: T,
    /// Tubes that came to a laboratory older than they may be.
    pub over_age: T,
    /// Wells used, controls included.
    pub reactions: T,
    /// The last swab.
    pub swabbing_ends_min: T,
    /// The last result.
    pub results_end_min: T,
    /// Share of the swabbed whose result is out by the deadline.
    pub published_by_deadline: T,
    /// 1 if every swabbed person's result is out by the deadline, else 0. Who is pending has a result by the report; who has none, as the tube
    /// was lost or could not be tested, is counted apart and not late.
    pub on_time: T,
    /// Waiting at the site, over all stations.
    pub wait_min: Spread<T>,
    /// The same of those who are taken first; NaN if nobody is.
    pub priority_wait_min: Spread<T>,
    /// From arriving at the site to the end of the swab.
    pub time_on_site_min: Spread<T>,
    /// From the end of the swab to the published result.
    pub turnaround_min: Spread<T>,
    /// From arriving at the site to the published result.
    pub door_to_result_min: Spread<T>,
    /// Mean minutes of `door_to_result_min` spent at each gate; they add up to its mean.
    pub gates: Vec<GateOutcome<T>>,
    /// People so far, from the opening of the round every [`CURVE_STEP_MIN`]. A curve that ends stays where it is.
    pub curve: Vec<Counters<T>>,
    /// What became of positive tubes, where the scenario says what is done about them.
    pub recall: Option<RecallOutcome<T>>,
    /// Share of the published whose turnaround is at most 0, 15, 30 … minutes. A curve that ends stays where it is.
    pub turnaround_curve: Vec<T>,
}

/// What became of the positive tubes of a round and of the people in them. Means are NaN where there was none.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct RecallOutcome<T> {
    /// Positive tubes whose people are all released or confirmed.
    pub settled: T,
    /// Of them, tubes in which nobody is infected.
    pub false_alarms: T,
    /// People found and held.
    pub held: T,
    /// Of them, people confirmed; the others are released.
    pub confirmed: T,
    /// From the first positive test to the end of the second, mean over tubes.
    pub retest_min: T,
    /// From there to the report.
    pub report_min: T,
    /// From there to the last member found and held.
    pub find_min: T,
    /// From there to the last member swabbed alone.
    pub swab_min: T,
    /// From there to the last member released or confirmed.
    pub settle_min: T,
    /// How long a person is held, mean over people.
    pub held_min: T,
    /// How long the longest.
    pub longest_held_min: T,
    /// When the last of them all is released or confirmed.
    pub clear_min: T,
    /// 1 if someone is still held when the next round opens, else 0; NaN for the last round.
    pub open_at_next: T,
}

/// The crews of the lanes of a round. Hours are those of all their members; `on_duty = busy + idle`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct StaffOutcome<T> {
    /// People in all pools; NaN without pools.
    pub people: T,
    /// Who of them is absent; NaN without pools.
    pub absent: T,
    /// At the lanes.
    pub on_duty_hours: T,
    /// Of these, serving someone.
    pub busy_hours: T,
    /// Of these, waiting for someone.
    pub idle_hours: T,
    /// Putting suits on and off, besides.
    pub dressing_hours: T,
    /// Suits put on; 0 where none are worn.
    pub suits: T,
    /// Lanes with a crew at the worst time while sites are open, to the quarter of an hour.
    pub lanes_min: T,
    /// Lanes with a crew on average.
    pub lanes_mean: T,
    /// Lanes there are.
    pub lanes_most: T,
}

/// A step of getting ready.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepOutcome<T> {
    /// From the order to its end.
    pub done_min: T,
    /// 1 if the sites would be ready earlier if it were shorter, else 0.
    pub critical: T,
}

/// A stock in a round. Before it is counted there are no amounts.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct StockOutcome<T> {
    /// There when the round opens, without what came in since the round before.
    pub before: T,
    /// Came in since the round before opened.
    pub resupplied: T,
    /// Used: `before + resupplied = used + left`.
    pub used: T,
    /// Needed beyond what there is.
    pub short: T,
    /// Left after the round.
    pub left: T,
    /// How many more such rounds that lasts.
    pub rounds_left: T,
    /// 1 if it runs out in this round, or has, else 0.
    pub runs_out: T,
    /// When it runs out, if use keeps step with the swabs; NaN if it does not.
    pub runs_out_min: T,
}

/// How a length of time is spread over people.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Spread<T> {
    /// The mean.
    pub mean: T,
    /// Half are below.
    pub p50: T,
    /// 90 % are below.
    pub p90: T,
    /// 95 % are below.
    pub p95: T,
    /// 99 % are below.
    pub p99: T,
    /// The longest.
    pub max: T,
}

/// Time at one gate.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct GateOutcome<T> {
    /// Which.
    pub gate: Gate,
    /// Mean minutes over everyone whose result is out, zero for those who did not pass it.
    pub minutes: T,
}

/// Where the time from door to result goes, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Gate {
    /// Waiting at the site.
    Queue,
    /// Being served at the site: scanned, swabbed.
    Service,
    /// The swab waits for its tube to be closed.
    Filling,
    /// The tube waits for the courier.
    Pickup,
    /// Handing over and road, to the laboratory's door.
    Road,
    /// Waiting for a stage of a laboratory, its handing over included.
    LabWait(LabId, StageId),
    /// In a stage of a laboratory.
    LabWork(LabId, StageId),
    /// A finished result waits until tube and register are reconciled, or until it can be uploaded.
    LabHold(LabId),
}

/// People so far.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Counters<T> {
    /// Swabbed.
    pub swabbed: T,
    /// Whose tube is at a laboratory.
    pub delivered: T,
    /// Whose tube is tested.
    pub tested: T,
    /// Whose result is out.
    pub published: T,
}

/// One cell in one round.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CellOutcome<T> {
    /// The round.
    pub round: RoundId,
    /// The cell.
    pub cell: CellId,
    /// People due.
    pub due: T,
    /// People swabbed.
    pub swabbed: T,
    /// People due and not swabbed.
    pub missed: T,
    /// People swabbed who have no result.
    pub no_result: T,
    /// People swabbed whose tube was reported positive.
    pub pending: T,
    /// The same by reason, in the order of `Missed::ALL`.
    pub missed_by: Vec<T>,
    /// Of the swabbed, those who did not come by themselves and were fetched.
    pub fetched: T,
    /// The last result of the cell.
    pub results_end_min: T,
}

/// One site in one round.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SiteOutcome<T> {
    /// The round.
    pub round: RoundId,
    /// The site.
    pub site: SiteId,
    /// People swabbed.
    pub swabbed: T,
    /// Waiting, over all stations.
    pub wait_min: Spread<T>,
    /// The longest line before any one station.
    pub peak_queue: T,
    /// Busy share of the lanes (the busiest of their stations), from the first opening to the last swab, breaks apart.
    pub utilization: T,
    /// The last swab.
    pub closes_min: T,
    /// Hours from opening to the last swab, breaks apart.
    pub open_hours: T,
    /// Hours of its lanes with their crews, dressing included.
    pub lane_hours: T,
    /// Tubes filled.
    pub tubes: T,
    /// People turned away as something was used up.
    pub turned_away: T,
    /// Hours of servers who could take nobody, as whom they had served found no room before the next station.
    pub blocked_hours: T,
    /// Stocks that are shared out to sites, in the order of the model; empty before the replication is entered in the ledger.
    pub stocks: Vec<SiteStockOutcome<T>>,
    /// Tubes that came to a laboratory older than they may be.
    pub over_age: T,
    /// What teams that visit came to; none where people come.
    pub visits: Option<VisitsOutcome<T>>,
}

/// What teams that visit came to in one round.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct VisitsOutcome<T> {
    /// Households, or stops, at which someone was swabbed.
    pub reached: T,
    /// Households at which nobody opened.
    pub unopened: T,
}

/// What a site has of a stock in one round.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SiteStockOutcome<T> {
    /// Its share when the round opens.
    pub allotted: T,
    /// Used there.
    pub used: T,
    /// Needed there beyond its share.
    pub lacking: T,
}

/// One laboratory in one round.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LabOutcome<T> {
    /// The round.
    pub round: RoundId,
    /// The laboratory.
    pub lab: LabId,
    /// Tubes of the round that came in.
    pub tubes: T,
    /// Tubes of the round that were meant for it and have no result.
    pub failed_tubes: T,
    /// Tubes of the round that it did not take in, as too many waited, and sent on to another.
    pub sent_on: T,
    /// Tests that were unclear or positive and were made again.
    pub retests: T,
    /// Runs whose controls failed.
    pub failed_runs: T,
    /// Hours of its technicians at stages done by hand, on duty from its first tube to its last result.
    pub technician_hours: T,
    /// Days, each begun, from its first tube to its last result.
    pub days: T,
    /// Runs lost because the machine stopped.
    pub stopped_runs: T,
    /// By stage.
    pub stages: Table<StageId, LabStageOutcome<T>>,
}

/// One stage of a laboratory in one round.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct LabStageOutcome<T> {
    /// Busy share of its workers or machines on duty, from the first tube that comes to it to the last that leaves; NaN for a stage without.
    pub utilization: T,
    /// Mean wait of a tube.
    pub wait_min: T,
    /// Runs started; NaN for a stage without machines.
    pub runs: T,
    /// Mean tubes in a run over its capacity; NaN for a stage without machines.
    pub fill: T,
    /// Busy share of the people on duty at its machines, in the same time; NaN where runs take nobody.
    pub labor: T,
    /// Share of their time on duty in which its workers or machines stand still with finished tubes, as the next stage has no room; NaN where
    /// it always has.
    pub blocked: T,
}
