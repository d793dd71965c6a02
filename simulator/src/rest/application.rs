//! Applications by REST. Changing one changes what the numbers attached to it do.

use axum::http::StatusCode;
use serde_json::json;

use super::{fields::Fields, page, reply::Reply};
use crate::{application::Application, clock::At, config::NumberUrls, network::Network};

/// Applications of one account.
const APPLICATIONS_MAX: usize = 1_000;

pub(crate) fn create(network: &Network, fields: &Fields) -> Result<Reply, Reply> {
    let name = fields.required("app_name")?;
    let urls = urls(fields, NumberUrls::default())?;
    let mut state = network.state();
    if state.applications.len() >= APPLICATIONS_MAX {
        return Err(Reply::bad(format!("an account has at most {APPLICATIONS_MAX} applications")));
    }
    // Seventeen digits, as Plivo's own; free because it is looked up.
    let mut number = 20_000_000_000_000_000 + state.dice.below(70_000_000_000_000_000);
    while state.applications.contains_key(&number.to_string()) {
        number += 1;
    }
    let app_id = number.to_string();
    let application = Application { app_id: app_id.clone(), name, urls, created: At::now() };
    state.applications.insert(app_id.clone(), application);
    Ok(Reply::new(StatusCode::CREATED, json!({ "message": "created", "app_id": app_id })))
}

pub(crate) fn list(network: &Network, fields: &Fields) -> Result<Reply, Reply> {
    let applications: Vec<Application> = network.state().applications.values().cloned().collect();
    page::answer(network, "Application", fields, &applications, |application| {
        application.json(&network.config.auth_id)
    })
}

pub(crate) fn show(network: &Network, id: &str) -> Result<Reply, Reply> {
    let state = network.state();
    let application = state.applications.get(id).ok_or_else(Reply::not_found)?;
    Ok(Reply::ok(application.json(&network.config.auth_id)))
}

pub(crate) fn update(network: &Network, id: &str, fields: &Fields) -> Result<Reply, Reply> {
    let mut guard = network.state();
    let state = &mut *guard;
    let application = state.applications.get_mut(id).ok_or_else(Reply::not_found)?;
    application.urls = urls(fields, application.urls.clone())?;
    if let Some(name) = fields.text("app_name") {
        application.name = name;
    }
    for owned in state.numbers.values_mut().filter(|owned| owned.app_id.as_deref() == Some(id)) {
        owned.urls = application.urls.clone();
    }
    Ok(Reply::accepted("changed"))
}

pub(crate) fn delete(network: &Network, id: &str) -> Result<Reply, Reply> {
    let mut state = network.state();
    state.applications.remove(id).ok_or_else(Reply::not_found)?;
    for owned in state.numbers.values_mut().filter(|owned| owned.app_id.as_deref() == Some(id)) {
        owned.app_id = None;
        owned.urls = NumberUrls::default();
    }
    Ok(Reply::no_content())
}

fn urls(fields: &Fields, before: NumberUrls) -> Result<NumberUrls, Reply> {
    let url = |name: &str, before: Option<String>| {
        Ok::<_, Reply>(fields.hook(name, "")?.map(|hook| hook.url).or(before))
    };
    Ok(NumberUrls {
        answer_url: url("answer_url", before.answer_url)?,
        message_url: url("message_url", before.message_url)?,
        hangup_url: url("hangup_url", before.hangup_url)?,
    })
}
