//! Notices to hang up and hand out: for each cell, when and where to come, in as many languages as there are phrases for.

use maud::{Markup, html};

use super::document::document;
use super::number::Calendar;
use super::words::called;
use crate::id::RoundId;
use crate::model::{Model, Name};
use crate::network::appointments::Appointment;
use crate::scenario::phrases::Phrases;
use crate::units::language::Language;
use crate::units::{Span, Time};

/// Hours on notices are rounded to this, so that nobody is called too late.
const STEP_MIN: i64 = 5;

/// All notices as one page, a card for each cell in each round, every language on each card.
pub fn notices(
    model: &Model,
    appointments: &[Appointment],
    phrases: &[Phrases],
    language: Language,
) -> String {
    let title = language.pick("通知", "Notices");
    let body = html! {
        header { h1 { (called(&model.title, language)) } p { (title) } }
        @for round in model.rounds.ids() {
            @let of_round: Vec<&Appointment> = appointments.iter().filter(|one| one.round == round).collect();
            @if !of_round.is_empty() {
                section {
                    h2 { (called(&model.rounds[round].name, language)) }
                    @for one in of_round { (card(model, one, phrases)) }
                }
            }
        }
    };
    document(language.pick("zh", "en"), title, &body)
}

/// One notice.
fn card(model: &Model, one: &Appointment, phrases: &[Phrases]) -> Markup {
    html! {
        article.notice {
            @for phrases in phrases {
                @let notice = Notice { model, one, phrases };
                div lang=(phrases.tag) dir="auto" {
                    h3 { (notice.title()) }
                    p.say { (notice.says()) }
                    @if !phrases.notes.is_empty() { ul { @for note in &phrases.notes { li { (note) } } } }
                }
            }
        }
    }
}

/// A notice in one language.
struct Notice<'a> {
    model: &'a Model,
    one: &'a Appointment,
    phrases: &'a Phrases,
}

impl Notice<'_> {
    fn title(&self) -> String {
        Phrases::fill(
            &self.phrases.title,
            &[("round", self.round(self.one.round))],
        )
    }

    fn says(&self) -> String {
        let (cell, site) = (
            self.named(&self.model.cells[self.one.cell].name),
            self.named(&self.model.sites[self.one.site].name),
        );
        let (from, to) = (early(self.one.from), late(self.one.to));
        let (day, last_day) = (self.day(from), self.day(to));
        let mut end = clock(to);
        if last_day != day {
            end = format!("{last_day} {end}");
        }
        let blanks = [
            ("cell", cell),
            ("round", self.round(self.one.round)),
            ("site", site),
            ("day", day.as_str()),
            ("from", &clock(from)),
            ("to", &end),
        ];
        let visited = self.model.sites[self.one.site].visits.is_some();
        let phrase = if visited {
            &self.phrases.home
        } else {
            &self.phrases.come
        };
        Phrases::fill(phrase, &blanks)
    }

    fn day(&self, moment: Time) -> String {
        let calendar = Calendar {
            first_day: self.model.first_day,
            language: Language::English,
        };
        let iso = calendar.iso(moment);
        let mut parts = iso.split(['-', 'T']);
        let mut next = || {
            parts
                .next()
                .unwrap_or_default()
                .trim_start_matches('0')
                .to_owned()
        };
        let (year, month, date) = (next(), next(), next());
        let index = month.parse::<usize>().unwrap_or(1).saturating_sub(1);
        let name = self.phrases.months.get(index).cloned().unwrap_or_default();
        let blanks = [
            ("year", year.as_str()),
            ("month", &month),
            ("month_name", &name),
            ("date", &date),
        ];
        Phrases::fill(&self.phrases.day, &blanks)
    }

    fn round(&self, round: RoundId) -> &str {
        self.named(&self.model.rounds[round].name)
    }

    /// English readers get the English name, all others the one in the language of the scenario.
    fn named<'n>(&self, name: &'n Name) -> &'n str {
        let english = self.phrases.tag.split('-').next() == Some("en");
        called(
            name,
            if english {
                Language::English
            } else {
                Language::Chinese
            },
        )
    }
}

/// Rounded down.
fn early(moment: Time) -> Time {
    let step = STEP_MIN * 60_000;
    Time::from_millis(moment.millis().div_euclid(step) * step)
}

/// Rounded up.
fn late(moment: Time) -> Time {
    early(moment + Span::from_millis(STEP_MIN * 60_000 - 1))
}

fn clock(moment: Time) -> String {
    let minutes = moment.time_of_day().millis() / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
