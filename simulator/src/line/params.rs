//! What the webhooks of a call carry.

use super::Line;
use crate::{
    clock::At,
    hangup::{CallStatus, Hangup},
    ledger::Direction,
};

impl Line {
    /// The fields every voice webhook carries.
    pub(crate) fn params(&self, event: &str) -> Vec<(String, String)> {
        let status = match (self.is_answered, self.order.direction) {
            (true, _) => CallStatus::InProgress,
            (false, _) => CallStatus::Ringing,
        };
        let order = &self.order;
        let call_uuid = self.call_uuid.to_string();
        let mut params: Vec<(String, String)> = [
            ("CallUUID", call_uuid.clone()),
            ("From", order.from.wire().to_owned()),
            ("To", order.to.wire().to_owned()),
            ("Direction", order.direction.as_str().to_owned()),
            ("CallStatus", status.as_str().to_owned()),
            ("Event", event.to_owned()),
            (
                "CallerName",
                if order.caller_name.is_empty() {
                    order.from.to_string()
                } else {
                    order.caller_name.clone()
                },
            ),
            ("ParentAuthID", self.network.config.auth_id.clone()),
            ("SessionStart", self.started.message()),
            ("BillRate", "0.0085".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if order.direction == Direction::Outbound {
            let leg = order.parent.map_or(call_uuid.clone(), |parent| parent.to_string());
            params.push(("RequestUUID".to_owned(), call_uuid));
            params.push(("ALegUUID".to_owned(), leg.clone()));
            params.push(("ALegRequestUUID".to_owned(), leg));
        }
        params.extend(
            order.sip_headers.iter().map(|(name, value)| (format!("X-PH-{name}"), value.clone())),
        );
        params
    }

    pub(super) fn hangup_params(&self, hangup: Hangup) -> Vec<(String, String)> {
        let mut params = self.params("Hangup");
        if let Some((_, status)) = params.iter_mut().find(|(name, _)| name == "CallStatus") {
            *status = hangup.status.as_str().to_owned();
        }
        let entry = self.network.state().ledger.calls.find(self.call_uuid).cloned();
        let Some(entry) = entry else { return params };
        let bill_s = entry.bill_duration_s();
        let cost = bill_s.div_ceil(60) as f64 * 0.0085;
        let voice = |at: Option<At>| at.map(At::voice).unwrap_or_default();
        let fields = [
            ("HangupCause", hangup.cause.to_owned()),
            ("HangupCauseName", hangup.name.to_owned()),
            ("HangupCauseCode", hangup.code.to_string()),
            ("HangupSource", hangup.source.to_owned()),
            ("Duration", entry.duration_s().to_string()),
            ("BillDuration", bill_s.to_string()),
            ("TotalCost", format!("{cost:.5}")),
            ("StartTime", entry.at.voice()),
            ("AnswerTime", voice(entry.answered_at)),
            ("EndTime", voice(entry.ended_at)),
        ];
        params.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        params
    }
}
