//! The record-level trace of one replication: what happened to each person, tube, trip and run, one line each, as CSV or JSON lines.
//!
//! Moments are the local date and clock time to the millisecond; `people` counts who is in a tube. A column that does not apply is empty.

use serde_json::{Map, Value};

use crate::id::{LabId, RoundId, SiteId, StageId};
use crate::model::Model;
use crate::network::Network;
use crate::sim::observer::{After, Blocked, Origin, Passage, Run, Why};
use crate::sim::trace::{
    DeliveryRecord, FailureRecord, PositiveRecord, ResultRecord, SentRecord, StepRecord, Trace,
    TubeRecord, UnboundRecord,
};
use crate::sim::tubes::TRIPS_IN_A_ROUND;
use crate::units::Time;
use crate::units::language::Language;

use super::number::Calendar;
use super::summary::stage_id;

/// The columns of a trace, in order.
pub const COLUMNS: [&str; 17] = [
    "record", "round", "site", "cell", "person", "lane", "tube", "people", "courier", "trip",
    "lab", "serial", "stage", "server", "ready", "start", "end",
];

/// How a trace is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Comma-separated, with a header.
    Csv,
    /// A JSON object on each line; what does not apply is left out.
    JsonLines,
}

/// One line: a value for each column, and what became of it.
#[derive(Default)]
struct Line {
    cells: [String; COLUMNS.len()],
    /// What became of it; empty where that goes without saying.
    after: &'static str,
}

/// The header of a trace; JSON lines have none.
pub fn header(form: Form) -> String {
    match form {
        Form::Csv => format!("{},after\n", COLUMNS.join(",")),
        Form::JsonLines => String::new(),
    }
}

/// Lines that a replication of a model comes to, about: each person at each station and in a tube, each tube on its way.
pub fn lines(model: &Model) -> u64 {
    let of_cell = |cell: &crate::id::CellId| {
        let cell = &model.cells[*cell];
        let stations = model.sites[cell.site].stations.len() as u64;
        u64::from(cell.due()) * (stations + 1)
    };
    let people: u64 = model
        .rounds
        .values()
        .flat_map(|round| &round.cells)
        .map(of_cell)
        .sum();
    let stages = model.labs.values().map(|lab| lab.stages.len() as u64);
    // A tube of two or three people on average is small.
    people + people / 5 * (stages.max().unwrap_or(0) + 4)
}

/// The whole trace, with its header.
pub fn text(model: &Model, network: &Network, trace: &Trace, form: Form) -> String {
    let writer = Writer {
        model,
        network,
        calendar: Calendar {
            first_day: model.first_day,
            language: Language::English,
        },
        form,
    };
    let mut text = header(form);
    writer.sites(trace, &mut text);
    writer.labs(trace, &mut text);
    text
}

struct Writer<'a> {
    model: &'a Model,
    network: &'a Network,
    calendar: Calendar,
    form: Form,
}

/// The place of a column.
fn column(name: &str) -> usize {
    let place = COLUMNS.iter().position(|column| *column == name);
    place.expect("every column that is written is listed")
}

impl Line {
    fn new(record: &str) -> Self {
        Self::default().with("record", record)
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and words read alike where it is called"
    )]
    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.cells[column(name)] = value.to_string();
        self
    }
}

