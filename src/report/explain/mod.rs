//! Why results are late: whose, where their time goes, by which hour and at which site, and what it would be without each cause.

mod charts;
mod sheets;
mod words;

pub use charts::{hours, sites};
pub use sheets::{by_hour, by_part, by_site, json};

use crate::experiment::explain::{Cause, Explanation, LAST, Relief, Whom, helps};
use crate::experiment::lever::Pull;
use crate::experiment::results::Results;
use crate::id::SiteId;
use crate::measure::parts::Part;
use crate::model::{Model, Round};
use crate::stats::selection::Paired;
use crate::units::Time;
use crate::units::language::Language;

use super::layout::{crop, labelled, table};
use super::levers::lever;
use super::number::{Calendar, count, decimal, minutes, percent};
use super::risk;
use super::words::{Label, called};

/// Rows of the table on the screen, causes told, sites named.
const ROWS: usize = 6;
const CAUSES: usize = 3;
const SITES: usize = 2;
/// Stretches of the day on the screen.
const STRETCHES: usize = 4;

/// An operation and why a round of it is late.
#[derive(Clone, Copy, Debug)]
pub struct Explained<'a> {
    /// The operation.
    pub model: &'a Model,
    /// Why.
    pub found: &'a Explanation,
    /// What the scenario's own replications come to.
    pub results: &'a Results,
}

/// A site: who of it is looked at, their people, and minutes of each by part.
pub(super) type SiteRow = (Option<SiteId>, f64, Vec<f64>);

impl Explained<'_> {
    pub(super) fn round(&self) -> &Round {
        &self.model.rounds[self.found.round]
    }

    pub(super) const fn calendar(&self, language: Language) -> Calendar {
        Calendar {
            first_day: self.model.first_day,
            language,
        }
    }

    /// Where someone is, in words.
    pub(super) fn says(&self, part: Part, language: Language) -> String {
        words::part(self.model, &self.found.parts, part, language)
    }

    /// The clock at the beginning of an hour of the split.
    pub(super) fn clock(&self, hour: usize) -> Time {
        let opens = self.round().opens.millis();
        let first = opens.div_euclid(3_600_000);
        Time::from_millis((first + hour as i64) * 3_600_000)
    }

    /// People looked at, on average, by hour and part.
    pub(super) fn by_hour(&self) -> Vec<Vec<f64>> {
        let each = |&millis: &i64| millis as f64 / 3.6e6 / f64::from(self.found.replications);
        let length = self.found.parts.len();
        let hour = |hour: &Vec<i64>| {
            let mut row: Vec<f64> = hour.iter().map(each).collect();
            row.resize(length, 0.0);
            row
        };
        self.found.split.hours.iter().map(hour).collect()
    }

    /// Sites by the person-minutes of theirs, the most first.
    pub(super) fn by_site(&self) -> Vec<SiteRow> {
        let length = self.found.parts.len();
        let replications = f64::from(self.found.replications);
        let site = |(site, (people, sums)): (&Option<SiteId>, &(u64, Vec<i64>))| {
            let each = |&sum: &i64| sum as f64 / *people as f64 / 6e4;
            let mut row: Vec<f64> = sums.iter().map(each).collect();
            row.resize(length, 0.0);
            (*site, *people as f64 / replications, row)
        };
        let there = self
            .found
            .split
            .sites
            .iter()
            .filter(|(_, (people, _))| *people > 0);
        let mut rows: Vec<SiteRow> = there.map(site).collect();
        let whole = |row: &SiteRow| row.1 * row.2.iter().sum::<f64>();
        rows.sort_by(|one, other| whole(other).total_cmp(&whole(one)));
        rows
    }

    pub(super) fn site_name(&self, site: Option<SiteId>, language: Language) -> String {
        let named = |site: SiteId| called(&self.model.sites[site].name, language).to_owned();
        site.map_or_else(
            || language.pick("外来样本", "from elsewhere").to_owned(),
            named,
        )
    }

    /// The shortest stretch of hours that holds most of the time at a part, if it is shorter than half of all.
    pub(super) fn mostly(&self, part: Part) -> Option<(usize, usize)> {
        const MOST: f64 = 0.7;
        let at = self.found.parts.index(part);
        let hours: Vec<f64> = self.by_hour().iter().map(|hour| hour[at]).collect();
        let whole: f64 = hours.iter().sum();
        let busy = hours.iter().filter(|&&hour| hour > 0.0).count();
        let holds = |from: usize, length: usize| {
            hours[from..from + length].iter().sum::<f64>() >= MOST * whole
        };
        let found = (1..=hours.len()).find_map(|length| {
            let from = (0..=hours.len() - length).find(|&from| holds(from, length))?;
            Some((from, from + length))
        });
        found.filter(|(from, to)| whole > 0.0 && (busy <= 3 || (to - from) * 4 <= busy * 3))
    }

    fn stretch(&self, (from, to): (usize, usize), language: Language) -> String {
        let calendar = self.calendar(language);
        let from = calendar.clock_after(
            self.clock(from).midnight(),
            minutes_of_day(self.clock(from)),
        );
        let to = calendar.clock_after(self.clock(to).midnight(), minutes_of_day(self.clock(to)));
        format!("{from}–{to}")
    }

    /// Where most of them are, hour by hour: stretches of the clock.
    pub(super) fn binding(&self) -> Vec<((usize, usize), Part)> {
        let hours = self.by_hour();
        let whole: f64 = hours.iter().flatten().sum();
        let mut stretches: Vec<((usize, usize), Part)> = Vec::new();
        for (at, hour) in hours.iter().enumerate() {
            if hour.iter().sum::<f64>() < 0.002 * whole {
                continue;
            }
            let parts = self.found.parts.list.iter().zip(hour);
            let Some((&part, _)) = parts.max_by(|one, other| one.1.total_cmp(other.1)) else {
                continue;
            };
            match stretches.last_mut() {
                Some((stretch, last)) if *last == part => stretch.1 = at + 1,
                _ => stretches.push(((at, at + 1), part)),
            }
        }
        stretches
    }
}

