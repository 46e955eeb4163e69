//! The scenario language: from a tree of values to a Model, or to everything that is wrong with it.
//!
//! ```text
//! tree --walk--> checked tables --settle--> said once --build--> Model
//!                (kinds, units, defaults)                (what fits together)
//! ```
//!
//! Codes of complaints about single values:
//!
//! | code | meaning |
//! |---|---|
//! | S100 | there is no such key |
//! | S102 | a key is missing |
//! | S103 | the value is of another kind |
//! | S104 | the unit is missing, or none of this quantity |
//! | S105 | the quantity is out of range |
//! | S106 | the word is none that can be chosen |
//! | S107 | this is no moment, or no hours |
//! | S108 | hours overlap |
//! | S109 | an id holds characters it cannot have |
//! | S110 | an id is given twice |
//! | S111 | nothing has this id |
//! | S112 | this value cannot have a range |
//! | S113 | the range is not well formed, or does not hold its value |
//! | S114 | something is assumed without saying why (warning) |
//! | S115 | a key has no effect (warning) |
//! | S116 | a text is too long, or cannot be shown |
//! | S117 | a value with its standing is not well formed |
//! | S118 | a distribution or a list of weights is not well formed |
//! | S119 | a list is empty |
//! | S480 | a lever is not well formed, or has only the value it has |
//! | S481 | a lever is no number of the operation |
//! | S482 | a lever is named twice |
//! | S483 | there are too many levers |
//! | S484 | a lever has no value in the scenario |
//!
//! Codes of complaints about what does not fit together:
//!
//! | code | meaning |
//! |---|---|
//! | S200 | there are no rounds |
//! | S201 | there are no cells |
//! | S202 | there are no sites |
//! | S203 | there are no laboratories |
//! | S204 | there are no couriers |
//! | S205 | no cell goes to a site (warning) |
//! | S206 | no tubes come to a laboratory (warning) |
//! | S207 | cells without a site go to the nearest (warning) |
//! | S208 | more people than there can be |
//! | S209 | nobody is due |
//! | S210 | more people are away or exempt than there are |
//! | S211 | a cell has no site |
//! | S212 | a longitude without a latitude, or the other way round |
//! | S475 | the boundary of a cell cannot be read |
//! | S213 | stations are out of order, or none is of a lane |
//! | S214 | the morning peak is not before the evening peak |
//! | S222 | a site has no courier |
//! | S223 | two couriers serve one site |
//! | S224 | two couriers leave their sites out |
//! | S225 | a courier has no site |
//! | S226 | it is not said which laboratory is meant |
//! | S227 | a feed ends before it starts |
//! | S228 | a feed has no rate, or two |
//! | S230 | the bench time is shorter than its parts |
//! | S231 | a stage does nothing, or more than one thing |
//! | S232 | the controls fill the plate |
//! | S233 | a run waits for more tubes than it holds |
//! | S234 | nobody is ever on duty |
//! | S240 | a deadline is not after the opening |
//! | S241 | a round closes before it opens |
//! | S242 | a round is ordered after it ends |
//! | S243 | a series is not well formed |
//! | S244 | two rounds are held at one site at once |
//! | S245 | a round closes early because the next one opens (warning) |
//! | S246 | both `swabbed` and `turnout` are given |
//! | S247 | more people are swabbed than are due |
//! | S248 | setting up takes longer than the round |
//! | S249 | a site is never open in a round |
//! | S300 | staff leave before they come |
//! | S301 | staff are released, or go elsewhere, who are locked to no tier |
//! | S302 | an hour that slows a station down by less than a tenth or more than ten times |
//! | S303 | a shift is over before its crew is dressed |
//! | S304 | a site is open and no crew is on duty (warning) |
//! | S305 | all lanes of a site pause at once (warning) |
//! | S306 | the staff do not make one crew |
//! | S307 | a round is too long for rosters |
//! | S320 | the line at the door is bounded, and by nothing |
//! | S321 | people are registered on paper at a station that no site has |
//! | S322 | no-shows in a round that says how many come |
//! | S323 | people walk from home, and where that is is not known |
//! | S324 | the line is full before it puts anyone off (warning) |
//! | S340 | teams that visit have the id of a site |
//! | S341 | two teams visit one cell in a round |
//! | S342 | people need a visit and nobody visits (warning) |
//! | S343 | teams visit nobody in any round (warning) |
//! | S344 | more people need a visit than are due |
//! | S345 | household tubes where households are not kept together |
//! | S346 | a cell goes to teams that visit only those who cannot come |
//! | S347 | who is missing is sent to what does not go from door to door |
//! | S348 | people who come at a rate are to be visited (warning) |
//! | S260 | vehicles that are called cannot be a site's own |
//! | S261 | a stock has no amount, or two |
//! | S262 | nothing uses a stock |
//! | S380 | a driving time of a place that is none of the scenario's (warning) |
//! | S381 | an id that is both a site's and a laboratory's |
//! | S382 | nobody knows how long a drive takes |
//! | S383 | a drive is given twice, and not alike |
//! | S384 | a drive of more than ten days |
//! | S385 | every courier says its own times on the road (warning) |
//! | S390 | a price without `[cost]` (warning) |
//! | S391 | nothing has a price |
//! | S392 | a stock that cannot stop its sites is to stop them |
//! | S393 | a stock that no site uses is to be shared out |
//! | S394 | a stock is used by rooms, and there are none |
//! | S363 | staff missing at a site where crews are made of pools for all |
//! | S364 | machines that stand still where there are none |
//! | S365 | more machines that stand still than there are |
//! | S366 | days since the infection that do not rise |
//! | S367 | a sensitivity beside the chance of detection by day (warning) |
//! | S368 | a laboratory is ready at a moment and ordered at one |
//! | S369 | its transport or set-up without an order |
//! | S420 | an incident lies outside every round (warning) |
//! | S421 | an incident is met by nobody (warning) |
//! | S422 | more incidents than can be drawn |
//! | S423 | fewer disinfectors than teams |
//! | S424 | more disinfections than can be counted |
//! | S425 | a round of disinfection takes longer than it may (warning) |
//! | S440 | laboratories send tubes on in a circle |
//! | S441 | nobody knows how long it takes from a laboratory to the one it sends tubes to |
//! | S442 | of two laboratories only one looks for positive tubes, and it sends tubes to the other or they come from it |
//! | S443 | a laboratory that no courier goes to sends nothing on (warning) |
//! | S444 | room before the first station |
//! | S445 | people walk to a line with an end |
//! | S446 | room between stations where some are taken first or crews come and go |
//! | S400 | the review has no rules |
//! | S401 | a rule lacks what its kind needs |
//! | S402 | a rule that lowers tiers would not |
//! | S403 | a rule waits for positive tubes, and nobody looks for them |
//! | S404 | a rule goes by distance, and cells have no positions |
//! | S405 | a rule that moves resources moves none, or cannot |
//! | S406 | a round waits for recalls that are not there |
//! | S407 | the first round waits for those before it (warning) |
//! | S408 | the campaign is too long for a review each night |
//! | S409 | a cadence beside `every` or `tiers` |
//! | S410 | a cadence without its length |
//! | S411 | a cell is due in a round that is not there |
//! | S412 | a courier whose drives are settled as planned is sent to another laboratory |

