//! The arithmetic of `check` as people and programs read it, with the official rules beside the plan.

use serde_json::{Value, json};

use crate::model::Model;
use crate::units::language::Language;

use super::arithmetic::{Arithmetic, Load, Place, Teams, arithmetic, courier};
use super::layout::{crop, labelled, table};
use super::number::{self, Calendar, count, decimal, minutes};
use super::summary::stage_id;
use super::verdict::{order, tour_share};
use super::words::{self, Label, beside, called};

/// Columns of a name.
const NAME: usize = 24;
/// Rounds that are listed.
const ROUNDS: usize = 8;

/// An official rule of thumb.
struct Rule {
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    /// What it asks of the plan, the least and the most.
    asks: fn(&Arithmetic) -> (f64, f64),
    /// What the plan has; in hours for the deadline.
    has: fn(&Model, &Arithmetic) -> f64,
    /// Whether less is better.
    at_most: bool,
    source: Source,
}

/// Where a rule comes from.
#[derive(Clone, Copy)]
enum Source {
    /// Guide to organizing regional testing, third edition, 22 March 2022.
    Guide,
    /// National Health Commission, 13 May 2022.
    Commission,
}

impl Source {
    const fn says(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Guide, Language::Chinese) => "区域核酸检测组织实施指南（第三版），2022-03-22",
            (Self::Guide, Language::English) => {
                "national guide to regional testing, 3rd edition, 22 Mar 2022"
            }
            (Self::Commission, Language::Chinese) => "国家卫生健康委，2022-05-13",
            (Self::Commission, Language::English) => "National Health Commission, 13 May 2022",
        }
    }
}

const RULES: [Rule; 4] = [
    Rule {
        id: "sites",
        zh: "每 2,000–3,000 人 1 个采样点",
        en: "1 site per 2,000–3,000 people",
        asks: |round| ((round.due / 3000.0).ceil(), (round.due / 2000.0).ceil()),
        has: |_, round| f64::from(round.sites),
        at_most: false,
        source: Source::Commission,
    },
    Rule {
        id: "lanes",
        zh: "每 600–800 人 1 个采样台",
        en: "1 lane per 600–800 people",
        asks: |round| ((round.due / 800.0).ceil(), (round.due / 600.0).ceil()),
        has: |_, round| f64::from(round.lanes),
        at_most: false,
        source: Source::Commission,
    },
    Rule {
        id: "swabbers",
        zh: "每 360 人 1 名采样人员",
        en: "1 swabber per 360 people",
        asks: |round| ((round.due / 360.0).ceil(), (round.due / 360.0).ceil()),
        has: |_, round| f64::from(round.swabbers),
        at_most: false,
        source: Source::Guide,
    },
    Rule {
        id: "deadline_hours",
        zh: "24 小时内完成（小时）",
        en: "done within 24 hours (hours)",
        asks: |_| (24.0, 24.0),
        has: |model, round| {
            let round = &model.rounds[round.round];
            round.deadline.since(round.opens).hours()
        },
        at_most: true,
        source: Source::Guide,
    },
];

/// Told only of plans that say how much room there is.
const ROOM: Rule = Rule {
    id: "queue_room",
    zh: "每点容得下 200 人排队",
    en: "room for a queue of 200 at each site",
    asks: |_| (200.0, 200.0),
    has: |model, _| least_room(model).map_or(f64::NAN, f64::from),
    at_most: false,
    source: Source::Guide,
};

/// The rules that can be held against a plan.
fn rules(model: &Model) -> impl Iterator<Item = &'static Rule> {
    let room = least_room(model).map(|_| &ROOM);
    RULES.iter().chain(room)
}

/// Room for so many in line where there is least, of the sites that say so.
fn least_room(model: &Model) -> Option<u32> {
    let waiting = model
        .sites
        .values()
        .filter_map(|site| site.crowd.waiting.as_ref());
    let space = waiting.filter_map(|waiting| waiting.space.as_ref());
    space.map(|space| space.value).min()
}

