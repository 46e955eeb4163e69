//! Tables for spreadsheets: CSV in UTF-8 with a byte order mark, so that Excel opens Chinese, and with no cell that runs as a formula.

mod decisions;

use crate::experiment::results::{Figure, Results};
use crate::id::RoundId;
use crate::measure::outcome::{CURVE_STEP_MIN, RoundOutcome};
use crate::model::Model;
use crate::model::assumption::Phrase;
use crate::model::site::Missed;
use crate::units::Time;
use crate::units::language::Language;

use super::incidents::{self, Told};
use super::number::Calendar;
use super::staff;
use super::summary::{counted, stage_id, walk_min};
use super::table::{Cell, Column, Table, cell, mean, moment, text};
use super::words::{self, Label, called, standing, tier};

/// Every table of a run.
pub fn tables(model: &Model, results: &Results, language: Language) -> Vec<Table> {
    let tables = Tables {
        model,
        results,
        language,
    };
    let mut all = vec![
        tables.rounds(),
        tables.cells(),
        tables.missed(),
        tables.sites(),
        tables.labs(),
        tables.stocks(),
        tables.curve(),
        tables.turnaround(),
        super::risk::chances(model, results, language),
        tables.assumptions(),
    ];
    all.extend(tables.decided());
    if model.stocks.iter().any(|stock| stock.allotted) {
        all.push(tables.allotments());
    }
    if model.goes_wrong() {
        all.push(tables.incidents());
    }
    if model.staff.comes_and_goes() {
        all.push(tables.staff());
    }
    all.extend(model.cost.as_ref().map(|cost| tables.cost(&cost.currency)));
    all
}

/// The columns of rounds.csv.
const ROUNDS: [Label; 31] = [
    Label::Id,
    Label::Name,
    Label::Opens,
    Label::Deadline,
    Label::Due,
    Label::Swabbed,
    Label::Missed,
    Label::Tubes,
    Label::Reactions,
    Label::SwabbingEnds,
    Label::ResultsEnd,
    Label::SwabbingEndsMin,
    Label::ResultsEndMin,
    Label::ResultsEndP05,
    Label::ResultsEndP95,
    Label::PublishedByDeadline,
    Label::OnTimeShare,
    Label::OnTimeLo,
    Label::OnTimeHi,
    Label::WaitMean,
    Label::WaitP95,
    Label::WaitMax,
    Label::TurnaroundMean,
    Label::TurnaroundP50,
    Label::TurnaroundP95,
    Label::DoorToResult,
    Label::NoResult,
    Label::Pending,
    Label::PositiveTubes,
    Label::ReportMin,
    Label::OverAge,
];

/// What every table draws on.
struct Tables<'a> {
    model: &'a Model,
    results: &'a Results,
    language: Language,
}

