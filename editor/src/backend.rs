//! The only module that talks to the server.

mod live;
mod simulator;

pub use live::{Events, follow_run};
pub use simulator::{
    Awaiting, Call, Message, Phone, PhoneAct, call_from, follow_phone, link_number, phone,
    phone_act, phone_keys, phone_rings, phone_says, text_from,
};

use api::{
    access::{CreatedToken, NewToken, Session, TokenList},
    numbers::{Number, NumberChange, NumberList},
    plivo_compat::RunAccepted,
    runs::{Journal, Run, RunList},
    try_out::{ConnectionList, HttpTest, HttpTestAnswer},
    workflows::{ExampleList, Published, VersionDetail, WorkflowList},
};
use engine::Document;
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;

/// Why the server did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// No answer came: no network, or the server is down. It may be tried again.
    #[error("the server cannot be reached; check that it runs and try again")]
    Offline,
    /// The session is over or never was.
    #[error("you are signed out; open a new sign-in link")]
    SignedOut,
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// Somebody else changed it meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// It was refused.
    #[error("{detail}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What is wrong and what to do.
        detail: String,
        /// Problems of the workflow, where there was one; `Studio::problems_of` reads them.
        problems: Json,
    },
    /// An answer came that this editor does not understand.
    #[error(
        "the server's answer could not be read ({0}); reload the page, the server may be newer than this editor"
    )]
    Unreadable(String),
}

/// `api::workflows::Workflow` as far as the editor shows it. What reads problems arrives behind the canvas, see `Studio::problems_of`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// Grows with every saving of the draft.
    pub revision: u64,
    /// The draft.
    pub document: Document,
    /// What is wrong with the draft.
    pub problems: Json,
    /// When the draft was last saved, RFC 3339.
    pub saved_at: String,
    /// The version that runs now, if one was published.
    pub published_version: Option<u32>,
    /// Whether the draft says something else than that version.
    pub differs_from_published: bool,
}

/// `api::workflows::Saved` without what the editor finds out by itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Saved {
    /// The workflow's id.
    pub id: String,
    /// The draft's new revision.
    pub revision: u64,
    /// Whether the draft says something else than the published version.
    pub differs_from_published: bool,
}

type SignedOutHook = Box<dyn Fn()>;

thread_local! {
    static SIGNED_OUT: RefCell<Option<SignedOutHook>> = const { RefCell::new(None) };
}

/// Sets what is done whenever the server says that nobody is signed in.
pub fn when_signed_out(hook: impl Fn() + 'static) {
    SIGNED_OUT.with_borrow_mut(|slot| *slot = Some(Box::new(hook)));
}

/// Who is signed in, and to what kind of server.
pub async fn session() -> Result<Session, Error> {
    get("/api/v1/session").await
}

/// Ends the session of this browser.
pub async fn sign_out() -> Result<(), Error> {
    send_empty(request(Method::DELETE, "/api/v1/session")).await
}

/// All workflows, by name.
pub async fn workflows() -> Result<WorkflowList, Error> {
    get("/api/v1/workflows").await
}

/// The examples that come with the server.
pub async fn examples() -> Result<ExampleList, Error> {
    get("/api/v1/examples").await
}

/// One workflow with its draft.
pub async fn workflow(id: &str) -> Result<Workflow, Error> {
    get(&format!("/api/v1/workflows/{}", encoded(id))).await
}

/// Saves a draft if it is still at the given revision.
///
/// # Errors
/// [`Error::Conflict`] if the draft moved on meanwhile.
pub async fn save(document: &Document, revision: u64) -> Result<Saved, Error> {
    let request = request(Method::PUT, &format!("/api/v1/workflows/{}", encoded(&document.id)));
    send_json(request.header("If-Match", &format!("\"{revision}\"")), document).await
}

/// Makes a new workflow.
///
/// # Errors
/// [`Error::Conflict`] if there is one of that id.
pub async fn create(document: &Document) -> Result<Saved, Error> {
    let request = request(Method::PUT, &format!("/api/v1/workflows/{}", encoded(&document.id)));
    send_json(request.header("If-None-Match", "*"), document).await
}

/// Deletes a workflow.
pub async fn delete_workflow(id: &str) -> Result<(), Error> {
    send_empty(request(Method::DELETE, &format!("/api/v1/workflows/{}", encoded(id)))).await
}

/// Makes the draft the version that runs.
pub async fn publish(id: &str) -> Result<Published, Error> {
    post(&format!("/api/v1/workflows/{}/publish", encoded(id)), &Json::Object(Map::new())).await
}

/// One published version with its document.
pub async fn version(id: &str, version: u32) -> Result<VersionDetail, Error> {
    get(&format!("/api/v1/workflows/{}/versions/{version}", encoded(id))).await
}