/// The arithmetic for people: every round's finish, then the most pressed round in detail.
pub fn text(model: &Model, language: Language) -> String {
    let rounds = arithmetic(model);
    let most_pressed = rounds.iter().max_by(|one, other| {
        let hours = |round: &Arithmetic| round.binding().map_or(0.0, |load| load.hours);
        order(hours(one), hours(other)).then(other.round.cmp(&one.round))
    });
    let Some(round) = most_pressed else {
        return String::new();
    };
    let sheet = Sheet { model, language };
    let finishes = if rounds.len() > 1 {
        sheet.finishes(&rounds)
    } else {
        String::new()
    };
    let parts = [
        finishes,
        sheet.heading(round),
        sheet.loads(round),
        sheet.lines(round),
        sheet.rules(round),
    ];
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join("\n")
}

struct Sheet<'a> {
    model: &'a Model,
    language: Language,
}

impl Sheet<'_> {
    const fn calendar(&self) -> Calendar {
        Calendar {
            first_day: self.model.first_day,
            language: self.language,
        }
    }

    fn clock(&self, round: &Arithmetic, minutes: Option<f64>) -> String {
        let opens = self.model.rounds[round.round].opens;
        minutes.map_or_else(
            || self.language.pick("完不成", "never").to_owned(),
            |minutes| self.calendar().clock_after(opens, minutes),
        )
    }

    fn finishes(&self, rounds: &[Arithmetic]) -> String {
        let head = [
            Label::Round,
            Label::Opens,
            Label::Due,
            Label::SwabbingEnds,
            Label::ResultsEnd,
            Label::Deadline,
        ];
        let head = head.map(|label| label.says(self.language));
        let mut shown = table(
            &head,
            rounds.iter().take(ROUNDS).map(|round| {
                let entry = &self.model.rounds[round.round];
                vec![
                    crop(called(&entry.name, self.language), 16),
                    self.calendar().moment(entry.opens),
                    count(round.due),
                    self.clock(round, round.swabbing_ends_min),
                    self.clock(round, round.results_end_min),
                    self.calendar().moment(entry.deadline),
                ]
            }),
        );
        if rounds.len() > ROUNDS {
            let more = rounds.len() - ROUNDS;
            shown += &self.language.pick(
                format!("另有 {more} 轮\n"),
                format!("and {more} more rounds\n"),
            );
        }
        shown
    }

    fn heading(&self, round: &Arithmetic) -> String {
        let entry = &self.model.rounds[round.round];
        let name = crop(called(&entry.name, self.language), NAME);
        let (opens, deadline) = (
            self.calendar().moment(entry.opens),
            self.calendar().moment(entry.deadline),
        );
        let [due, people, tubes] =
            [round.due, round.people, round.tubes].map(|number| count(up(number)));
        self.language.pick(
            format!("{name}（{opens} 开始，时限 {deadline}）\n应检 {due} 人，预计采 {people} 人，至少 {tubes} 管\n"),
            format!("{name} (opens {opens}, due by {deadline})\n{due} people due, {people} expected, at least {tubes} tubes\n"),
        )
    }

    fn loads(&self, round: &Arithmetic) -> String {
        let head = [
            Label::Stage,
            Label::Load,
            Label::Capacity,
            Label::HoursNeeded,
        ]
        .map(|label| label.says(self.language));
        table(
            &head,
            round.loads.iter().map(|load| {
                let unit = match load.stage {
                    Place::Lanes(_) => self.language.pick(" 人", " people"),
                    Place::Stage(..) => self.language.pick(" 管", " tubes"),
                };
                vec![
                    self.place(load),
                    format!("{}{unit}", count(up(load.load))),
                    format!(
                        "{}{unit}",
                        decimal(load.per_hour, usize::from(load.per_hour < 100.0))
                    ),
                    minutes(load.hours * 60.0, self.language),
                ]
            }),
        )
    }

    fn place(&self, load: &Load) -> String {
        match load.stage {
            Place::Lanes(slowest) => {
                let slowest = crop(called(&self.model.sites[slowest].name, self.language), NAME);
                self.language.pick(
                    format!("采样台（最慢：{slowest}）"),
                    format!("lanes (slowest: {slowest})"),
                )
            }
            Place::Stage(lab, stage) => crop(
                &words::stage(self.model, lab, stage, self.language),
                NAME + 12,
            ),
        }
    }

    fn lines(&self, round: &Arithmetic) -> String {
        let mut lines = Vec::new();
        if let Some(load) = round.binding() {
            let (place, hours) = (self.place(load), minutes(load.hours * 60.0, self.language));
            lines.push((
                Label::Binds,
                self.language
                    .pick(format!("{place}：{hours}"), format!("{place}: {hours}")),
            ));
        }
        lines.push((Label::Earliest, self.earliest(round)));
        let couriers = self.model.couriers.values().take(3).map(|entry| {
            let (every, length) = courier(entry);
            let name = crop(called(&entry.name, self.language), NAME);
            let (every, length) = (
                minutes(every, self.language),
                minutes(length, self.language),
            );
            let full = tour_share(entry)
                .filter(|&share| share > 1.0)
                .map_or("", |_| {
                    self.language
                        .pick("，跑不过来", ", which is more than it can drive")
                });
            if entry.call.is_some() {
                return self.language.pick(
                    format!("{name} 随叫随到，最多等 {every} 就叫，一趟 {length}"),
                    format!("{name} is called within {every}, a trip takes {length}"),
                );
            }
            self.language.pick(
                format!("{} {every}一趟，一趟 {length}{full}", beside(&name, "每")),
                format!("{name} every {every}, a trip takes {length}{full}"),
            )
        });
        let couriers: Vec<_> = couriers.collect();
        if !couriers.is_empty() {
            lines.push((
                Label::Couriers,
                couriers.join(self.language.pick("；", "; ")),
            ));
        }
        let teams: Vec<_> = round
            .visits
            .iter()
            .take(3)
            .map(|load| self.teams(load))
            .collect();
        if !teams.is_empty() {
            lines.push((Label::Visits, teams.join(self.language.pick("；", "; "))));
        }
        let lines: Vec<_> = lines
            .into_iter()
            .map(|(label, text)| (label.says(self.language), text))
            .collect();
        labelled(&lines, self.language)
    }

    /// What teams that visit have to do and can do.
    fn teams(&self, load: &Teams) -> String {
        let site = &self.model.sites[load.site];
        let name = crop(called(&site.name, self.language), NAME);
        let (teams, people) = (count(f64::from(site.lanes.value)), count(up(load.people)));
        let each = load.per_hour / f64::from(site.lanes.value);
        let each = decimal(each, usize::from(each < 100.0));
        let hours = minutes(load.people / load.per_hour * 60.0, self.language);
        self.language.pick(
            format!("{name} {teams} 队 {people} 人，每队每小时 {each} 人，要用 {hours}"),
            format!("{name}: {people} people, {teams} teams of {each} people an hour: {hours}"),
        )
    }

    /// When the fluid is through, or that it never is.
    fn earliest(&self, round: &Arithmetic) -> String {
        let swabbed = self.clock(round, round.swabbing_ends_min);
        let results = self.clock(round, round.results_end_min);
        if round.swabbing_ends_min.is_none() {
            self.language
                .pick(
                    "在开放时间里采不完：加采样台，或延长时间",
                    "the hours are not enough to swab everyone: add lanes or hours",
                )
                .to_owned()
        } else if round.results_end_min.is_none() {
            self.language.pick(
                format!("采完 {swabbed}；结果出不完：看转运和实验室的人手、机器"),
                format!("swabbed by {swabbed}; results never end: look at couriers, and at hands and machines in the laboratory"),
            )
        } else {
            self.language.pick(
                format!("采完 {swabbed}，出完 {results}；按方案里的取值，不排队、不出岔子也快不过这个"),
                format!("swabbed by {swabbed}, results by {results}; at the stated values no sooner, even without queues and mishaps"),
            )
        }
    }

    fn rules(&self, round: &Arithmetic) -> String {
        let head = [Label::Rule, Label::Asks, Label::Plan, Label::Source]
            .map(|label| label.says(self.language));
        let shown = table(
            &head[..3],
            rules(self.model).map(|rule| {
                let (least, most) = (rule.asks)(round);
                let asks = if least < most {
                    format!("{}–{}", count(least), count(most))
                } else {
                    count(least)
                };
                let has = (rule.has)(self.model, round);
                let mark = if kept(rule, self.model, round) {
                    ""
                } else {
                    " !"
                };
                vec![
                    self.language.pick(rule.zh, rule.en).to_owned(),
                    asks,
                    format!("{}{mark}", decimal(has, 1)),
                ]
            }),
        );
        let (guide, commission) = (
            Source::Guide.says(self.language),
            Source::Commission.says(self.language),
        );
        let sources = [(
            head[3],
            self.language.pick(
                format!("{guide}；{commission}"),
                format!("{guide}; {commission}"),
            ),
        )];
        shown + &labelled(&sources, self.language)
    }
}

