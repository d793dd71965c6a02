//! The description of our API, made from its routes, and the page that shows it.

use super::{
    Error,
    auth::{May, Read},
    editor, hooks, phlo_action, phlo_run,
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;
use utoipa::openapi::{
    InfoBuilder, OpenApi,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The description.
pub fn description() -> OpenApi {
    let (_, mut description) = described().split_for_parts();
    description.info = InfoBuilder::new()
        .title("Phloem")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Workflows, versions, runs, numbers and tokens. Errors are `application/problem+json`; \
             on the paths that PHLO's SDKs know, `{api_id, error}`.",
        ))
        .build();
    let components = description.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.add_security_scheme("token", bearer);
    description.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    description
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .nest("/api/v1", super::api())
        .routes(routes!(phlo_run::run))
        .routes(routes!(phlo_run::run_of_account))
        .routes(routes!(hooks::take))
        .routes(routes!(phlo_run::phlo))
        .routes(routes!(phlo_run::phlo_run))
        .routes(routes!(phlo_action::node, phlo_action::act_on_node))
        .routes(routes!(phlo_action::act_on_member))
}

/// The description as JSON.
pub(super) async fn document(_caller: May<Read>) -> Json<OpenApi> {
    Json(description())
}

/// Goes on to the page.
pub(super) async fn open() -> Redirect {
    Redirect::to("/api/docs/index.html")
}

/// The files of the page that shows the description.
pub(super) async fn page(
    State(_app): State<App>,
    _caller: May<Read>,
    Path(file): Path<String>,
) -> Result<Response, Error> {
    let config = Arc::new(utoipa_swagger_ui::Config::from("/api/openapi.json"));
    let file = utoipa_swagger_ui::serve(&file, config)
        .ok()
        .flatten()
        .ok_or_else(|| Error::not_found("There is nothing here."))?;
    let headers = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CONTENT_SECURITY_POLICY, editor::DOCS_POLICY.to_owned()),
    ];
    Ok((headers, file.bytes.into_owned()).into_response())
}