fn minutes_of_day(moment: Time) -> f64 {
    moment.time_of_day().minutes()
}

/// The answer on one screen.
pub fn screen(explained: &Explained<'_>, language: Language, files: Option<&str>) -> String {
    let title = crop(called(&explained.model.title, language), 40);
    let round = crop(called(&explained.round().name, language), 20);
    let each = explained.found.replications;
    let head = language.pick(
        format!("{title} · {round} · 重复 {each} 次\n"),
        format!("{title} · {round} · {each} replications\n"),
    );
    let mut first = vec![(Label::Verdict.says(language), verdict(explained, language))];
    for (at, cause) in explained.found.causes.iter().take(CAUSES).enumerate() {
        let label = if at == 0 {
            language.pick("为什么", "Why")
        } else {
            ""
        };
        first.push((
            label,
            format!("{}. {}", at + 1, sentence(explained, cause, language)),
        ));
    }
    let mut below = vec![
        (
            language.pick("各时段", "By hour"),
            of_the_day(explained, language),
        ),
        (
            language.pick("采样点", "Sites"),
            worst_sites(explained, language),
        ),
    ];
    let at = (explained.found.round, language);
    let often = [
        risk::how_often(explained.model, explained.results, at),
        risk::worst(explained.model, explained.results, at),
    ];
    let often: Vec<String> = often.into_iter().flatten().collect();
    below.push((language.pick("把握", "Chances"), often.join("\n")));
    below.retain(|(_, text)| !text.is_empty());
    below.extend(files.map(|files| (Label::Files.says(language), files.to_owned())));
    [
        head,
        labelled(&first, language),
        shares(explained, language),
        labelled(&below, language),
    ]
    .join("\n")
}