/// Starts a run of the published version, as a service would.
pub async fn start_run(id: &str, body: &Json) -> Result<RunAccepted, Error> {
    post(&format!("/phlo/{}/run", encoded(id)), body).await
}

/// Runs, newest first; empty filters filter nothing.
pub async fn runs(workflow: &str, status: &str, cursor: Option<&str>) -> Result<RunList, Error> {
    let mut query = vec![String::from("limit=50")];
    for (name, value) in
        [("workflow", workflow), ("status", status), ("cursor", cursor.unwrap_or_default())]
    {
        if !value.is_empty() {
            query.push(format!("{name}={}", encoded(value)));
        }
    }
    get(&format!("/api/v1/runs?{}", query.join("&"))).await
}

/// One run.
pub async fn run(id: &str) -> Result<Run, Error> {
    get(&format!("/api/v1/runs/{}", encoded(id))).await
}

/// A run's journal.
pub async fn journal(id: &str) -> Result<Journal, Error> {
    get(&format!("/api/v1/runs/{}/journal", encoded(id))).await
}

/// Asks for the end of a run.
pub async fn cancel(id: &str) -> Result<(), Error> {
    let request = request(Method::POST, &format!("/api/v1/runs/{}/cancel", encoded(id)));
    answer(request.json(&Json::Object(Map::new())).map_err(unreadable)?.send().await)
        .await
        .map(drop)
}

/// Our numbers.
pub async fn numbers() -> Result<NumberList, Error> {
    get("/api/v1/numbers").await
}

/// Says what a number starts.
pub async fn change_number(number: &str, workflow: Option<String>) -> Result<Number, Error> {
    let request = request(Method::PUT, &format!("/api/v1/numbers/{}", encoded(number)));
    send_json(request, &NumberChange { workflow }).await
}

/// The databases that workflows can ask.
pub async fn connections() -> Result<ConnectionList, Error> {
    get("/api/v1/connections").await
}

/// Makes an HTTP request once, as a node would.
pub async fn try_http(test: &HttpTest) -> Result<HttpTestAnswer, Error> {
    post("/api/v1/http-test", test).await
}

/// Tokens of services.
pub async fn tokens() -> Result<TokenList, Error> {
    get("/api/v1/tokens").await
}

/// Makes a token; its secret is in this answer only.
pub async fn create_token(token: &NewToken) -> Result<CreatedToken, Error> {
    post("/api/v1/tokens", token).await
}

/// Takes a token back.
pub async fn revoke_token(id: &str) -> Result<(), Error> {
    send_empty(request(Method::DELETE, &format!("/api/v1/tokens/{}", encoded(id)))).await
}

fn request(method: Method, url: &str) -> RequestBuilder {
    RequestBuilder::new(url).method(method).header("Accept", "application/json")
}

async fn get<T: DeserializeOwned>(url: &str) -> Result<T, Error> {
    read(answer(request(Method::GET, url).send().await).await?).await
}

async fn post<T: DeserializeOwned>(url: &str, body: &impl Serialize) -> Result<T, Error> {
    send_json(request(Method::POST, url), body).await
}

async fn send_json<T: DeserializeOwned>(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<T, Error> {
    let request = request.json(body).map_err(unreadable)?;
    read(answer(request.send().await).await?).await
}

async fn send_empty(request: RequestBuilder) -> Result<(), Error> {
    answer(request.send().await).await.map(drop)
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    response.json().await.map_err(unreadable)
}

/// Sorts answers into good ones and the kinds of bad ones.
async fn answer(sent: Result<Response, gloo_net::Error>) -> Result<Response, Error> {
    let Ok(response) = sent else { return Err(Error::Offline) };
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    let (detail, problems) = explanation(&text, status);
    Err(match status {
        401 => {
            SIGNED_OUT.with_borrow(|hook| {
                if let Some(hook) = hook {
                    hook();
                }
            });
            Error::SignedOut
        }
        404 => Error::NotFound(detail),
        409 | 412 => Error::Conflict(detail),
        // A proxy answers so while the server behind it restarts.
        502..=504 => Error::Offline,
        _ => Error::Refused { status, detail, problems },
    })
}

/// What an error answer says, in any of the shapes there are (`api::problem::ProblemDetails` is one).
fn explanation(text: &str, status: u16) -> (String, Json) {
    let mut json: Json = serde_json::from_str(text).unwrap_or_default();
    let problems = json.get_mut("errors").map(Json::take).unwrap_or_default();
    let words = ["detail", "error", "message"].into_iter().find_map(|key| json.get(key)?.as_str());
    (
        words.map_or_else(|| format!("the server answered with status {status}"), str::to_owned),
        problems,
    )
}

fn unreadable(error: gloo_net::Error) -> Error {
    Error::Unreadable(error.to_string())
}

/// One part of a path or query, percent-encoded.
fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