impl Writer<'_> {
    /// What happened at sites and on the road.
    fn sites(&self, trace: &Trace, text: &mut String) {
        for step in &trace.steps {
            self.write(self.step(step), text);
        }
        for tube in &trace.tubes {
            self.write(self.tube(tube), text);
            for swab in &tube.swabs {
                let line = self
                    .in_tube(
                        "swab",
                        (tube.round, tube.site),
                        (tube.tube.lane, tube.tube.serial),
                    )
                    .with("cell", self.cell((tube.round, tube.site), swab.source))
                    .with("person", swab.rank)
                    .with("start", self.millis(swab.arrival))
                    .with("end", self.millis(swab.end));
                self.write(line, text);
            }
        }
        for tube in &trace.tubes {
            self.write(self.trip(tube), text);
        }
    }

    /// What happened in laboratories.
    fn labs(&self, trace: &Trace, text: &mut String) {
        for delivery in &trace.deliveries {
            self.write(self.delivery(delivery), text);
        }
        for record in &trace.sent_on {
            self.write(self.sent_on(record), text);
        }
        for passage in &trace.passages {
            self.write(self.passage(passage), text);
        }
        for run in &trace.runs {
            self.write(self.run(run), text);
            for line in self.hands(run) {
                self.write(line, text);
            }
        }
        for blocked in &trace.blocked {
            self.write(self.blocked(blocked), text);
        }
        for held in &trace.holds {
            let line = self
                .of(Line::new("hold"), held.origin)
                .with("lab", self.lab(held.lab))
                .with("serial", held.serial)
                .with("people", held.people)
                .with("start", self.moment(held.since))
                .with("end", self.moment(held.until));
            self.write(line, text);
        }
        for result in &trace.results {
            self.write(self.result(result), text);
        }
        for record in &trace.unbound {
            self.write(self.unbound(record), text);
        }
        for failure in &trace.failures {
            self.write(self.failure(failure), text);
        }
        for positive in &trace.positives {
            self.write(self.positive(positive), text);
        }
    }

    fn step(&self, record: &StepRecord) -> Line {
        let step = &record.step;
        let stations = &self.model.sites[record.site].stations;
        let station = stations.get(step.station as usize);
        let mut line = self
            .at("step", record.round, record.site)
            .with("cell", self.cell((record.round, record.site), step.source))
            .with("person", step.rank)
            .with("stage", station.map_or("", |station| &station.id))
            .with("server", step.server)
            .with("ready", self.millis(step.ready))
            .with("start", self.millis(step.start))
            .with("end", self.millis(step.end));
        if step.first {
            line.after = "taken first";
        }
        line
    }

    fn tube(&self, record: &TubeRecord) -> Line {
        let tube = &record.tube;
        self.in_tube(
            "tube",
            (record.round, record.site),
            (tube.lane, tube.serial),
        )
        .with("people", tube.people)
        .with("start", self.millis(tube.first))
        .with("end", self.millis(tube.closed))
    }

    fn trip(&self, record: &TubeRecord) -> Line {
        let tube = &record.tube;
        let id = self.network.sites[record.site].courier;
        let courier = &self.network.couriers[id];
        // Where a vehicle can be full the round of the timetable is packed into the number.
        let packed = courier.load.is_some() && courier.call.is_none();
        let trip = if packed {
            tube.trip % TRIPS_IN_A_ROUND
        } else {
            tube.trip
        };
        self.in_tube(
            "carried",
            (record.round, record.site),
            (tube.lane, tube.serial),
        )
        .with("people", tube.people)
        .with("courier", &self.model.couriers[id].name.id)
        .with("trip", trip)
        .with("ready", self.millis(tube.closed))
        .with("start", self.millis(tube.picked))
        .with("end", self.millis(tube.delivered))
    }

    fn delivery(&self, record: &DeliveryRecord) -> Line {
        self.of(Line::new("delivered"), record.origin)
            .with("lane", record.lane)
            .with("tube", record.tube)
            .with("lab", self.lab(record.lab))
            .with("serial", record.serial)
            .with("end", self.moment(record.at))
    }

    fn unbound(&self, record: &UnboundRecord) -> Line {
        let (round, site) = (record.origin.round, record.origin.site);
        let cell = site.map(|site| self.cell((round, site), record.source));
        self.of(Line::new("unbound"), record.origin)
            .with("cell", cell.unwrap_or_default())
            .with("person", record.rank)
            .with("lane", record.lane)
            .with("tube", record.tube)
            .with("end", self.moment(record.at))
    }

    fn sent_on(&self, record: &SentRecord) -> Line {
        let mut line = self
            .of(Line::new("sent on"), record.origin)
            .with("lane", record.lane)
            .with("tube", record.tube)
            .with("lab", self.lab(record.from))
            .with("start", self.moment(record.at))
            .with("end", self.moment(record.there));
        line.after = "to another laboratory";
        line
    }

    fn passage(&self, passage: &Passage) -> Line {
        let mut line = self
            .of(Line::new("stage"), passage.origin)
            .with("people", passage.people)
            .with("lab", self.lab(passage.lab))
            .with("serial", passage.serial)
            .with("stage", self.stage(passage.lab, passage.stage))
            .with("ready", self.moment(passage.since))
            .with("start", self.moment(passage.start))
            .with("end", self.moment(passage.end));
        line.after = match passage.after {
            After::On => "",
            After::Rerun => "the whole run again",
            After::Stopped => "the machine stopped",
            After::Retest => "tested again",
            After::Confirm => "detected",
            After::Failed(why) => cause(why),
            After::Positive => "positive",
        };
        line
    }

    fn run(&self, run: &Run) -> Line {
        let mut line = Line::new("run")
            .with("round", &self.model.rounds[run.round].name.id)
            .with("lab", self.lab(run.lab))
            .with("stage", self.stage(run.lab, run.stage))
            .with("server", run.server)
            .with("start", self.moment(run.start))
            .with("end", self.moment(run.end));
        if run.failed {
            line.after = "failed";
        }
        line
    }

    /// When people were at a run.
    fn hands(&self, run: &Run) -> impl Iterator<Item = Line> {
        let handled = run.handled.map(|handled| {
            [
                ("set-up", run.start, handled.loaded),
                ("clean-down", handled.unloaded, run.end),
            ]
        });
        let parts = handled.into_iter().flatten();
        parts
            .filter(|(_, from, to)| from < to)
            .map(|(record, from, to)| {
                Line::new(record)
                    .with("round", &self.model.rounds[run.round].name.id)
                    .with("lab", self.lab(run.lab))
                    .with("stage", self.stage(run.lab, run.stage))
                    .with("server", run.server)
                    .with("start", self.moment(from))
                    .with("end", self.moment(to))
            })
    }

    /// A worker or machine with tubes that found no room.
    fn blocked(&self, blocked: &Blocked) -> Line {
        Line::new("blocked")
            .with("round", &self.model.rounds[blocked.round].name.id)
            .with("lab", self.lab(blocked.lab))
            .with("stage", self.stage(blocked.lab, blocked.stage))
            .with("server", blocked.server)
            .with("start", self.moment(blocked.since))
            .with("end", self.moment(blocked.until))
    }

    fn result(&self, record: &ResultRecord) -> Line {
        self.of(Line::new("result"), record.origin)
            .with("lane", record.lane)
            .with("tube", record.tube)
            .with("people", record.people)
            .with("end", self.moment(record.at))
    }

    fn failure(&self, record: &FailureRecord) -> Line {
        let mut line = self
            .of(Line::new("no result"), record.origin)
            .with("lane", record.lane)
            .with("tube", record.tube)
            .with("people", record.people)
            .with("lab", self.lab(record.lab))
            .with("end", self.moment(record.at));
        line.after = cause(record.why);
        line
    }

    fn positive(&self, record: &PositiveRecord) -> Line {
        self.of(Line::new("positive"), record.origin)
            .with("lane", record.lane)
            .with("tube", record.tube)
            .with("people", record.people)
            .with("ready", self.moment(record.detected))
            .with("start", self.moment(record.retested))
            .with("end", self.moment(record.reported))
    }

    fn at(&self, record: &str, round: RoundId, site: SiteId) -> Line {
        Line::new(record)
            .with("round", &self.model.rounds[round].name.id)
            .with("site", &self.model.sites[site].name.id)
    }

    fn in_tube(&self, record: &str, (round, site): (RoundId, SiteId), tube: (u32, u32)) -> Line {
        self.at(record, round, site)
            .with("lane", tube.0)
            .with("tube", tube.1)
    }

    fn of(&self, line: Line, origin: Origin) -> Line {
        let line = line.with("round", &self.model.rounds[origin.round].name.id);
        match origin.site {
            Some(site) => line.with("site", &self.model.sites[site].name.id),
            None => line,
        }
    }

    /// The cell of a source of a site.
    fn cell(&self, (round, site): (RoundId, SiteId), source: u32) -> String {
        let round = &self.network.rounds[round];
        let place = round.sites.iter().find(|place| place.site == site);
        let source = place.and_then(|place| place.sources.get(source as usize));
        source.map_or_else(String::new, |source| {
            let cell = round.cells[source.cell as usize].cell;
            self.model.cells[cell].name.id.clone()
        })
    }

    fn lab(&self, lab: LabId) -> &str {
        &self.model.labs[lab].name.id
    }

    fn stage(&self, lab: LabId, stage: StageId) -> &str {
        stage_id(&self.model.labs[lab], stage)
    }

    fn millis(&self, moment: i64) -> String {
        self.moment(Time::from_millis(moment))
    }

    /// Local date and clock time to the millisecond.
    fn moment(&self, moment: Time) -> String {
        let minute = self.calendar.iso(moment);
        let rest = moment.millis().rem_euclid(60_000);
        let (seconds, millis) = (rest.div_euclid(1_000), rest.rem_euclid(1_000));
        format!("{minute}:{seconds:02}.{millis:03}")
    }

    fn write(&self, line: Line, text: &mut String) {
        let Line { cells, after } = line;
        match self.form {
            Form::Csv => {
                // Ids are letters, digits, - and _: nothing has to be quoted.
                text.push_str(&cells.join(","));
                text.push(',');
                text.push_str(after);
            }
            Form::JsonLines => {
                let filled = COLUMNS
                    .iter()
                    .zip(cells)
                    .filter(|(_, cell)| !cell.is_empty());
                let mut object: Map<String, Value> = filled
                    .map(|(name, cell)| ((*name).to_owned(), value(name, cell)))
                    .collect();
                if !after.is_empty() {
                    object.insert("after".to_owned(), after.into());
                }
                text.push_str(&Value::Object(object).to_string());
            }
        }
        text.push('\n');
    }
}

/// A cell for programs: counts and numbers as numbers.
fn value(name: &str, cell: String) -> Value {
    let counted = [
        "person", "lane", "tube", "people", "trip", "serial", "server",
    ];
    match cell.parse::<u64>() {
        Ok(number) if counted.contains(&name) => number.into(),
        Ok(_) | Err(_) => cell.into(),
    }
}

/// Why a tube has no result.
const fn cause(why: Why) -> &'static str {
    match why {
        Why::Lost => "lost",
        Why::Leaking => "leaking",
        Why::Unsatisfactory => "unsatisfactory",
        Why::TooOld => "too old",
        Why::Unclear => "unclear",
    }
}
