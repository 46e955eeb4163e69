//! Rounds: from dates to one clock, series written out, and whether a round can be held at all.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::super::checked::{Datum, Table};
use super::campaign::Gates;
use super::tiers::{Tiers, tier};
use super::{Build, CELL, Entries, Lists, name};
use crate::id::{CellId, Id, RoundId, SiteId, Table as Dense};
use crate::model::assumption::{Quantity, Range};
use crate::model::readiness::{Step, done, total};
use crate::model::site::Site;
use crate::model::{Cell, Name, Round, Tier, Turnout};
use crate::scenario::problem::shown;
use crate::scenario::tree::Place;
use crate::units::text::{print_moment, print_span};
use crate::units::{Share, Span, Time};

/// The most rounds a scenario may hold.
const MOST_ROUNDS: usize = 1_000;

/// A round of the calendar.
pub(super) struct Dated<'t, 'n> {
    table: &'t Table<'n>,
    name: Name,
    pub(super) opens: DateTime,
    ordered: Option<DateTime>,
    deadline: DateTime,
    /// When it closes, if that is said.
    closes: Option<DateTime>,
    /// The tiers that are due in it, where each tier has its own cadence.
    due: Option<Vec<Tier>>,
}

impl Dated<'_, '_> {
    /// The tiers it is for; none: all.
    fn only(&self) -> Option<Vec<Tier>> {
        let said = || self.table.get::<Vec<(String, Place)>>("tiers");
        let tiers =
            |words: Vec<(String, Place)>| words.iter().map(|(word, _)| tier(Some(word))).collect();
        self.due.clone().or_else(|| said().map(tiers))
    }
}

/// The day on which the first round opens.
pub(super) fn first_day(dates: &[Dated<'_, '_>]) -> Date {
    dates
        .iter()
        .map(|round| round.opens.date())
        .min()
        .unwrap_or(Date::constant(2000, 1, 1))
}

/// A moment on the clock that starts at 00:00 of a day.
pub(super) fn since_midnight(moment: DateTime, day: Date) -> Time {
    let length = moment.duration_since(day.to_datetime(jiff::civil::Time::midnight()));
    Time::from_millis(i64::try_from(length.as_millis()).unwrap_or(0))
}

fn later(moment: DateTime, span: Span) -> DateTime {
    moment.saturating_add(SignedDuration::from_millis(span.millis()))
}

