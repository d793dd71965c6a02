//! Our own numbers by REST: listed, attached to applications, bought and given back.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{fields::Fields, page, reply::Reply};
use crate::{
    address::Address,
    config::NumberUrls,
    network::{Network, Owned},
};

/// Numbers for sale: the hundred after those the sandbox owns.
const FOR_SALE: std::ops::Range<u64> = 15_550_100_010..15_550_100_110;

pub(crate) fn list(network: &Network, fields: &Fields) -> Result<Reply, Reply> {
    let numbers: Vec<(Address, Owned)> = network
        .state()
        .numbers
        .iter()
        .map(|(number, owned)| (number.clone(), owned.clone()))
        .collect();
    page::answer(network, "Number", fields, &numbers, |(number, owned)| {
        record_of(network, number, owned)
    })
}

pub(crate) fn show(network: &Network, number: &str) -> Result<Reply, Reply> {
    let number = Address::parse(number).ok_or_else(Reply::not_found)?;
    let owned = network.state().numbers.get(&number).cloned().ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(record_of(network, &number, &owned)))
}

pub(crate) fn update(network: &Network, number: &str, fields: &Fields) -> Result<Reply, Reply> {
    let number = Address::parse(number).ok_or_else(Reply::not_found)?;
    let mut guard = network.state();
    let state = &mut *guard;
    let owned = state.numbers.get_mut(&number).ok_or_else(Reply::not_found)?;
    match fields.text("app_id").as_deref() {
        None => {}
        Some("null") => {
            owned.app_id = None;
            owned.urls = NumberUrls::default();
        }
        Some(app_id) => {
            let application = state
                .applications
                .get(app_id)
                .ok_or_else(|| Reply::bad(format!("there is no application `{app_id}`")))?;
            owned.app_id = Some(app_id.to_owned());
            owned.urls = application.urls.clone();
        }
    }
    if let Some(alias) = fields.text("alias") {
        owned.alias = alias;
    }
    Ok(Reply::accepted("changed"))
}

pub(crate) fn release(network: &Network, number: &str) -> Result<Reply, Reply> {
    let number = Address::parse(number).ok_or_else(Reply::not_found)?;
    network
        .state()
        .numbers
        .remove(&number)
        .map(|_| Reply::no_content())
        .ok_or_else(Reply::not_found)
}

pub(crate) fn search(network: &Network, fields: &Fields) -> Reply {
    let pattern = fields.text("pattern").unwrap_or_default();
    let state = network.state();
    let objects: Vec<Value> = FOR_SALE
        .map(|number| number.to_string())
        .filter(|number| number[1..].starts_with(&pattern))
        .filter(|number| Address::parse(number).is_some_and(|number| !state.numbers.contains_key(&number)))
        .take(20)
        .map(|number| {
            json!({
                "number": number, "country": "UNITED STATES", "region": "United States", "type": "local", "monthly_rental_rate": "0.80000",
                "sms_enabled": true, "mms_enabled": true, "voice_enabled": true, "sms_rate": "0.00000", "voice_rate": "0.00850",
            })
        })
        .collect();
    let meta = json!({ "limit": 20, "offset": 0, "next": null, "previous": null, "total_count": objects.len() });
    Reply::ok(json!({ "meta": meta, "objects": objects }))
}

pub(crate) fn buy(network: &Network, number: &str, fields: &Fields) -> Result<Reply, Reply> {
    let address = Address::parse(number).ok_or_else(Reply::not_found)?;
    let is_for_sale = address.wire().parse().is_ok_and(|number: u64| FOR_SALE.contains(&number));
    {
        let mut state = network.state();
        if !is_for_sale || state.numbers.contains_key(&address) {
            return Err(Reply::not_found());
        }
        state.numbers.insert(address.clone(), Owned::default());
    }
    update(network, number, fields)?;
    let body = json!({ "message": "created", "numbers": [{ "number": address.wire(), "status": "Success" }], "status": "fulfilled" });
    Ok(Reply::new(StatusCode::CREATED, body))
}

fn record_of(network: &Network, number: &Address, owned: &Owned) -> Value {
    let auth_id = &network.config.auth_id;
    json!({
        "active": true,
        "alias": owned.alias,
        "application": owned.app_id.as_ref().map(|app_id| format!("/v1/Account/{auth_id}/Application/{app_id}/")),
        "carrier": "Simulator",
        "country": "UNITED STATES",
        "mms_enabled": true,
        "monthly_rental_rate": "0.80000",
        "number": number.wire(),
        "number_type": "local",
        "region": "United States",
        "resource_uri": format!("/v1/Account/{auth_id}/Number/{}/", number.wire()),
        "sms_enabled": true,
        "sms_rate": "0.00000",
        "sub_account": null,
        "voice_enabled": true,
        "voice_rate": "0.00850",
    })
}
