//! Misbehaviour on demand: what a real carrier and a real network do to their customers, by chance but repeatably.

use serde::{Deserialize, Serialize};

/// How often what goes wrong. Rates are from 0 (never) to 1 (always); a missing one is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Faults {
    /// The REST request is accepted and carried out, then the connection breaks before the answer.
    pub(crate) drop_response: f64,
    /// The REST request is answered 500 and not carried out.
    pub(crate) server_error: f64,
    /// The REST request is answered 429 and not carried out.
    pub(crate) rate_limited: f64,
    /// The REST answer comes `slow_ms` late.
    pub(crate) slow: f64,
    /// The webhook is sent a second time, at the same moment; the second answer is ignored.
    pub(crate) duplicate_webhook: f64,
    /// A webhook nobody waits for (status, callback, hang-up) is overtaken by later ones.
    pub(crate) reorder_webhook: f64,
    /// A webhook nobody waits for is never sent.
    pub(crate) drop_webhook: f64,
    /// The webhook leaves `slow_ms` late.
    pub(crate) slow_webhook: f64,
    /// What "slow" means, in milliseconds of machine time; at most a minute.
    pub(crate) slow_ms: u64,
    /// Starts the dice; the same seed and the same requests in the same order give the same faults.
    pub(crate) seed: u64,
}

impl Faults {
    /// Says what is wrong with a wish for faults, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        let rates = [
            ("drop_response", self.drop_response),
            ("server_error", self.server_error),
            ("rate_limited", self.rate_limited),
            ("slow", self.slow),
            ("duplicate_webhook", self.duplicate_webhook),
            ("reorder_webhook", self.reorder_webhook),
            ("drop_webhook", self.drop_webhook),
            ("slow_webhook", self.slow_webhook),
        ];
        if let Some((name, _)) = rates.iter().find(|(_, rate)| !(0.0..=1.0).contains(rate)) {
            return Some(format!("`{name}` is not a rate from 0 to 1"));
        }
        (self.slow_ms > 60_000).then(|| "`slow_ms` is at most 60000".to_owned())
    }
}

/// The dice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// True as often as `rate` says. Always throws, so that one rate does not shift the luck of the others.
    pub(crate) fn hit(&mut self, rate: f64) -> bool {
        ((self.next() >> 11) as f64 / (1u64 << 53) as f64) < rate
    }

    /// A whole number below `bound` (which is at least 1).
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A Weyl sequence with a finaliser: short, seedable and good enough for throwing faults.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_with_one_seed_fall_the_same_way_and_keep_to_the_rate() {
        let throw = |seed| {
            let mut dice = Dice::new(seed);
            (0..10_000).map(|_| dice.hit(0.25)).collect::<Vec<_>>()
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        let hits = throw(7).iter().filter(|hit| **hit).count();
        assert!((2_300..2_700).contains(&hits), "{hits} of 10000");
        assert!((0..100).all(|_| !Dice::new(1).hit(0.0) && Dice::new(1).hit(1.0)));
    }
}