mod amount;
mod assumptions;
mod build;
mod checked;
mod hash;
mod levers;
mod lists;
mod print;
mod said;
mod settle;
mod standing;
mod value;
mod varying;
mod walk;
mod wording;

pub use varying::SHAPES;

use super::keys::Catalogue;
use super::lever::Lever;
use super::problem::Problems;
use super::tree::{Node, Value};
use crate::model::Model;

/// What a scenario says.
#[derive(Clone, PartialEq, Debug)]
pub struct Meaning {
    /// The operation, ready to be run.
    pub model: Model,
    /// What the scenario names to be moved.
    pub levers: Vec<Lever>,
    /// The scenario as it was read, with all its defaults, as TOML that means the same.
    pub normalized: String,
}

/// What a tree means; `stem` names it where it has no title. Complaints are added to `problems`; with an error among them there is no meaning.
pub fn interpret(root: &Node, stem: &str, problems: &mut Problems) -> Option<Meaning> {
    let unread = problems.has_errors();
    if unread && matches!(&root.value, Value::Table(entries) if entries.is_empty()) {
        return None;
    }
    let (catalogue, defaults) = (Catalogue::new(), walk::Defaults::new());
    let mut checked = walk::Walker::new(&catalogue, &defaults, problems).scenario(root);
    settle::settle(&mut checked, problems);
    if unread {
        // What could not be read would only bring complaints about what seems to be missing.
        return None;
    }
    let levers = levers::read(&checked, &catalogue, problems);
    let model = build::model(&checked, stem, problems);
    (!problems.has_errors()).then(|| Meaning {
        normalized: print::scenario(&checked),
        model,
        levers,
    })
}

#[cfg(test)]
mod tests;
