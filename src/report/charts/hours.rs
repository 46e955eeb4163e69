//! The hours of the round in most danger: waits and what is busy as heat maps, and one replication as it went.

use super::places::{footnote, titled};
use super::rows;
use super::{NAMES, name, provenance, stage, title, words};
use crate::chart::{Axis, Chart, Color, Dash, Fill, Join, Line, Tick, Tile, Weight};
use crate::experiment::results::Results;
use crate::id::{RoundId, SiteId};
use crate::measure::day::{BIN_MIN, Day, RoundDay, SiteDay};
use crate::model::Model;
use crate::model::isolation::Rooms;
use crate::report::layout::crop;
use crate::report::number::{count, decimal, percent};
use crate::report::verdict::order;
use crate::units::language::Language;
use crate::units::{Span, Time};

/// Columns of a heat map at most; bins are joined until there are no more.
const COLUMNS: usize = 28;

/// What a heat map is made of.
struct Heat<'a> {
    model: &'a Model,
    results: &'a Results,
    id: RoundId,
    language: Language,
}

/// A row of a heat map: what it is, and its bins.
struct Lane {
    label: String,
    bins: Vec<f64>,
}

/// Mean waits of those who come, by site and hour.
pub(super) fn waits(
    (model, results, day): (&Model, &Results, &Day),
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let heat = Heat {
        model,
        results,
        id,
        language,
    };
    let round = day.rounds.get(id)?;
    let sites: Vec<SiteId> = heat.sites(round);
    let step = Heat::step(round.sites.values().map(|site| site.came.len()).max()?);
    let lanes: Vec<Lane> = sites
        .iter()
        .map(|&site| {
            let (hours, named) = (&round.sites[&site], &model.sites[site].name);
            let (came, waited) = (joined(&hours.came, step), joined(&hours.waited, step));
            let mean = |(came, waited): (&f64, &f64)| {
                if *came >= 0.5 {
                    waited / came
                } else {
                    f64::NAN
                }
            };
            Lane {
                label: name(named, language).to_owned(),
                bins: came.iter().zip(&waited).map(mean).collect(),
            }
        })
        .collect();
    let (worst, at, minutes) = peak(&lanes)?;
    let moment = heat.clock(at * step);
    let (place, length) = (
        crop(&lanes[worst].label, NAMES),
        words::length(minutes, language),
    );
    let queue = sites
        .iter()
        .map(|site| round.sites[site].queue.iter().copied().fold(0.0, f64::max))
        .fold(0.0, f64::max);
    let queue = count(queue);
    let unit = words::Unit::of(minutes);
    let named = unit.name(language);
    let subtitle = language.pick(
        format!("等得最久的是 {moment} 到{place}的人，平均 {length}；队伍平均最长 {queue} 人（格内为{named}，越深越久）"),
        format!("Longest for those who come to {place} at {moment}: {length} on average; queues of up to {queue} ({named} in the fields; darker is longer)"),
    );
    let whole = |wait: f64| unit.number(wait);
    Some(heat.chart(
        language.pick("几点来要等多久", "how long people wait, by site and hour"),
        subtitle,
        (&lanes, heat.people(round)),
        (step, minutes.max(30.0), &whole),
    ))
}

/// How busy sites and stages are, by hour.
pub(super) fn busy(
    (model, results, day): (&Model, &Results, &Day),
    (id, language): (RoundId, Language),
) -> Option<Chart> {
    let heat = Heat {
        model,
        results,
        id,
        language,
    };
    let round = day.rounds.get(id)?;
    let longest = round.sites.values().map(|site| site.busy.len());
    let stages = round.stages.values().map(|stage| stage.working.len());
    let step = Heat::step(longest.chain(stages).max()?);
    let mean = |bins: &[f64], of: f64| {
        let sums = joined(bins, step);
        sums.iter()
            .map(|sum| sum / step as f64 / of)
            .collect::<Vec<f64>>()
    };
    let mut lanes: Vec<Lane> = round
        .stages
        .iter()
        .filter(|(_, stage)| stage.most > 0)
        .map(|(&(lab, id), hours)| Lane {
            label: stage(model, lab, id, language),
            bins: mean(&hours.working, f64::from(hours.most)),
        })
        .collect();
    let lanes_of_stages = lanes.len();
    lanes.truncate(rows::MOST / 2);
    let room = rows::MOST - lanes.len();
    let sites = heat.sites(round);
    let shown = sites.iter().take(room).map(|&site| Lane {
        label: name(&model.sites[site].name, language).to_owned(),
        bins: mean(&round.sites[&site].busy, 1.0),
    });
    let mut all: Vec<Lane> = shown.collect();
    all.append(&mut lanes);
    let subtitle = fullest(&all, step, language)?;
    let whole = |share: f64| count(share * 100.0);
    let total = heat.people(round) + lanes_of_stages;
    Some(heat.chart(
        language.pick(
            "采样台和实验室几点有多忙",
            "how busy lanes and laboratory are, by hour",
        ),
        subtitle,
        (&all, total),
        (step, 1.0, &whole),
    ))
}