/// The next whole number, unless the excess is mere rounding.
fn up(number: f64) -> f64 {
    (number - 1e-6).ceil()
}

/// Whether the plan keeps the rule at its mildest.
fn kept(rule: &Rule, model: &Model, round: &Arithmetic) -> bool {
    let (least, most) = (rule.asks)(round);
    let has = (rule.has)(model, round);
    if rule.at_most {
        has <= most
    } else {
        has >= least
    }
}

/// The arithmetic for programs: a list of rounds in the order of time.
pub fn json(model: &Model) -> Value {
    let calendar = Calendar {
        first_day: model.first_day,
        language: Language::English,
    };
    let optional = |minutes: Option<f64>| number::json(minutes.unwrap_or(f64::NAN));
    arithmetic(model)
        .iter()
        .map(|round| {
            let mut value = json!({
                "id": model.rounds[round.round].name.id,
                "opens": calendar.iso(model.rounds[round.round].opens),
                "due": number::json(round.due),
                "expected": number::json(round.people),
                "tubes": number::json(round.tubes),
                "stages": round.loads.iter().map(|load| load_json(model, load)).collect::<Vec<_>>(),
                "binding": round.binding().map(|load| place_id(model, load.stage)),
                "couriers": couriers_json(model),
                "fluid_swabbing_ends_min": optional(round.swabbing_ends_min),
                "fluid_results_end_min": optional(round.results_end_min),
                "rules": rules(model).map(|rule| rule_json(rule, model, round)).collect::<Vec<_>>(),
            });
            if !round.visits.is_empty() {
                let teams = round.visits.iter().map(|load| visits_json(model, load));
                value["visits"] = teams.collect();
            }
            value
        })
        .collect()
}