impl<'t, 'n> Build<'t, 'n, '_> {
    /// The rounds with their dates, series written out.
    pub(super) fn dates(&mut self) -> Vec<Dated<'t, 'n>> {
        let entries = Entries::of(self.root, "rounds");
        if entries.is_empty() {
            let place = self.root.place;
            self.error(
                "S200",
                place,
                (
                    "没有轮次：不知道何时采样".into(),
                    "there are no rounds: no time to swab".into(),
                ),
                (
                    "加上 [[rounds]]，写明 id 和 opens（何时开始）",
                    "add [[rounds]] with its `id` and when it opens (`opens`)",
                ),
            );
        }
        let mut dates = Vec::new();
        for table in entries.tables {
            if table.is_broken("opens") {
                continue;
            }
            let first = self.dated(table);
            let cadence = self.cadence(table);
            if !cadence.is_empty() {
                let room = MOST_ROUNDS.saturating_sub(dates.len());
                let series = cadence.into_iter().take(room).enumerate();
                dates.extend(series.map(|(time, (after, tiers))| Dated {
                    due: Some(tiers),
                    ..repeat(&first, after, time)
                }));
                continue;
            }
            let times = self.times(table);
            let every: Span = table.get("every").unwrap_or_default();
            if times > 1 && dates.len() + times <= MOST_ROUNDS {
                let after = |time: usize| every * i64::try_from(time).unwrap_or(0);
                dates.extend((0..times).map(|time| repeat(&first, after(time), time)));
            } else {
                dates.push(first);
            }
        }
        dates.sort_by(|one, other| (one.opens, &one.name.id).cmp(&(other.opens, &other.name.id)));
        let mut ids = BTreeSet::new();
        for round in &dates {
            if !ids.insert(round.name.id.clone()) {
                let id = &round.name.id;
                self.error(
                    "S110",
                    round.table.place_of("id"),
                    (format!("编号 \"{id}\" 用了两次：一组轮次依次叫 id-1、id-2 …"), format!("the id \"{id}\" is used twice: the rounds of a series are called id-1, id-2 …")),
                    ("改其中一个编号", "change one of the ids"),
                );
            }
        }
        dates
    }

    fn dated(&mut self, table: &'t Table<'n>) -> Dated<'t, 'n> {
        let opens: DateTime = table.take("opens");
        let moment = |key: &str| match table.item(key).map(|item| &item.datum) {
            Some(Datum::Moment(moment)) => Some(*moment),
            Some(Datum::Span(span)) => Some(later(opens, *span)),
            _ => None,
        };
        let deadline = moment("deadline").unwrap_or_else(|| later(opens, Span::DAY));
        let dated = Dated {
            table,
            name: name(table),
            opens,
            ordered: moment("ordered"),
            deadline,
            closes: moment("closes"),
            due: None,
        };
        self.order(&dated);
        dated
    }

    /// Complains about moments that are out of order.
    fn order(&mut self, round: &Dated<'_, '_>) {
        let (id, opens) = (&round.name.id, print_moment(round.opens));
        if round.deadline <= round.opens && !round.table.is_broken("deadline") {
            let moment = print_moment(round.deadline);
            self.error(
                "S240",
                round.table.place_of("deadline"),
                (
                    format!("轮次 {id} 的 deadline（{moment}）不晚于开始（{opens}）"),
                    format!("round {id}: its deadline ({moment}) is not after it opens ({opens})"),
                ),
                ("如 deadline = \"24 h\"", "such as deadline = \"24 h\""),
            );
        }
        if let Some(closes) = round.closes.filter(|closes| *closes <= round.opens) {
            let moment = print_moment(closes);
            self.error(
                "S241",
                round.table.place_of("closes"),
                (
                    format!("轮次 {id} 还没开始（{opens}）就结束收人（{moment}）"),
                    format!("round {id} closes ({moment}) before it opens ({opens})"),
                ),
                (
                    "让 closes 晚于 opens，如 closes = \"18 h\"",
                    "let `closes` be later than `opens`, such as closes = \"18 h\"",
                ),
            );
        }
        if let Some(ordered) = round
            .ordered
            .filter(|ordered| *ordered > round.closes.unwrap_or(round.deadline))
        {
            let moment = print_moment(ordered);
            self.error(
                "S242",
                round.table.place_of("ordered"),
                (
                    format!("轮次 {id} 下令（{moment}）在结束之后"),
                    format!("round {id} is ordered ({moment}) after it ends"),
                ),
                ("检查日期", "check the dates"),
            );
        }
    }

    /// The rounds of a series in which each tier has its own cadence: how long after the first, and which tiers are due; empty if it is none.
    fn cadence(&mut self, table: &Table<'n>) -> Vec<(Span, Vec<Tier>)> {
        let Some(cadence) = table.table("cadence") else {
            return Vec::new();
        };
        let id: String = table.take("id");
        if let Some(other) = ["every", "tiers"].into_iter().find(|key| table.states(key)) {
            self.error(
                "S409",
                table.place_of(other),
                (
                    format!("轮次 {id} 写了 cadence，就不写 `{other}`"),
                    format!("round {id} has a `cadence` and so no `{other}`"),
                ),
                (
                    "各类别的间隔都写在 cadence 里",
                    "the intervals of all tiers stand in `cadence`",
                ),
            );
        }
        let Some(length) = table.get::<Span>("for") else {
            if !table.is_broken("for") {
                self.error(
                    "S410",
                    table.place_of("cadence"),
                    (
                        format!("轮次 {id} 写了 cadence，缺少 `for`"),
                        format!("round {id} has a `cadence` and needs `for`"),
                    ),
                    ("如 for = \"10 days\"", "such as for = \"10 days\""),
                );
            }
            return Vec::new();
        };
        let mut due = BTreeMap::<Span, Vec<Tier>>::new();
        for (key, tier) in CADENCE {
            let every: Span = cadence.take(key);
            let steps = (0..).take(MOST_ROUNDS + 1).map(|step| every * step);
            for after in steps.take_while(|after| *after < length || *after == Span::ZERO) {
                due.entry(after).or_default().push(tier);
            }
        }
        if due.len() > MOST_ROUNDS {
            self.error(
                "S243",
                table.place_of("cadence"),
                (
                    format!("这样会有超过 {MOST_ROUNDS} 轮"),
                    format!("this makes more than {MOST_ROUNDS} rounds"),
                ),
                (
                    "加长 cadence 的间隔或缩短 for",
                    "make the intervals longer or `for` shorter",
                ),
            );
        }
        due.into_iter().collect()
    }

    /// How many rounds a series has; 1 if it is none.
    fn times(&mut self, table: &Table<'n>) -> usize {
        let (every, length) = (table.get::<Span>("every"), table.get::<Span>("for"));
        let id: String = table.take("id");
        let (Some(every), Some(length)) = (every, length) else {
            if every.is_some() != length.is_some()
                && !table.is_broken("every")
                && !table.is_broken("for")
            {
                let (there, missing) = if every.is_some() {
                    ("every", "for")
                } else {
                    ("for", "every")
                };
                self.error(
                    "S243",
                    table.place_of(there),
                    (
                        format!("轮次 {id} 只写了 `{there}`，缺少 `{missing}`"),
                        format!("round {id} gives `{there}` without `{missing}`"),
                    ),
                    (
                        "一组轮次两个都要，如 every = \"48 h\"，for = \"6 days\"",
                        "a series needs both, such as every = \"48 h\", for = \"6 days\"",
                    ),
                );
            }
            return 1;
        };
        let absolute = ["deadline", "closes"].into_iter().find(|key| {
            matches!(
                table.item(key).map(|item| &item.datum),
                Some(Datum::Moment(_))
            )
        });
        if let Some(key) = absolute {
            self.error(
                "S243",
                table.place_of(key),
                (
                    format!("一组轮次的 `{key}` 要写成开始后多久"),
                    format!("in a series `{key}` is so long after each opening"),
                ),
                ("如 deadline = \"24 h\"", "such as deadline = \"24 h\""),
            );
        }
        let times = (length.millis() + every.millis() - 1).div_euclid(every.millis());
        let times = usize::try_from(times).unwrap_or(usize::MAX);
        if times > MOST_ROUNDS {
            self.error(
                "S243",
                table.place_of("every"),
                (
                    format!("这样会有 {times} 轮，最多 {MOST_ROUNDS} 轮"),
                    format!("this makes {times} rounds; {MOST_ROUNDS} is the most"),
                ),
                (
                    "加长 every 或缩短 for",
                    "make `every` longer or `for` shorter",
                ),
            );
        }
        times.max(1)
    }

    /// The rounds on the clock, each with its cells.
    pub(super) fn rounds(
        &mut self,
        dates: Vec<Dated<'_, 'n>>,
        lists: &Lists<'_, 'n>,
        cells: &Dense<CellId, Cell>,
        (sites, tiers, readiness): (&Dense<SiteId, Site>, &Tiers, &[Step]),
    ) -> (Dense<RoundId, Round>, Gates) {
        let first_day = first_day(&dates);
        self.rounds_of_cells(&dates, lists);
        let all: Vec<Vec<CellId>> = dates
            .iter()
            .map(|round| self.cells_of(round, lists, (cells, tiers)))
            .collect();
        let places: Vec<Vec<crate::model::Place>> = dates
            .iter()
            .zip(&all)
            .map(|(round, ids)| self.places(round, ids, lists, (cells, sites, tiers)))
            .collect();
        let held: Vec<BTreeSet<SiteId>> = places.iter().map(|places| at(places)).collect();
        let closes = self.closings(&dates, &held);
        let mut rounds = Dense::new();
        let mut gates = Gates::default();
        let all = all.into_iter().zip(places);
        for (((dated, (ids, places)), held), closes) in
            dates.into_iter().zip(all).zip(held).zip(closes)
        {
            if ids.is_empty() && dated.due.is_some() {
                continue;
            }
            gates.gates.push(self.gate(dated.table, rounds.is_empty()));
            gates.only.push(if self.root.table("review").is_some() {
                dated.only().unwrap_or_default()
            } else {
                Vec::new()
            });
            let turnout = self.turnout(&dated, &ids, lists, cells);
            let on_clock = |moment| since_midnight(moment, first_day);
            let round = Round {
                opens: on_clock(dated.opens),
                ordered: dated.ordered.map(on_clock),
                closes: on_clock(closes),
                deadline: on_clock(dated.deadline),
                name: dated.name,
                turnout,
                tiers: ids
                    .iter()
                    .filter_map(|id| Some(tiers.at(*id, cells.get(*id)?, dated.opens)))
                    .collect(),
                cells: ids,
                places,
            };
            self.can_be_held(dated.table, &round, &held, (sites, readiness));
            rounds.push(round);
        }
        (rounds, gates)
    }

    /// Complains about cells that are due in rounds that are not there.
    fn rounds_of_cells(&mut self, dates: &[Dated<'_, '_>], lists: &Lists<'_, 'n>) {
        let entries = Entries::of(self.root, "rounds");
        for cell in &lists.cells.tables {
            let only = cell
                .get::<Vec<(String, Place)>>("rounds")
                .unwrap_or_default();
            for (id, place) in only {
                let known = entries.index.contains_key(&id)
                    || dates.iter().any(|round| round.name.id == id);
                if !known && !entries.partial {
                    self.error(
                        "S411",
                        place,
                        (
                            format!("没有编号为 \"{}\" 的轮次", shown(&id)),
                            format!("there is no round \"{}\"", shown(&id)),
                        ),
                        (
                            "写 [[rounds]] 里的编号；省略 rounds 则每轮都应检",
                            "use an id of [[rounds]]; left out, the cell is due in every round",
                        ),
                    );
                }
            }
        }
    }

    fn cells_of(
        &mut self,
        round: &Dated<'_, '_>,
        lists: &Lists<'_, 'n>,
        (cells, tiers): (&Dense<CellId, Cell>, &Tiers),
    ) -> Vec<CellId> {
        let mut found: Vec<CellId> = match round.table.get::<Vec<(String, Place)>>("cells") {
            Some(listed) => {
                let found: BTreeSet<usize> = listed
                    .iter()
                    .filter_map(|(id, place)| self.find(id, *place, CELL, &lists.cells))
                    .collect();
                found.into_iter().map(CellId::from_index).collect()
            }
            None => cells
                .ids()
                .filter(|id| is_due(lists.cells.tables.get(id.index()), round))
                .collect(),
        };
        let Some(wanted) = round.only() else {
            return found;
        };
        if self.root.table("review").is_some() {
            // Which of them are of these tiers is known only when the round opens.
            return found;
        }
        let known = !found.is_empty();
        found.retain(|id| {
            cells
                .get(*id)
                .is_some_and(|cell| wanted.contains(&tiers.at(*id, cell, round.opens)))
        });
        if known && found.is_empty() && round.due.is_none() && lists.cells.are_sound() {
            let id = &round.name.id;
            self.error(
                "S251",
                round.table.place_of("tiers"),
                (
                    format!("轮次 {id} 开始时没有一个网格属于这些类别"),
                    format!("when round {id} opens no cell is of these tiers"),
                ),
                (
                    "核对网格的 tier 和 [[tiers]]，或改这一轮的 tiers",
                    "see the cells' `tier` and [[tiers]], or change the round's `tiers`",
                ),
            );
        }
        found
    }

    /// When each round closes: as said, or at the deadline, but not after the next round of one of its sites opens.
    fn closings(&mut self, dates: &[Dated<'_, '_>], held: &[BTreeSet<SiteId>]) -> Vec<DateTime> {
        let mut closings = Vec::with_capacity(dates.len());
        for (at, round) in dates.iter().enumerate() {
            let mut closes = round.closes.unwrap_or(round.deadline);
            let next = (at + 1..dates.len())
                .take_while(|next| dates[*next].opens < closes)
                .find(|next| !held[at].is_disjoint(&held[*next]));
            if let Some(next) = next.map(|next| &dates[next]) {
                let (id, other, opens) = (&round.name.id, &next.name.id, print_moment(next.opens));
                if round.closes.is_some() || next.opens == round.opens {
                    self.error(
                        "S244",
                        next.table.place_of("opens"),
                        (
                            format!("轮次 {other} 开始（{opens}）时，轮次 {id} 还在同一采样点收人"),
                            format!("round {other} opens ({opens}) while round {id} still takes people in at the same site"),
                        ),
                        ("让前一轮早些 closes，后一轮晚些 opens，或各用不同的网格", "close the first earlier, open the second later, or give them different `cells`"),
                    );
                } else {
                    let deadline = print_moment(round.deadline);
                    self.warning(
                        "S245",
                        next.table.place_of("opens"),
                        (
                            format!("轮次 {id} 到 {other} 开始时（{opens}）就不再收人，早于它的 deadline（{deadline}）"),
                            format!("round {id} takes nobody in after {other} opens ({opens}), before its deadline ({deadline})"),
                        ),
                        ("有意如此就给前一轮写 closes", "write `closes` for the first if this is meant"),
                    );
                    closes = next.opens;
                }
            }
            closings.push(closes);
        }
        closings
    }

    fn turnout(
        &mut self,
        round: &Dated<'_, '_>,
        ids: &[CellId],
        lists: &Lists<'_, 'n>,
        cells: &Dense<CellId, Cell>,
    ) -> Turnout {
        let table = round.table;
        if table.states("swabbed") && table.states("turnout") {
            self.error(
                "S246",
                table.place_of("turnout"),
                (
                    "swabbed 和 turnout 只写一个".into(),
                    "`swabbed` and `turnout` are two ways of saying one thing".into(),
                ),
                (
                    "已知采了多少人写 swabbed，否则写 turnout",
                    "keep `swabbed` where the count is known, else `turnout`",
                ),
            );
        }
        if !table.states("swabbed") {
            let share = if table.item("turnout").is_some() {
                self.quantity(table, "turnout")
            } else {
                Quantity::known(Share(1.0))
            };
            return Turnout::Share(share);
        }
        let swabbed: Quantity<u32> = self.quantity(table, "swabbed");
        let due: u64 = ids
            .iter()
            .filter_map(|id| cells.get(*id))
            .map(|cell| u64::from(cell.due()))
            .sum();
        let most = swabbed
            .range
            .as_ref()
            .map_or(swabbed.value, |Range { high, .. }| *high);
        if u64::from(most) > due
            && !table.is_broken("swabbed")
            && !table.is_broken("cells")
            && lists.cells.are_sound()
        {
            let id = &round.name.id;
            self.error(
                "S247",
                table.place_of("swabbed"),
                (format!("轮次 {id} 采 {most} 人，多于应检的 {due} 人"), format!("round {id} swabs {most} people, and only {due} are due")),
                ("核对 swabbed 与各网格人数（应检 = 常住 − 在外 − 免检 + 暂住）", "check `swabbed` against the cells (due = residents − away − exempt + transients)"),
            );
        }
        Turnout::Swabbed(swabbed)
    }

    /// Complains about a round in which no site can swab anyone.
    fn can_be_held(
        &mut self,
        table: &Table<'_>,
        round: &Round,
        held: &BTreeSet<SiteId>,
        (sites, readiness): (&Dense<SiteId, Site>, &[Step]),
    ) {
        if round.closes <= round.opens || self.root.is_broken("hours") {
            return;
        }
        let id = &round.name.id;
        for site in held.iter().filter_map(|site| sites.get(*site)) {
            let setup = if readiness.is_empty() {
                site.hours.setup
            } else {
                total(&done(readiness, |takes| takes.value))
            };
            let ready = round
                .ordered
                .map_or(round.opens, |ordered| (ordered + setup).max(round.opens));
            if ready >= round.closes {
                let setup = print_span(setup);
                self.error(
                    "S248",
                    table.place_of("ordered"),
                    (
                        format!("轮次 {id}：下令后布点要 {setup}，到结束也没布好采样点 {}", site.name.id),
                        format!("round {id}: setting up site {} takes {setup} from the order, longer than the round", site.name.id),
                    ),
                    ("提早 ordered，缩短 hours.setup，或延后 closes", "order earlier, shorten `hours.setup`, or close later"),
                );
                return;
            }
            if !opens_within(&site.hours.open, ready, round.closes) {
                let hours = Self::open_hours(site);
                self.error(
                    "S249",
                    table.place_of("closes"),
                    (
                        format!("轮次 {id} 期间采样点 {} 一直不开（{hours}）", site.name.id),
                        format!(
                            "round {id}: site {} is never open in it ({hours})",
                            site.name.id
                        ),
                    ),
                    (
                        "改 hours.open，或改这一轮的 opens、closes",
                        "change `hours.open`, or when the round opens and closes",
                    ),
                );
                return;
            }
        }
    }
}

