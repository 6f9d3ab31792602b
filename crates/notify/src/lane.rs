//! How much is carried out at once, and of whom: pure.
//!
//! Each way has a lane of its own, so that a mail server that hangs holds up
//! letters and nothing else. Within a lane no company takes all the places,
//! and what is tried again takes half of them at most: whatever hangs, it
//! hangs for the first time once.

use std::collections::HashMap;

use model::id::CompanyId;

/// What occupies a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Whose it is; none of the platform's own people.
    pub(crate) company: Option<CompanyId>,
    /// Whether it failed before.
    pub(crate) again: bool,
}

/// The places of one way.
#[derive(Debug)]
pub(crate) struct Lane {
    places: usize,
    of_company: usize,
    taken: Vec<Place>,
}

/// What may be begun now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Free {
    /// How many, of one company or of several.
    pub(crate) places: u32,
    /// Not of these companies.
    pub(crate) passed_over: Vec<CompanyId>,
    /// Only what has not failed before.
    pub(crate) fresh: bool,
}

impl Lane {
    /// With so many places, of which one company gets so many.
    pub(crate) fn new(places: usize, of_company: usize) -> Self {
        Self {
            places,
            of_company,
            taken: Vec::new(),
        }
    }

    /// What may be begun; none where all places are taken.
    pub(crate) fn free(&self) -> Option<Free> {
        let left = self.places.saturating_sub(self.taken.len());
        let again = self.taken.iter().filter(|place| place.again).count();
        let left_again = (self.places / 2).saturating_sub(again);
        let mut of: HashMap<CompanyId, usize> = HashMap::new();
        for company in self.taken.iter().filter_map(|place| place.company) {
            *of.entry(company).or_default() += 1;
        }
        // All that is taken at once may be of one company, and may be tried again.
        let most = of.values().copied().filter(|n| *n < self.of_company).max();
        let of_one = self.of_company - most.unwrap_or(0);
        let fresh = left_again == 0;
        let places = left.min(of_one).min(if fresh { left } else { left_again });
        let mut passed_over: Vec<CompanyId> = of
            .into_iter()
            .filter(|(_, count)| *count >= self.of_company)
            .map(|(company, _)| company)
            .collect();
        passed_over.sort_unstable();
        (places > 0).then(|| Free {
            places: u32::try_from(places).unwrap_or(u32::MAX),
            passed_over,
            fresh,
        })
    }

    /// A place is taken.
    pub(crate) fn take(&mut self, place: Place) {
        self.taken.push(place);
    }

    /// A place is free again.
    pub(crate) fn leave(&mut self, place: Place) {
        if let Some(at) = self.taken.iter().position(|taken| *taken == place) {
            self.taken.swap_remove(at);
        }
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.taken.len()
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};
    use uuid::Uuid;

    use super::*;

    fn company(number: u128) -> CompanyId {
        CompanyId(Uuid::from_u128(number))
    }

    fn place(number: u128, again: bool) -> Place {
        Place {
            company: Some(company(number)),
            again,
        }
    }

    #[test]
    fn a_company_with_its_share_is_passed_over() {
        let mut lane = Lane::new(8, 4);
        for _ in 0..4 {
            lane.take(place(1, false));
        }
        let free = lane.free().expect("half is free");
        assert_eq!((free.places, free.passed_over), (4, vec![company(1)]));
        lane.leave(place(1, false));
        assert_eq!(lane.free().expect("free").places, 1);
    }

    #[test]
    fn what_is_tried_again_leaves_half_of_the_places() {
        let mut lane = Lane::new(8, 8);
        for number in 0..4 {
            lane.take(place(number, true));
        }
        let free = lane.free().expect("half is free");
        assert!(free.fresh);
        for number in 0..4 {
            lane.take(place(number, false));
        }
        assert_eq!(lane.free(), None);
    }

    /// Whatever comes, in whatever order it is taken, no bound is passed.
    #[test]
    fn a_walk_keeps_every_bound() {
        let mut random = StdRng::seed_from_u64(6);
        let mut lane = Lane::new(16, 4);
        let mut taken: Vec<Place> = Vec::new();
        for _ in 0..20_000 {
            if random.random_bool(0.5) {
                if let Some(free) = lane.free() {
                    // The worst of what the database may give.
                    let of = random.random_range(0..6);
                    let again = !free.fresh && random.random_bool(0.8);
                    if !free.passed_over.contains(&company(of)) {
                        for _ in 0..random.random_range(0..=free.places) {
                            lane.take(place(of, again));
                            taken.push(place(of, again));
                        }
                    }
                }
            } else if !taken.is_empty() {
                let place = taken.swap_remove(random.random_range(0..taken.len()));
                lane.leave(place);
            }
            assert_eq!(lane.taken(), taken.len());
            assert!(taken.len() <= 16);
            assert!(taken.iter().filter(|place| place.again).count() <= 8);
            for number in 0..6 {
                let of = taken.iter().filter(|p| p.company == Some(company(number)));
                assert!(of.count() <= 4);
            }
        }
    }
}