impl Tables<'_> {
    fn rounds(&self) -> Table {
        let unbound = self.model.leaves_some_unbound();
        let mut head = ROUNDS.to_vec();
        head.extend(unbound.then_some(Label::Unbound));
        self.table(
            "rounds",
            &head,
            self.results.outcome.rounds.iter().map(|(id, outcome)| {
                let round = &self.model.rounds[id];
                let on_time = self.results.on_time[id];
                let mut row = vec![
                    text(&round.name.id),
                    text(called(&round.name, self.language)),
                    self.moment(round.opens),
                    self.moment(round.deadline),
                ];
                row.extend(
                    [
                        &outcome.due,
                        &outcome.swabbed,
                        &outcome.missed,
                        &outcome.tubes,
                        &outcome.reactions,
                    ]
                    .map(mean),
                );
                row.extend([
                    self.clock(id, &outcome.swabbing_ends_min),
                    self.clock(id, &outcome.results_end_min),
                ]);
                let ends = &outcome.results_end_min;
                let numbers = [
                    outcome.swabbing_ends_min.mean,
                    ends.mean,
                    ends.p05,
                    ends.p95,
                    outcome.published_by_deadline.mean,
                ];
                row.extend(numbers.map(cell));
                row.extend([on_time.share, on_time.lo, on_time.hi].map(cell));
                row.extend(
                    [
                        &outcome.wait_min.mean,
                        &outcome.wait_min.p95,
                        &outcome.wait_min.max,
                    ]
                    .map(mean),
                );
                let turnaround = &outcome.turnaround_min;
                row.extend(
                    [
                        &turnaround.mean,
                        &turnaround.p50,
                        &turnaround.p95,
                        &outcome.door_to_result_min.mean,
                        &outcome.no_result,
                        &outcome.pending,
                        &outcome.positive_tubes,
                        &outcome.report_min,
                        &outcome.over_age,
                    ]
                    .map(mean),
                );
                row.extend(unbound.then(|| mean(&outcome.unbound)));
                row
            }),
        )
    }

    fn cells(&self) -> Table {
        use Label as L;
        let head = [
            L::Id,
            L::Name,
            L::Round,
            L::Site,
            L::Tier,
            L::Due,
            L::Swabbed,
            L::Missed,
            L::Fetched,
            L::WalkMin,
            L::ResultsEnd,
            L::ResultsEndMin,
            L::NoResult,
            L::Pending,
        ];
        self.table(
            "cells",
            &head,
            self.results.outcome.cells.iter().map(|outcome| {
                let entry = &self.model.cells[outcome.cell];
                let mut row = vec![
                    text(&entry.name.id),
                    text(called(&entry.name, self.language)),
                    self.round(outcome.round),
                    text(&self.model.sites[entry.site].name.id),
                    text(tier(
                        self.model.rounds[outcome.round].tier_of(outcome.cell),
                        self.language,
                    )),
                ];
                row.extend(
                    [
                        &outcome.due,
                        &outcome.swabbed,
                        &outcome.missed,
                        &outcome.fetched,
                    ]
                    .map(mean),
                );
                row.push(walk_min(self.model, outcome.cell).map_or(Cell::Empty, cell));
                row.extend([
                    self.clock(outcome.round, &outcome.results_end_min),
                    mean(&outcome.results_end_min),
                    mean(&outcome.no_result),
                    mean(&outcome.pending),
                ]);
                row
            }),
        )
    }

    /// Who is missed in each cell, and why.
    fn missed(&self) -> Table {
        use Label as L;
        let head = [L::Id, L::Name, L::Round, L::Reason, L::Missed];
        let rows = self.results.outcome.cells.iter().flat_map(|outcome| {
            let entry = &self.model.cells[outcome.cell].name;
            let any = Missed::ALL.iter().zip(&outcome.missed_by);
            any.filter(|(_, people)| people.mean > 0.0)
                .map(move |(reason, people)| {
                    vec![
                        text(&entry.id),
                        text(called(entry, self.language)),
                        self.round(outcome.round),
                        text(words::missed(*reason, self.language)),
                        mean(people),
                    ]
                })
        });
        self.table("missed", &head, rows)
    }

    fn sites(&self) -> Table {
        use Label as L;
        let mut head = vec![
            L::Id,
            L::Name,
            L::Round,
            L::Swabbed,
            L::WaitMean,
            L::WaitP95,
            L::WaitMax,
            L::PeakQueue,
            L::Utilization,
            L::Closes,
            L::ClosesMin,
            L::OverAge,
        ];
        let visiting = |site: &crate::model::site::Site| site.visits.is_some();
        let visits = self.model.sites.values().any(visiting);
        if visits {
            head.extend([L::Reached, L::Unopened]);
        }
        let blocks = (self.model.sites.values()).any(crate::model::site::Site::blocks);
        head.extend(blocks.then_some(L::BlockedHours));
        self.table(
            "sites",
            &head,
            self.results.outcome.sites.iter().map(|outcome| {
                let name = &self.model.sites[outcome.site].name;
                let mut row = vec![
                    text(&name.id),
                    text(called(name, self.language)),
                    self.round(outcome.round),
                ];
                let wait = &outcome.wait_min;
                let numbers = [
                    &outcome.swabbed,
                    &wait.mean,
                    &wait.p95,
                    &wait.max,
                    &outcome.peak_queue,
                    &outcome.utilization,
                ];
                row.extend(numbers.map(mean));
                row.extend([
                    self.clock(outcome.round, &outcome.closes_min),
                    mean(&outcome.closes_min),
                    mean(&outcome.over_age),
                ]);
                if visits {
                    let both = outcome.visits.as_ref();
                    let both = [
                        both.map(|visits| &visits.reached),
                        both.map(|visits| &visits.unopened),
                    ];
                    row.extend(both.map(|figure| figure.map_or(Cell::Empty, mean)));
                }
                row.extend(blocks.then(|| mean(&outcome.blocked_hours)));
                row
            }),
        )
    }

    fn labs(&self) -> Table {
        use Label as L;
        let mut head = vec![
            L::Id,
            L::Name,
            L::Round,
            L::Tubes,
            L::Stage,
            L::StageName,
            L::Utilization,
            L::StageWait,
            L::Runs,
            L::Fill,
            L::FailedTubes,
            L::Retests,
            L::FailedRuns,
            L::StoppedRuns,
        ];
        let labs = || self.model.labs.values();
        let hands = labs().any(|lab| lab.stages.iter().any(|stage| stage.hands().is_some()));
        let narrow = labs().any(|lab| lab.stages.iter().any(|stage| stage.buffer.is_some()));
        head.extend(hands.then_some(L::Labor));
        head.extend(narrow.then_some(L::BlockedShare));
        let sends = self.model.labs.values().any(|lab| lab.overflow.is_some());
        head.extend(sends.then_some(L::SentOn));
        self.table(
            "labs",
            &head,
            self.results.outcome.labs.iter().flat_map(|outcome| {
                let lab = &self.model.labs[outcome.lab];
                outcome
                    .stages
                    .iter()
                    .zip(&lab.stages)
                    .map(move |((id, stage), entry)| {
                        let mut row = vec![
                            text(&lab.name.id),
                            text(called(&lab.name, self.language)),
                            self.round(outcome.round),
                            mean(&outcome.tubes),
                            text(stage_id(lab, id)),
                            text(self.language.pick(&entry.zh, &entry.en)),
                        ];
                        row.extend(
                            [
                                &stage.utilization,
                                &stage.wait_min,
                                &stage.runs,
                                &stage.fill,
                                &outcome.failed_tubes,
                                &outcome.retests,
                                &outcome.failed_runs,
                                &outcome.stopped_runs,
                            ]
                            .map(mean),
                        );
                        row.extend(hands.then(|| mean(&stage.labor)));
                        row.extend(narrow.then(|| mean(&stage.blocked)));
                        row.extend(sends.then(|| mean(&outcome.sent_on)));
                        row
                    })
            }),
        )
    }

    /// What is used up, from the round in which it is counted.
    fn stocks(&self) -> Table {
        use Label as L;
        let head = [
            L::Id,
            L::Name,
            L::Round,
            L::Before,
            L::Resupplied,
            L::Used,
            L::Short,
            L::Left,
            L::RoundsLeft,
            L::RunsOutShare,
            L::RunsOut,
            L::RunsOutMin,
        ];
        let rows = counted(self.model, self.results).map(|(stock, round, outcome)| {
            let mut row = vec![
                text(&stock.name.id),
                text(called(&stock.name, self.language)),
                self.round(round),
            ];
            let numbers = [
                &outcome.before,
                &outcome.resupplied,
                &outcome.used,
                &outcome.short,
                &outcome.left,
                &outcome.rounds_left,
                &outcome.runs_out,
            ];
            row.extend(numbers.map(mean));
            row.extend([
                self.clock(round, &outcome.runs_out_min),
                mean(&outcome.runs_out_min),
            ]);
            row
        });
        self.table("stocks", &head, rows)
    }

    fn staff(&self) -> Table {
        use Label as L;
        let head = [
            L::Round,
            L::StaffPeople,
            L::StaffAbsent,
            L::OnDutyHours,
            L::BusyHours,
            L::IdleHours,
            L::DressingHours,
            L::Suits,
            L::LanesMin,
            L::LanesMean,
            L::LanesMost,
        ];
        let rounds = self.results.outcome.rounds.iter();
        let rows = rounds.filter_map(|(id, round)| {
            let mut row = vec![self.round(id)];
            row.extend(staff::figures(round.staff.as_ref()?).map(mean));
            Some(row)
        });
        self.table("staff", &head, rows)
    }

    fn incidents(&self) -> Table {
        use Label as L;
        let head = [
            L::Id,
            L::Name,
            L::Kind,
            L::Opens,
            L::Happens,
            L::Times,
            L::Minutes,
        ];
        let rows = incidents::told(self.model, self.results).map(|(told, outcome)| {
            let kind = |kind| text(incidents::kind(kind, self.language));
            let mut row = match told {
                Told::Stated(incident) => vec![
                    text(&incident.name.id),
                    text(called(&incident.name, self.language)),
                    kind(incident.what.kind()),
                    self.moment(incident.at),
                ],
                Told::Drawn(drawn) => {
                    let mut row = vec![Cell::Empty; 4];
                    row[2] = kind(drawn);
                    row
                }
            };
            row.extend([&outcome.happens, &outcome.times, &outcome.minutes].map(mean));
            row
        });
        self.table("incidents", &head, rows)
    }

    /// What each site has of the stocks that are shared out.
    fn allotments(&self) -> Table {
        use Label as L;
        let head = [
            L::Site,
            L::Name,
            L::Round,
            L::Id,
            L::Allotted,
            L::Used,
            L::Lacking,
        ];
        let shared = || self.model.stocks.iter().filter(|stock| stock.allotted);
        let rows = self.results.outcome.sites.iter().flat_map(|outcome| {
            let site = &self.model.sites[outcome.site];
            shared().zip(&outcome.stocks).map(move |(stock, share)| {
                let mut row = vec![
                    text(&site.name.id),
                    text(called(&site.name, self.language)),
                    self.round(outcome.round),
                    text(&stock.name.id),
                ];
                row.extend([&share.allotted, &share.used, &share.lacking].map(mean));
                row
            })
        });
        self.table("allotments", &head, rows)
    }

    /// What each round costs, in this currency.
    fn cost(&self, currency: &str) -> Table {
        use Label as L;
        let head = [
            L::Round,
            L::Currency,
            L::CostStaff,
            L::CostItems,
            L::CostVehicles,
            L::CostSites,
            L::CostLabs,
            L::CostTotal,
            L::CostP05,
            L::CostP95,
            L::CostPerPerson,
        ];
        let rows = self.results.outcome.rounds.iter();
        let rows = rows.filter_map(|(id, outcome)| {
            let cost = outcome.cost.as_ref()?;
            let mut row = vec![self.round(id), text(currency)];
            let parts = [
                &cost.staff,
                &cost.items,
                &cost.vehicles,
                &cost.sites,
                &cost.labs,
                &cost.total,
            ];
            row.extend(parts.map(mean));
            row.extend([
                cell(cost.total.p05),
                cell(cost.total.p95),
                mean(&cost.per_person),
            ]);
            Some(row)
        });
        self.table("cost", &head, rows)
    }

    fn curve(&self) -> Table {
        use Label as L;
        let head = [
            L::Round,
            L::AtMin,
            L::Clock,
            L::Due,
            L::Swabbed,
            L::Delivered,
            L::Tested,
            L::Published,
        ];
        self.table(
            "curve",
            &head,
            self.results
                .outcome
                .rounds
                .iter()
                .flat_map(|(id, outcome)| {
                    let at = (0u32..).map(|step| f64::from(step) * f64::from(CURVE_STEP_MIN));
                    at.zip(&outcome.curve).map(move |(at, counters)| {
                        let clock = Calendar::after(self.model.rounds[id].opens, at);
                        let clock = moment(self.calendar(), clock);
                        let mut row = vec![self.round(id), cell(at), clock, mean(&outcome.due)];
                        row.extend(
                            [
                                &counters.swabbed,
                                &counters.delivered,
                                &counters.tested,
                                &counters.published,
                            ]
                            .map(mean),
                        );
                        row
                    })
                }),
        )
    }

    /// How long after the swab results are out: the share of people at each step, and its range over replications.
    fn turnaround(&self) -> Table {
        use Label as L;
        let head = [L::Round, L::AfterSwab, L::OutMean, L::OutP05, L::OutP95];
        let steps = |(id, outcome): (RoundId, &RoundOutcome<Figure>)| {
            let curve = outcome.turnaround_curve.clone();
            let at = (0u32..).map(|step| f64::from(step * CURVE_STEP_MIN) / 60.0);
            let row = move |(at, out): (f64, Figure)| {
                let mut row = vec![self.round(id), cell(at)];
                row.extend([out.mean, out.p05, out.p95].map(cell));
                row
            };
            at.zip(curve).map(row)
        };
        let rows = self.results.outcome.rounds.iter().flat_map(steps);
        self.table("turnaround", &head, rows)
    }

    fn assumptions(&self) -> Table {
        let head = [
            Label::Key,
            Label::What,
            Label::Value,
            Label::DefaultValue,
            Label::Standing,
            Label::Range,
            Label::Source,
            Label::Written,
        ];
        let says = |phrase: &Option<Phrase>| {
            text(
                phrase
                    .as_ref()
                    .map_or("", |phrase| phrase.says(self.language)),
            )
        };
        self.table(
            "assumptions",
            &head,
            self.model.assumptions.iter().map(|assumption| {
                vec![
                    text(&assumption.key),
                    text(assumption.called.says(self.language)),
                    text(assumption.value.says(self.language)),
                    says(&assumption.default),
                    text(standing(assumption.standing, self.language)),
                    says(&assumption.within),
                    text(assumption.source.as_deref().unwrap_or_default()),
                    text(&assumption.written),
                ]
            }),
        )
    }

    fn table(
        &self,
        name: &'static str,
        head: &[Label],
        rows: impl Iterator<Item = Vec<Cell>>,
    ) -> Table {
        let columns = head.iter().map(|&label| Column::of(label, self.language));
        Table {
            name,
            columns: columns.collect(),
            rows: rows.collect(),
        }
    }

    const fn calendar(&self) -> Calendar {
        Calendar {
            first_day: self.model.first_day,
            language: self.language,
        }
    }

    fn round(&self, round: RoundId) -> Cell {
        text(&self.model.rounds[round].name.id)
    }

    fn moment(&self, at: Time) -> Cell {
        moment(self.calendar(), Some(at))
    }

    /// The mean of a moment counted from the opening of the round, as date and clock time.
    fn clock(&self, round: RoundId, minutes: &Figure) -> Cell {
        let opens = self.model.rounds[round].opens;
        moment(self.calendar(), Calendar::after(opens, minutes.mean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn read(table: &Table) -> Vec<Vec<String>> {
        let bytes = table.csv();
        let text = std::str::from_utf8(&bytes)
            .expect("tables are UTF-8")
            .strip_prefix('\u{feff}')
            .expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_table_reads_back_and_has_a_row_for_each_thing() {
        let model = fixture::model();
        let results = fixture::results(&model);
        for language in [Language::Chinese, Language::English] {
            let rows: Vec<_> = tables(&model, &results, language)
                .iter()
                .map(|table| (table.name, read(table).len() - 1))
                .collect();
            let expected = [
                ("rounds", 2),
                ("cells", 6),
                ("missed", 6),
                ("sites", 4),
                ("labs", 8),
                ("stocks", 0),
                ("curve", 242),
                ("turnaround", 122),
                ("chances", 0),
                ("assumptions", 3),
            ];
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn the_heads_speak_the_language_and_the_clock_is_on_the_right_day() {
        let model = fixture::model();
        let results = fixture::results(&model);
        let rounds = read(&tables(&model, &results, Language::Chinese)[0]);
        assert_eq!(rounds[0][4..7], ["应检", "已采", "未采"]);
        assert_eq!(rounds[2][2], "2022-05-10 07:00");
        assert_eq!(rounds[2][10], "2022-05-11 05:30");
    }

    #[test]
    fn a_name_that_looks_like_a_formula_is_harmless() {
        let mut model = fixture::model();
        for (cell, name) in model
            .cells
            .values_mut()
            .zip(["=HYPERLINK(\"x\")", "-1+1", "平常"])
        {
            cell.name.zh = name.into();
        }
        let results = fixture::results(&model);
        let cells = read(&tables(&model, &results, Language::Chinese)[1]);
        let names: Vec<_> = cells[1..4].iter().map(|row| row[1].as_str()).collect();
        assert_eq!(names, ["'=HYPERLINK(\"x\")", "'-1+1", "平常"]);
    }
}