/// The keys of a cadence.
const CADENCE: [(&str, Tier); 4] = [
    ("isolation", Tier::Isolation),
    ("sealed", Tier::Sealed),
    ("controlled", Tier::Controlled),
    ("precaution", Tier::Precaution),
];

/// Whether a cell is due in a round that does not name its cells.
fn is_due(cell: Option<&&Table<'_>>, round: &Dated<'_, '_>) -> bool {
    let only = cell.and_then(|cell| cell.get::<Vec<(String, Place)>>("rounds"));
    let series: String = round.table.take("id");
    only.is_none_or(|only| {
        let named = |(id, _): &(String, Place)| *id == series || *id == round.name.id;
        only.iter().any(named)
    })
}

/// Whether daily hours leave some time between two moments.
fn opens_within(open: &[(Span, Span)], from: Time, to: Time) -> bool {
    // The day before counts, for hours that pass midnight; two days later everything has been open once.
    let days =
        (-1..=2).map(|day| Time::from_millis(from.midnight().millis() + day * Span::DAY.millis()));
    days.into_iter().any(|day| {
        open.iter()
            .any(|(start, end)| (day + *start).max(from) < (day + *end).min(to))
    })
}

/// The sites and teams of a round.
fn at(places: &[crate::model::Place]) -> BTreeSet<SiteId> {
    let both = |place: &crate::model::Place| {
        let teams = place.visited.map(|(_, site)| site);
        [Some(place.site), teams].into_iter().flatten()
    };
    places.iter().flat_map(both).collect()
}

/// One round of a series.
fn repeat<'t, 'n>(first: &Dated<'t, 'n>, shift: Span, time: usize) -> Dated<'t, 'n> {
    let called = |text: &str| format!("{text}-{}", time + 1);
    Dated {
        table: first.table,
        name: Name {
            id: called(&first.name.id),
            zh: called(&first.name.zh),
            en: called(&first.name.en),
        },
        opens: later(first.opens, shift),
        ordered: first.ordered.map(|moment| later(moment, shift)),
        deadline: later(first.deadline, shift),
        closes: first.closes.map(|moment| later(moment, shift)),
        due: None,
    }
}