/// What is at full stretch for longest, in a sentence.
fn fullest(lanes: &[Lane], step: usize, language: Language) -> Option<String> {
    let full = |lane: &Lane| lane.bins.iter().filter(|&&share| share >= 0.9).count();
    let most = (0..lanes.len()).max_by_key(|&at| (full(&lanes[at]), usize::MAX - at))?;
    let (place, hours) = (
        crop(&lanes[most].label, NAMES),
        full(&lanes[most]) as f64 * step as f64 * f64::from(BIN_MIN),
    );
    Some(if hours > 0.0 {
        let length = words::length(hours, language);
        language.pick(
            format!("满负荷（九成以上）最久的是{place}：{length}（格内为百分数，越深越忙）"),
            format!("Longest at full stretch (over 90%): {place}, {length} (percent in the fields; darker is busier)"),
        )
    } else {
        language
            .pick(
                "没有一处长时间满负荷（格内为百分数，越深越忙）",
                "Nothing is at full stretch for long (percent in the fields; darker is busier)",
            )
            .to_owned()
    })
}

/// The lane, the column and the value where a heat map is darkest.
fn peak(lanes: &[Lane]) -> Option<(usize, usize, f64)> {
    let all = lanes.iter().enumerate().flat_map(|(lane, row)| {
        let bins = row.bins.iter().enumerate();
        bins.map(move |(at, &value)| (lane, at, value))
    });
    all.filter(|(_, _, value)| value.is_finite())
        .max_by(|one, other| order(one.2, other.2))
}

/// Every `step` bins added up.
fn joined(bins: &[f64], step: usize) -> Vec<f64> {
    bins.chunks(step).map(|chunk| chunk.iter().sum()).collect()
}

impl Heat<'_> {
    /// Sites to which people come.
    fn with_people(&self, round: &RoundDay) -> Vec<SiteId> {
        let to_them = |(site, hours): &(&SiteId, &SiteDay)| {
            self.model.sites[**site].visits.is_none() && hours.came.iter().sum::<f64>() > 0.0
        };
        let sites = round.sites.iter().filter(to_them);
        sites.map(|(&site, _)| site).collect()
    }

    /// How many sites people come to.
    fn people(&self, round: &RoundDay) -> usize {
        self.with_people(round).len()
    }

    /// Sites with people, those with most waiting first.
    fn sites(&self, round: &RoundDay) -> Vec<SiteId> {
        let waited = |site: &SiteId| round.sites[site].waited.iter().sum::<f64>();
        let mut sites = self.with_people(round);
        sites.sort_by(|one, other| order(waited(other), waited(one)));
        sites.truncate(rows::MOST);
        sites
    }

    /// How many bins are joined so that the columns can be read.
    fn step(bins: usize) -> usize {
        [1, 2, 4, 6, 8, 12]
            .into_iter()
            .find(|step| bins.div_ceil(*step) <= COLUMNS)
            .unwrap_or(24)
    }

    fn clock(&self, bin: usize) -> String {
        let opens = self.model.rounds[self.id].opens;
        let at = opens + Span::MINUTE * (bin as i64 * i64::from(BIN_MIN));
        words::moment(self.model.first_day, at, opens, self.language)
    }

    fn chart(
        &self,
        which: &str,
        subtitle: String,
        (lanes, all): (&[Lane], usize),
        (step, darkest, said): (usize, f64, &dyn Fn(f64) -> String),
    ) -> Chart {
        let columns = lanes.iter().map(|lane| lane.bins.len()).max().unwrap_or(1);
        let first = lanes
            .iter()
            .filter_map(|lane| {
                lane.bins
                    .iter()
                    .position(|bin| bin.is_finite() && *bin > 0.0)
            })
            .min()
            .unwrap_or(0);
        let height = lanes.len() as f64;
        let mut tiles = Vec::new();
        for (row, lane) in lanes.iter().enumerate() {
            let bottom = height - row as f64 - 1.0;
            for (column, &value) in lane.bins.iter().enumerate().skip(first) {
                if value.is_finite() {
                    tiles.push(Tile {
                        from: (column as f64 + 0.02, bottom + 0.05),
                        to: (column as f64 + 0.98, bottom + 0.95),
                        fill: Fill::Share(value / darkest),
                        labels: vec![said(value)],
                    });
                }
            }
        }
        let opens = self.model.rounds[self.id].opens;
        let tick = |column: usize| Tick {
            at: column as f64,
            label: words::clock(
                opens + Span::MINUTE * ((column * step) as i64 * i64::from(BIN_MIN)),
            ),
        };
        Chart {
            title: titled(self.model, self.id, which, self.language),
            subtitle,
            x: Axis {
                label: String::new(),
                from: first as f64,
                to: columns as f64,
                ticks: (first..=columns).map(tick).collect(),
            },
            y: Axis {
                label: String::new(),
                from: 0.0,
                to: height,
                ticks: lanes
                    .iter()
                    .enumerate()
                    .map(|(row, lane)| Tick {
                        at: height - row as f64 - 0.5,
                        label: lane.label.clone(),
                    })
                    .collect(),
            },
            tiles,
            footnote: footnote(self.model, self.results, (lanes.len(), all), self.language),
            ..Chart::default()
        }
    }
}

