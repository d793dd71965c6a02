//! What PHLO lets a service do to people in a room: actions on a Multi-Party Call or Conference Bridge node and on its members. A node's id is its name.

use super::{
    Error,
    auth::{MayAsAccount, Run},
    body, phlo_run,
};
use crate::{
    app::App,
    clock,
    runs::AtNode,
    store::{runs, versions},
    worker,
};
use api::plivo_compat::{Acted, CompatError, PhloNode};
use axum::{
    Json,
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engine::{
    Event, NodeName, Time, Value,
    effect::{MemberChange, Role},
    event::Command,
};
use plivo::number::Party;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Runs of a workflow that are looked through for one that is at the node, the newest first.
const RUNS_MAX: i64 = 1_000;

type Params = BTreeMap<String, Value>;
type QueryPairs = Query<Vec<(String, String)>>;

/// The node an action is for.
struct Target {
    workflow_id: String,
    node: NodeName,
    kind: &'static str,
    label: String,
}

/// Does something at a node that calls are at: `call`, `warm_transfer`, `cold_transfer` or `abort_transfer`, with `to`, `role` and, where several calls are at the
/// node, `trigger_source`: the number of somebody in the right one.
#[utoipa::path(post, path = "/v1/phlo/{id}/{node_type}/{node_id}", tag = "run",
    params(("id" = String, Path, description = "The workflow."), ("node_type" = String, Path, description = "`multi_party_call`."),
        ("node_id" = String, Path, description = "The node's name.")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 201, body = Acted), (status = 400, body = CompatError), (status = 401, body = CompatError), (status = 404, body = CompatError), (status = 409, body = CompatError)))]
pub(super) async fn act_on_node(
    State(app): State<App>,
    _caller: MayAsAccount<Run>,
    Path((id, node_type, node_id)): Path<(String, String, String)>,
    Query(query): QueryPairs,
    request: Request,
) -> Result<Response, Error> {
    let target = target(&app, &id, &node_type, &node_id).await?;
    let params = params(&app, query, request).await?;
    let command = command_at_node(&target, &params)?;
    let source = text(&params, "trigger_source");
    act(&app, &target, source.as_deref(), command).await
}

/// Does something to somebody in a room: `mute`, `unmute`, `hangup`; in a multi-party call also `hold`, `unhold`, `resume_call`, `voicemail_drop` and
/// `abort_transfer`.
#[utoipa::path(post, path = "/v1/phlo/{id}/{node_type}/{node_id}/members/{member_address}", tag = "run",
    params(("id" = String, Path, description = "The workflow."), ("node_type" = String, Path, description = "`multi_party_call` or `conference_bridge`."),
        ("node_id" = String, Path, description = "The node's name."), ("member_address" = String, Path, description = "A number or SIP address.")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 201, body = Acted), (status = 400, body = CompatError), (status = 401, body = CompatError), (status = 404, body = CompatError), (status = 409, body = CompatError)))]
pub(super) async fn act_on_member(
    State(app): State<App>,
    _caller: MayAsAccount<Run>,
    Path((id, node_type, node_id, member)): Path<(String, String, String, String)>,
    Query(query): QueryPairs,
    request: Request,
) -> Result<Response, Error> {
    let target = target(&app, &id, &node_type, &node_id).await?;
    let params = params(&app, query, request).await?;
    let command = command_for_member(&target, &params, &member)?;
    act(&app, &target, Some(&member), command).await
}

/// A node, as PHLO's SDKs read it.
#[utoipa::path(get, path = "/v1/phlo/{id}/{node_type}/{node_id}", tag = "run",
    params(("id" = String, Path, description = "The workflow."), ("node_type" = String, Path, description = "The component."),
        ("node_id" = String, Path, description = "The node's name.")),
    responses((status = 200, body = PhloNode), (status = 404, body = CompatError)))]
pub(super) async fn node(
    State(app): State<App>,
    _caller: MayAsAccount<Run>,
    Path((id, node_type, node_id)): Path<(String, String, String)>,
) -> Result<Json<PhloNode>, Error> {
    let target = target(&app, &id, &node_type, &node_id).await?;
    let versions = versions::list(&mut *app.store.reader().await?, &id).await?;
    let created_at = versions.last().map_or(0, |first| first.published_at);
    Ok(Json(PhloNode {
        api_id: Uuid::new_v4().to_string(),
        node_id,
        phlo_id: id,
        name: target.label,
        // In the caller's own words: SDKs compare it with what they asked for.
        node_type,
        created_on: clock::phlo_style(Time(created_at)),
    }))
}

async fn target(app: &App, id: &str, node_type: &str, node_id: &str) -> Result<Target, Error> {
    let (_, workflow) = app.workflows.published(id).await?;
    let node = NodeName::from(node_id);
    let kind = engine::components::spec(node_type).map(|spec| spec.kind);
    let found = workflow.document().nodes.get(&node).filter(|document| {
        kind.is_some() && engine::components::spec(&document.kind).map(|spec| spec.kind) == kind
    });
    let (Some(kind), Some(document)) = (kind, found) else {
        return Err(Error::not_found(format!(
            "The workflow `{id}` has no node `{node_id}` of the type `{node_type}`."
        )));
    };
    Ok(Target {
        workflow_id: id.to_owned(),
        label: document.label.clone().unwrap_or_else(|| node_id.to_owned()),
        node,
        kind,
    })
}

