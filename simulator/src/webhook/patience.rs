//! How patient a request is, as the fragment of its address says.

use super::Failure;

/// How long one address is waited for and how often it is asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Patience {
    pub(super) connect_ms: u64,
    pub(super) read_ms: u64,
    pub(super) total_ms: u64,
    pub(super) retries: u32,
    retried: Vec<String>,
}

impl Patience {
    /// Plivo's defaults, changed by what the fragment says; what it says wrongly is ignored, as Plivo does.
    pub(super) fn of(url: &str) -> Patience {
        let mut patience = Patience {
            connect_ms: 2_000,
            read_ms: 40_000,
            total_ms: 55_000,
            retries: 1,
            retried: vec!["ct".into(), "rt".into()],
        };
        let Some((_, fragment)) = url.split_once('#') else { return patience };
        for (name, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
            let in_range = |lowest: u64, highest: u64| {
                value.parse().ok().filter(|number| (lowest..=highest).contains(number))
            };
            match name {
                "ct" => patience.connect_ms = in_range(100, 10_000).unwrap_or(patience.connect_ms),
                "rt" => patience.read_ms = in_range(100, 40_000).unwrap_or(patience.read_ms),
                "tt" => patience.total_ms = in_range(100, 55_000).unwrap_or(patience.total_ms),
                "rc" => {
                    patience.retries =
                        in_range(0, 5).map_or(patience.retries, |retries| retries as u32)
                }
                "rp" => {
                    patience.retried =
                        value.split(',').map(|policy| policy.trim().to_owned()).collect()
                }
                _ => {}
            }
        }
        patience
    }

    pub(super) fn retries(&self, failure: &Failure) -> bool {
        let wants =
            |policy: &str| self.retried.iter().any(|retried| retried == policy || retried == "all");
        match failure {
            Failure::Connect => wants("ct"),
            Failure::Timeout | Failure::Broken => wants("rt"),
            Failure::Status(400..=499) => wants("4xx"),
            Failure::Status(500..=599) => wants("5xx"),
            Failure::Status(_) | Failure::Address | Failure::TooLong => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_makes_an_address_more_patient_and_nonsense_in_it_is_ignored() {
        let patience = Patience::of(
            "http://a.example/x?y=1#ct=500&rt=1000&rc=5&rp=ct,5xx&tt=9999999&er=nearest",
        );
        assert_eq!(
            (patience.connect_ms, patience.read_ms, patience.total_ms, patience.retries),
            (500, 1_000, 55_000, 5)
        );
        assert!(patience.retries(&Failure::Connect) && patience.retries(&Failure::Status(503)));
        assert!(!patience.retries(&Failure::Timeout) && !patience.retries(&Failure::Status(404)));
        assert_eq!(Patience::of("http://a.example/").retries, 1);
    }
}
