//! Stocks that stop sites: shared out when a round opens, settled when its sites are done.
//!
//! A site hands out as many numbers as its share is enough for, in the order in which people come; who comes later is turned away at once. What
//! a site has not used goes back, so that the next round shares out what is left of all.

use crate::network::supply::Supply;
use crate::network::{Network, Round};
use crate::units::Time;

/// What is left of each.
pub(super) struct Supplies<'a> {
    books: Vec<(&'a Supply, Book)>,
}

/// The state of one.
#[derive(Clone, Copy)]
struct Book {
    left: f64,
    /// What came in later has not been added.
    since: Time,
    /// Whether the round that is open draws on it.
    open: bool,
}

impl<'a> Supplies<'a> {
    pub(super) fn new(network: &'a Network) -> Self {
        let book = |supply: &'a Supply| {
            let book = Book {
                left: supply.on_hand,
                since: supply.counted,
                open: false,
            };
            (supply, book)
        };
        Self {
            books: network.supplies.iter().map(book).collect(),
        }
    }

    /// A round opens: how many people each of its sites may swab, if anything limits them.
    pub(super) fn open(&mut self, round: &Round) -> Option<Vec<u32>> {
        let mut least: Option<Vec<u32>> = None;
        for (supply, book) in &mut self.books {
            book.open = round.opens >= supply.counted;
            if !book.open {
                continue;
            }
            book.left += supply.came_in(book.since, round.opens);
            book.since = round.opens;
            let numbers = supply.numbers(book.left, round);
            least = Some(match least {
                Some(least) => least
                    .into_iter()
                    .zip(numbers)
                    .map(|(one, other)| one.min(other))
                    .collect(),
                None => numbers,
            });
        }
        least
    }

    /// So many people of the round were swabbed.
    pub(super) fn settle(&mut self, people: u64) {
        for (supply, book) in self.books.iter_mut().filter(|(_, book)| book.open) {
            book.left -= (people as f64 * supply.per_person).min(book.left);
        }
    }
}