/// Parameters from query and body: one SDK sends the action only in the query, others in the body.
async fn params(
    app: &App,
    query: Vec<(String, String)>,
    request: Request,
) -> Result<Params, Error> {
    let is_json = body::is_json(request.headers());
    phlo_run::read(&body::bytes(request, app).await?, is_json, query)
}

fn text(params: &Params, name: &str) -> Option<String> {
    params.get(name).map(ToString::to_string).filter(|text| !text.trim().is_empty())
}

fn needed(params: &Params, name: &str) -> Result<String, Error> {
    text(params, name)
        .ok_or_else(|| Error::bad_request(format!("The parameter `{name}` is missing.")))
}

fn command_at_node(target: &Target, params: &Params) -> Result<Command, Error> {
    let action = needed(params, "action")?;
    if target.kind != "multi_party_call" {
        return Err(Error::bad_request(format!(
            "Only a multi-party call knows actions without a member; `{}` is none.",
            target.node
        )));
    }
    if action == "abort_transfer" {
        return Ok(Command::AbortTransfer);
    }
    let role = match text(params, "role").map(|role| role.to_ascii_lowercase()).as_deref() {
        None | Some("agent") => Role::Agent,
        Some("customer") => Role::Customer,
        Some("supervisor") => Role::Supervisor,
        Some(other) => {
            return Err(Error::bad_request(format!(
                "The parameter `role` is `{other}`; it has to be agent, customer or supervisor."
            )));
        }
    };
    let to = || needed(params, "to");
    match action.as_str() {
        "call" => Ok(Command::Call { to: to()?, role }),
        "warm_transfer" => Ok(Command::WarmTransfer { to: to()?, role }),
        "cold_transfer" => Ok(Command::ColdTransfer { to: to()?, role }),
        other => Err(Error::bad_request(format!(
            "The parameter `action` is `{other}`; it has to be call, warm_transfer, cold_transfer or abort_transfer."
        ))),
    }
}

fn command_for_member(target: &Target, params: &Params, member: &str) -> Result<Command, Error> {
    let action = needed(params, "action")?;
    let is_multi_party = target.kind == "multi_party_call";
    let change = match action.as_str() {
        "mute" => MemberChange::Mute,
        "unmute" => MemberChange::Unmute,
        "hangup" => MemberChange::HangUp,
        "hold" if is_multi_party => MemberChange::Hold,
        "unhold" | "resume_call" if is_multi_party => MemberChange::Unhold,
        "voicemail_drop" if is_multi_party => {
            return Ok(Command::VoicemailDrop { member: member.to_owned() });
        }
        "abort_transfer" if is_multi_party => return Ok(Command::AbortTransfer),
        other => {
            let known = if is_multi_party {
                "mute, unmute, hold, unhold, hangup, resume_call, voicemail_drop or abort_transfer"
            } else {
                "mute, unmute or hangup"
            };
            return Err(Error::bad_request(format!(
                "The parameter `action` is `{other}`; for a member of `{}` it has to be {known}.",
                target.node
            )));
        }
    };
    Ok(Command::Member { member: member.to_owned(), change })
}

async fn act(
    app: &App,
    target: &Target,
    party: Option<&str>,
    command: Command,
) -> Result<Response, Error> {
    let run_id = run_at(app, target, party).await?;
    app.runs.deliver(&run_id, Event::Command { node: target.node.clone(), command }).await?;
    let acted = Acted { api_id: Uuid::new_v4().to_string(), error: String::new() };
    Ok((StatusCode::CREATED, Json(acted)).into_response())
}

/// The run whose calls are at the node; where there are several, the one that has this party.
async fn run_at(app: &App, target: &Target, party: Option<&str>) -> Result<String, Error> {
    let runs =
        runs::active_of(&mut *app.store.reader().await?, &target.workflow_id, RUNS_MAX).await?;
    let mut there: Vec<(String, AtNode)> = Vec::new();
    for run_id in runs {
        match app.runs.at_node(&run_id, &target.node).await {
            Ok(Some(at_node)) => there.push((run_id, at_node)),
            Ok(None) | Err(crate::Error::Parked(_) | crate::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if there.len() > 1
        && let Some(party) = party
    {
        there = with_party(app, there, party).await?;
    }
    match <[_; 1]>::try_from(there) {
        Ok([(run_id, _)]) => Ok(run_id),
        Err(there) if there.is_empty() => {
            Err(Error::not_found(format!("No call is at `{}` now.", target.node)))
        }
        Err(_) => Err(Error::new(
            StatusCode::CONFLICT,
            format!(
                "Several calls are at `{}`; name one by the number of somebody in it, as `trigger_source`.",
                target.node
            ),
        )),
    }
}

/// Those runs that have this party: on one of their calls, or, rung into the room by somebody else, at the carrier.
async fn with_party(
    app: &App,
    there: Vec<(String, AtNode)>,
    party: &str,
) -> Result<Vec<(String, AtNode)>, Error> {
    let wanted = Party::new(party);
    let mut certain = Vec::new();
    let mut possible = Vec::new();
    for (run_id, at_node) in there {
        if at_node.parties.iter().any(|other| Party::new(other) == wanted) {
            certain.push((run_id, at_node));
        } else {
            possible.push((run_id, at_node));
        }
    }
    if !certain.is_empty() {
        return Ok(certain);
    }
    for (run_id, at_node) in possible {
        let mut is_there = false;
        for room in &at_node.rooms {
            let found = worker::find_member(&app.plivo, room, party).await;
            is_there |= found.map_err(crate::Error::from)?.is_some();
        }
        if is_there {
            certain.push((run_id, at_node));
        }
    }
    Ok(certain)
}