/// Isolation rooms needed day by day against those there are.
pub(super) fn rooms(
    (model, results, day): (&Model, &Results, &Day),
    language: Language,
) -> Option<Chart> {
    let isolation = model.isolation.as_ref()?;
    let needed = &day.rooms;
    let most = needed.iter().copied().fold(0.0, f64::max);
    if most < 0.5 {
        return None;
    }
    let first = model.rounds.values().map(|round| round.opens).min()?;
    let at = |day: usize| first + Span::DAY * day as i64;
    let there = |moment: Time| {
        let open = |rooms: &&Rooms| rooms.from.is_none_or(|from| from <= moment);
        let rooms = isolation.rooms.iter().filter(open);
        rooms.map(|rooms| f64::from(rooms.rooms)).sum::<f64>()
    };
    let days = 0..needed.len();
    let have: Vec<(f64, f64)> = days
        .clone()
        .map(|day| (day as f64, there(at(day))))
        .collect();
    let need: Vec<(f64, f64)> = days.clone().map(|day| (day as f64, needed[day])).collect();
    let top = have.iter().map(|point| point.1).fold(most, f64::max);
    let peak = days
        .clone()
        .max_by(|&one, &other| order(needed[one], needed[other]))?;
    let (when, rooms) = (
        words::date(model.first_day, at(peak), language),
        decimal(most, 0),
    );
    let share = percent(most / there(at(peak)).max(1.0));
    Some(Chart {
        title: title(language.pick("隔离房间", "isolation rooms")),
        subtitle: language.pick(
            format!("平均最多要 {rooms} 间（{when}），为当时已有的 {share}"),
            format!(
                "Up to {rooms} rooms needed on average ({when}), {share} of those available then"
            ),
        ),
        x: Axis {
            label: String::new(),
            from: 0.0,
            to: needed.len() as f64,
            ticks: days
                .step_by(3)
                .map(|day| Tick {
                    at: day as f64,
                    label: words::date(model.first_day, at(day), language),
                })
                .collect(),
        },
        y: rows::numbers(top, 0.06, language.pick("房间", "Rooms").to_owned()),
        lines: room_lines((need, have), language),
        footnote: provenance(model, results, language),
        ..Chart::default()
    })
}

/// The points of a line.
type Points = Vec<(f64, f64)>;

/// Rooms needed, and rooms there are.
fn room_lines((need, have): (Points, Points), language: Language) -> Vec<Line> {
    let line = |name: &str, (color, dash, join), points| Line {
        name: name.to_owned(),
        color,
        dash,
        weight: Weight::Strong,
        join,
        points,
        band: Vec::new(),
    };
    vec![
        line(
            language.pick("需要", "Needed"),
            (Color::Vermilion, Dash::Solid, Join::Step),
            need,
        ),
        line(
            language.pick("已有", "Available"),
            (Color::Ink, Dash::Dotted, Join::Step),
            have,
        ),
    ]
}