/// Whose results, and what holds them most.
pub(super) fn verdict(explained: &Explained<'_>, language: Language) -> String {
    let found = explained.found;
    let calendar = explained.calendar(language);
    let (people, all) = (count(found.people.max(1.0)), count(found.published));
    let share = percent(found.people / found.published);
    let whose = match found.whom {
        Whom::Late => {
            let deadline = calendar.moment(explained.round().deadline);
            let (late, of) = (found.happens, found.replications);
            language.pick(
                format!("{of} 次推演中 {late} 次有人超过时限 {deadline}，平均 {people} 人（共 {all} 人，{share}）"),
                format!("In {late} of {of} replications results are out after the deadline, {deadline}: {people} of {all} people on average ({share})"),
            )
        }
        Whom::Last => {
            let last = percent(LAST);
            let clock = calendar.clock_after(explained.round().opens, found.minutes.0);
            language.pick(
                format!("没有人超时；看最后 {last}（{people} 人），他们的结果平均 {clock} 出"),
                format!("Nobody is late; of the last {last} ({people} people) results are out at {clock} on average"),
            )
        }
    };
    let cause = found.causes.first();
    let helped = cause.and_then(|cause| Some((cause, cause.relief.as_ref()?)));
    match helped.filter(|(_, relief)| helps(&relief.gain)) {
        Some((_, relief)) => {
            let what = words::cause(explained.model, &relief.lever, language);
            let gain = earlier(&relief.gain);
            language.pick(
                format!("{whose}。最卡的：{what}；不卡时早 {gain} 分钟"),
                format!("{whose}. What holds them most: {what}; without it they are out {gain} min earlier"),
            )
        }
        None => language.pick(
            format!("{whose}。单独放开哪一样都不会明显提前"),
            format!("{whose}. No single thing holds them: relieving one alone brings them no clearly earlier"),
        ),
    }
}

/// A gain in minutes with its interval.
fn earlier(gain: &Paired) -> String {
    if !gain.half.is_finite() {
        return count(-gain.mean);
    }
    let half = decimal(gain.half, usize::from(gain.half < 1.0));
    format!("{} ± {half}", count(-gain.mean))
}

/// A cause in one sentence.
pub(super) fn sentence(explained: &Explained<'_>, cause: &Cause, language: Language) -> String {
    let parts: Vec<String> = cause
        .parts
        .iter()
        .take(2)
        .map(|&part| explained.says(part, language))
        .collect();
    let mut what = parts.join(language.pick("、", "; "));
    let helpful = cause.relief.as_ref();
    if let Some(relief) = helpful.filter(|relief| helps(&relief.gain)) {
        let cause_words = words::cause(explained.model, &relief.lever, language);
        what = match cause.parts.len() {
            1 => cause_words,
            _ => language.pick(
                format!("{cause_words}：{what}"),
                format!("{cause_words} ({what})"),
            ),
        };
    }
    let share = percent(cause.minutes / explained.found.minutes_of_each());
    let each = minutes(cause.minutes, language);
    let mut told = language.pick(
        format!("{what}，每人 {each}（{share}）"),
        format!("{what}: {each} each ({share})"),
    );
    if let Some(stretch) = explained.mostly(cause.parts[0]) {
        let stretch = explained.stretch(stretch, language);
        told += &language.pick(format!("，多在 {stretch}"), format!(", mostly {stretch}"));
    }
    if let Some(site) = stands_out(explained, cause.parts[0], language) {
        told += &language.pick(format!("，{site}最久"), format!(", longest at {site}"));
    }
    told += language.pick("；", "; ");
    told + &relieved(explained, cause.relief.as_ref(), language)
}

