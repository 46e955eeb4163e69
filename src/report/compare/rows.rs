//! The table of a comparison: a row for each figure, a column for each plan, in the order in which a planner asks.

use crate::experiment::compare::{Compared as Of, Plan};
use crate::experiment::results::Results;
use crate::id::{RoundId, SiteId};
use crate::model::courier::Route;
use crate::model::lab::Work;
use crate::model::site::Site;
use crate::model::{Model, Watched};
use crate::report::number::{Calendar, count, decimal, minutes, percent, rounded, signed};
use crate::report::summary::walk_min;
use crate::report::words::called;
use crate::units::Span;
use crate::units::language::Language;

use super::{Compared, Contender};

/// Room for a queue that the national rules ask of a site, in people (parameters: 200 people at 1 m).
const ROOM: f64 = 200.0;

/// A row: its head, and a text for each plan.
pub(super) type Row = (&'static str, Vec<String>);

/// The whole table.
pub(super) fn table(compared: &Compared<'_>, language: Language) -> Vec<Row> {
    let rows = Rows { compared, language };
    let mut table = vec![
        rows.of(("采样人员", "site staff"), |contender, _| {
            rows.more(contender, staff)
        }),
        rows.of(("采样点/台", "sites/lanes"), |contender, _| {
            size(contender.model, language)
        }),
        rows.of(("台时/天", "lane hours a day"), |contender, _| {
            decimal(lane_hours(contender.model), 0)
        }),
        rows.of(("车/扩增仪", "vehicles/machines"), |contender, _| {
            format!(
                "{}/{}",
                vehicles(contender.model),
                machines(contender.model)
            )
        }),
        rows.of(("全部按时", "all on time"), |_, plan| {
            let share = plan.results.on_time[plan.round];
            format!(
                "{} ({}–{})",
                percent(share.share),
                percent(share.lo).trim_end_matches('%'),
                percent(share.hi)
            )
        }),
        rows.of(("时限内", "in time"), |_, plan| {
            percent(rows.level(plan, Of::InTime))
        }),
        rows.clock(("采完", "swabbed by"), Of::SwabbingEnds),
        rows.clock(("出完", "results by"), Of::ResultsEnd),
        rows.length(("平均等候", "mean wait"), Of::Wait),
        rows.length(("95% 等候", "95% wait below"), Of::WaitP95),
        rows.of(("最远步行", "farthest walk"), |contender, plan| {
            rows.farthest(contender.model, plan.round)
        }),
        rows.of(("最晚的网格", "last cell"), |contender, plan| {
            last_cell(contender.model, &plan.results, plan.round, language)
        }),
        rows.of(("未采", "missed"), |_, plan| {
            count(rows.level(plan, Of::Missed))
        }),
        rows.of(("管数", "tubes"), |_, plan| {
            let partial = count(rows.level(plan, Of::PartialTubes));
            let tubes = count(rows.level(plan, Of::Tubes));
            language.pick(
                format!("{tubes}（未满 {partial}）"),
                format!("{tubes} ({partial} partial)"),
            )
        }),
        rows.of(("车时", "vehicle hours"), |_, plan| {
            decimal(rows.level(plan, Of::VehicleHours), 1)
        }),
        rows.of(("费用", "cost"), |contender, plan| {
            rows.cost(contender, plan)
        }),
        rows.of(
            ("超限（排队>200）", "limits (queue >200)"),
            |contender, plan| rows.broken(contender, plan),
        ),
    ];
    table.retain(|(_, cells)| cells.iter().any(|cell| cell != "—" && !cell.is_empty()));
    table
}

struct Rows<'a, 'b> {
    compared: &'b Compared<'a>,
    language: Language,
}

impl Rows<'_, '_> {
    fn of(
        &self,
        head: (&'static str, &'static str),
        cell: impl Fn(&Contender<'_>, &Plan) -> String,
    ) -> Row {
        let cells = self
            .compared
            .plans()
            .map(|(contender, plan)| cell(contender, plan));
        (self.language.pick(head.0, head.1), cells.collect())
    }

    /// A number of a plan, and how many more than the base has.
    fn more(&self, contender: &Contender<'_>, number: fn(&Model) -> u64) -> String {
        let (here, base) = (
            number(contender.model),
            number(self.compared.base().0.model),
        );
        match here.cmp(&base) {
            std::cmp::Ordering::Equal => count(here as f64),
            std::cmp::Ordering::Greater => format!("{} (+{})", count(here as f64), here - base),
            std::cmp::Ordering::Less => format!("{} (−{})", count(here as f64), base - here),
        }
    }

    /// When something ends in the deciding round, with the difference from the base.
    fn clock(&self, head: (&'static str, &'static str), of: Of) -> Row {
        self.of(head, |contender, plan| {
            let calendar = Calendar {
                first_day: contender.model.first_day,
                language: self.language,
            };
            let opens = contender.model.rounds[plan.round].opens;
            let clock = calendar.clock_after(opens, self.level(plan, of));
            join(&clock, self.apart(plan, of))
        })
    }

    /// A length of time, with the difference from the base.
    fn length(&self, head: (&'static str, &'static str), of: Of) -> Row {
        self.of(head, |_, plan| {
            let length = minutes(self.level(plan, of), self.language);
            join(&length, self.apart(plan, of))
        })
    }

    /// A figure of a plan: that of the base and how much more it is, which is surer than what the plan's own replications say alone.
    fn level(&self, plan: &Plan, of: Of) -> f64 {
        let base = self.compared.base().1;
        let deciding = base.deciding();
        let figure = match of {
            Of::SwabbingEnds => deciding.swabbing_ends_min,
            Of::ResultsEnd => deciding.results_end_min,
            Of::Wait => deciding.wait_min.mean,
            Of::WaitP95 => deciding.wait_min.p95,
            Of::Turnaround => deciding.turnaround_min.mean,
            Of::InTime => deciding.published_by_deadline,
            Of::OnTime => deciding.on_time,
            Of::Missed => deciding.missed,
            Of::Tubes => deciding.tubes,
            Of::PartialTubes => deciding.partial_tubes,
            Of::VehicleHours => deciding.vehicle_hours,
            Of::Cost => return own_cost(plan),
        };
        let more = plan.difference(of, base.round);
        figure.mean + more.map_or(0.0, |difference| difference.paired.mean)
    }

    /// The difference from the base with its interval, in minutes.
    fn apart(&self, plan: &Plan, of: Of) -> Option<String> {
        let base = self.compared.base().1;
        let found = plan.difference(of, base.round)?.paired;
        (found.mean.is_finite() && found.half.is_finite()).then(|| {
            format!(
                "{}±{}",
                signed(found.mean),
                decimal(found.half, usize::from(found.half < 1.0))
            )
        })
    }

    /// The longest way of anyone to a site, and whose it is.
    fn farthest(&self, model: &Model, round: RoundId) -> String {
        let cells = model.rounds[round].cells.iter();
        let walk = |&cell: &crate::id::CellId| Some((walk_min(model, cell)?, cell));
        let farthest = cells
            .filter_map(walk)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        farthest.map_or_else(
            || "—".to_owned(),
            |(walk, cell)| {
                let name = called(&model.cells[cell].name, self.language);
                format!("{} {name}", minutes(walk, self.language))
            },
        )
    }

    fn cost(&self, contender: &Contender<'_>, plan: &Plan) -> String {
        let cost = self.level(plan, Of::Cost);
        match &contender.model.cost {
            Some(prices) if cost.is_finite() => {
                format!("{} {}", count(rounded(cost)), prices.currency)
            }
            _ => "—".to_owned(),
        }
    }

    /// Limits that are broken: queues longer than there is room for, tubes too old at the laboratory, money beyond the budget.
    fn broken(&self, contender: &Contender<'_>, plan: &Plan) -> String {
        let mut broken: Vec<String> = self.queues(plan).into_iter().collect();
        let old = plan.deciding().over_age.mean;
        if old >= 0.5 {
            let old = count(old);
            broken.push(
                self.language
                    .pick(format!("{old} 管送达超时"), format!("{old} tubes too old")),
            );
        }
        let budget = contender.model.cost.as_ref().and_then(|cost| cost.budget);
        let spent = plan
            .results
            .outcome
            .cost
            .as_ref()
            .map(|cost| cost.total.mean);
        if let (Some(budget), Some(spent)) = (budget, spent)
            && spent > budget
        {
            let beyond = count(rounded(spent - budget));
            broken.push(
                self.language
                    .pick(format!("超预算 {beyond}"), format!("{beyond} over budget")),
            );
        }
        if broken.is_empty() {
            self.language.pick("无", "none").to_owned()
        } else {
            broken.join(self.language.pick("；", "; "))
        }
    }

    /// Sites whose queue is longer than a site has to have room for.
    fn queues(&self, plan: &Plan) -> Option<String> {
        let sites = plan
            .results
            .outcome
            .sites
            .iter()
            .filter(|site| site.round == plan.round);
        let over = sites.filter(|site| site.peak_queue.mean > ROOM);
        let worst = over
            .clone()
            .max_by(|one, other| one.peak_queue.mean.total_cmp(&other.peak_queue.mean));
        worst.map(|site| {
            let (sites, people) = (over.count(), count(site.peak_queue.mean));
            self.language.pick(
                format!("{sites} 个点，最长 {people}"),
                format!("{sites} sites, max {people}"),
            )
        })
    }
}

/// Of the plan itself, as not every plan has prices.
fn own_cost(plan: &Plan) -> f64 {
    let cost = plan.deciding().cost.as_ref();
    cost.map_or(f64::NAN, |cost| cost.total.mean)
}

fn join(figure: &str, apart: Option<String>) -> String {
    apart.map_or_else(|| figure.to_owned(), |apart| format!("{figure} {apart}"))
}

fn last_cell(model: &Model, results: &Results, round: RoundId, language: Language) -> String {
    let cells = results
        .outcome
        .cells
        .iter()
        .filter(|cell| cell.round == round && cell.results_end_min.mean.is_finite());
    let last = cells.max_by(|one, other| {
        one.results_end_min
            .mean
            .total_cmp(&other.results_end_min.mean)
    });
    last.map_or_else(
        || "—".to_owned(),
        |cell| called(&model.cells[cell.cell].name, language).to_owned(),
    )
}

/// Sites and lanes, and teams where there are any.
fn size(model: &Model, language: Language) -> String {
    let (sites, lanes, teams) = (used_sites(model), lanes(model), teams(model));
    if teams == 0 {
        return format!("{sites}/{lanes}");
    }
    language.pick(
        format!("{sites}/{lanes}，{teams} 队"),
        format!("{sites}/{lanes}, {teams} teams"),
    )
}

/// Sites that have cells, and teams that visit.
fn staffed(model: &Model) -> impl Iterator<Item = &Site> {
    let used = |(id, site): &(SiteId, &Site)| {
        site.visits.is_some() || model.cells.values().any(|cell| cell.site == *id)
    };
    model.sites.iter().filter(used).map(|(_, site)| site)
}

/// Sites that have cells.
pub(super) fn used_sites(model: &Model) -> usize {
    staffed(model).filter(|site| site.visits.is_none()).count()
}

/// Their lanes.
pub(super) fn lanes(model: &Model) -> u64 {
    staffed(model)
        .filter(|site| site.visits.is_none())
        .map(|site| u64::from(site.lanes.value))
        .sum()
}

/// Teams that visit.
fn teams(model: &Model) -> u64 {
    let teams = model.sites.values().filter(|site| site.visits.is_some());
    teams.map(|site| u64::from(site.lanes.value)).sum()
}

/// People at the lanes while all are open, and in the teams that visit.
fn staff(model: &Model) -> u64 {
    let at = |site: &Site| {
        let crew = site.crew.scanners + site.crew.swabbers + site.crew.guides;
        u64::from(site.lanes.value) * u64::from(crew)
    };
    staffed(model).map(at).sum()
}

/// Hours of lanes while sites are open, and of teams that visit.
fn lane_hours(model: &Model) -> f64 {
    let at = |site: &Site| {
        let open = site.hours.open.iter();
        let hours: f64 = open
            .map(|&(from, to): &(Span, Span)| to.hours() - from.hours())
            .sum();
        f64::from(site.lanes.value) * hours
    };
    staffed(model).map(at).sum()
}

fn vehicles(model: &Model) -> u64 {
    let of = |courier: &crate::model::courier::Courier| match &courier.route {
        Route::Direct => courier.sites.len() as u64,
        Route::Loop { vehicles, .. } => u64::from(vehicles.value),
    };
    model.couriers.values().map(of).sum()
}

fn machines(model: &Model) -> u64 {
    let of = |lab: &crate::model::lab::Lab| match &lab.stages[lab.test].work {
        Work::Machines { machines, .. } => u64::from(machines.value),
        Work::Workers { .. } | Work::Delay { .. } | Work::Upload { .. } => 0,
    };
    model.labs.values().map(of).sum()
}

/// What decides, in words.
pub fn decides(of: Watched, language: Language) -> &'static str {
    match of {
        Watched::SwabbingEnds => language.pick("采完", "the last swab"),
        Watched::ResultsEnd => language.pick("出完结果", "the last result"),
        Watched::Turnaround => language.pick("平均周转", "mean turnaround"),
        Watched::Wait => language.pick("平均等候", "the mean wait"),
    }
}
