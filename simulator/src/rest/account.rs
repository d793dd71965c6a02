//! The account itself.

use serde_json::json;

use super::reply::Reply;
use crate::network::Network;

pub(crate) fn show(network: &Network) -> Reply {
    let auth_id = &network.config.auth_id;
    Reply::ok(json!({
        "account_type": "standard",
        "address": "",
        "auth_id": auth_id,
        "auto_recharge": false,
        "billing_mode": "prepaid",
        "cash_credits": "100.00000",
        "city": "",
        "name": "Simulator",
        "resource_uri": format!("/v1/Account/{auth_id}/"),
        "state": "",
        "timezone": "UTC",
    }))
}