/// The site at which people wait much longer than on average.
fn stands_out(explained: &Explained<'_>, part: Part, language: Language) -> Option<String> {
    let at = explained.found.parts.index(part);
    let rows = explained.by_site();
    let people: f64 = rows.iter().map(|row| row.1).sum();
    let mean = rows.iter().map(|row| row.1 * row.2[at]).sum::<f64>() / people;
    let large = rows.iter().filter(|row| row.1 >= 0.05 * people);
    let most = large.max_by(|one, other| one.2[at].total_cmp(&other.2[at]))?;
    let far = rows.len() > 1 && most.2[at] > 1.3 * mean;
    far.then(|| explained.site_name(most.0, language))
}

/// What it would be without a cause.
fn relieved(explained: &Explained<'_>, relief: Option<&Relief>, language: Language) -> String {
    let Some(relief) = relief else {
        return language
            .pick("没有可调的", "nothing that could be changed")
            .to_owned();
    };
    let how = lever(explained.model, &relief.lever, relief.pull, language);
    if !helps(&relief.gain) {
        return language.pick(
            format!("{how}也不会明显提前"),
            format!("{how}: no clearly earlier"),
        );
    }
    let gain = earlier(&relief.gain);
    let told = language.pick(
        format!("若{how}，早 {gain} 分钟"),
        format!("{how}: {gain} min earlier"),
    );
    match (explained.found.whom, relief.pull) {
        (Whom::Late, Pull::Away | Pull::Down) if relief.late.mean < -0.5 => {
            let fewer = count(-relief.late.mean);
            told + &language.pick(
                format!("，少 {fewer} 人超时"),
                format!(", {fewer} fewer late"),
            )
        }
        _ => told,
    }
}

impl Explanation {
    /// Minutes of each person looked at.
    pub(super) fn minutes_of_each(&self) -> f64 {
        self.split.total as f64 / self.split.people as f64 / 6e4
    }
}

/// The parts with most of the time, in the order in which people go through them.
fn shares(explained: &Explained<'_>, language: Language) -> String {
    let found = explained.found;
    let whole = found.minutes_of_each();
    let each = found.each();
    let mut longest: Vec<usize> = (0..each.len())
        .filter(|&at| each[at] >= 0.01 * whole)
        .collect();
    longest.sort_by(|&one, &other| each[other].total_cmp(&each[one]));
    longest.truncate(ROWS);
    longest.sort_unstable();
    let heads = language.pick(
        ["从开始到出结果", "每人（分钟）", "占", "多在"],
        [
            "from the opening to the result",
            "min each",
            "share",
            "mostly",
        ],
    );
    let rows = longest.into_iter().map(|at| {
        let part = found.parts.list[at];
        let stretch = explained.mostly(part);
        vec![
            crop(&explained.says(part, language), 44),
            count(each[at].round()),
            percent(each[at] / whole),
            stretch.map_or_else(String::new, |stretch| explained.stretch(stretch, language)),
        ]
    });
    table(&heads, rows)
}

/// Where most of them are by the time of day.
fn of_the_day(explained: &Explained<'_>, language: Language) -> String {
    let mut stretches = explained.binding();
    let more = stretches.len() > STRETCHES;
    stretches.truncate(STRETCHES);
    let told = stretches.into_iter().map(|(stretch, part)| {
        let hours = explained.stretch(stretch, language);
        format!("{hours} {}", explained.says(part, language))
    });
    let told = told.collect::<Vec<_>>().join(language.pick("；", "; "));
    let more = if more {
        language.pick("；其余见 hours.csv", "; more in hours.csv")
    } else {
        ""
    };
    told + more
}

/// The sites with most of the time.
fn worst_sites(explained: &Explained<'_>, language: Language) -> String {
    let rows = explained.by_site();
    if rows.len() < 2 {
        return String::new();
    }
    let told = rows.iter().take(SITES).map(|(site, people, each)| {
        let name = explained.site_name(*site, language);
        let (people, minutes) = (count(people.round()), minutes(each.iter().sum(), language));
        language.pick(
            format!("{name}（{people} 人，每人 {minutes}）"),
            format!("{name} ({people} people, {minutes} each)"),
        )
    });
    told.collect::<Vec<_>>().join(language.pick("、", ", "))
}