fn load_json(model: &Model, load: &Load) -> Value {
    json!({
        "id": place_id(model, load.stage),
        "load": number::json(load.load),
        "per_hour": number::json(load.per_hour),
        "hours": number::json(load.hours),
    })
}

fn visits_json(model: &Model, load: &Teams) -> Value {
    json!({
        "id": model.sites[load.site].name.id,
        "people": number::json(load.people),
        "per_hour": number::json(load.per_hour),
        "hours": number::json(load.people / load.per_hour),
    })
}

fn place_id(model: &Model, place: Place) -> String {
    match place {
        Place::Lanes(_) => "lanes".to_owned(),
        Place::Stage(lab, stage) => format!(
            "{}.{}",
            model.labs[lab].name.id,
            stage_id(&model.labs[lab], stage)
        ),
    }
}

fn couriers_json(model: &Model) -> Vec<Value> {
    let couriers = model.couriers.values().map(|entry| {
        let (every, length) = courier(entry);
        json!({ "id": entry.name.id, "every_min": number::json(every), "trip_min": number::json(length) })
    });
    couriers.collect()
}

fn rule_json(rule: &Rule, model: &Model, round: &Arithmetic) -> Value {
    let (least, most) = (rule.asks)(round);
    json!({
        "id": rule.id,
        "rule": rule.en,
        "least": number::json(least),
        "most": number::json(most),
        "plan": number::json((rule.has)(model, round)),
        "kept": kept(rule, model, round),
        "source": rule.source.says(Language::English),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::layout::width;

    #[test]
    fn a_planner_reads_the_arithmetic_in_chinese() {
        insta::assert_snapshot!(text(&fixture::model(), Language::Chinese));
    }

    #[test]
    fn a_planner_reads_the_arithmetic_in_english() {
        insta::assert_snapshot!(text(&fixture::model(), Language::English));
    }

    #[test]
    fn a_program_reads_the_arithmetic() {
        insta::assert_snapshot!(format!("{:#}", json(&fixture::model())[0]));
    }

    #[test]
    fn the_arithmetic_fits_the_width_of_a_terminal() {
        for language in [Language::Chinese, Language::English] {
            let shown = text(&fixture::model(), language);
            assert!(shown.lines().all(|line| width(line) <= 80), "{shown}");
        }
    }

    #[test]
    fn a_plan_with_too_few_lanes_breaks_the_rule() {
        let mut model = fixture::model();
        let lanes = |model: &Model| kept(&RULES[1], model, &arithmetic(model)[0]);
        assert!(lanes(&model));
        for site in model.sites.values_mut() {
            site.lanes.value = 1;
        }
        assert!(!lanes(&model));
    }
}
