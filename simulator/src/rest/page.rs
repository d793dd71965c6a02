//! Lists, a page at a time: `limit` 1 to 20, `offset`, and relative addresses of the neighbouring pages.

use serde_json::{Value, json};

use super::{fields::Fields, reply::Reply};
use crate::network::Network;

/// The answer to a list request. `objects` are all that match, in order; only the asked page is written out.
pub(crate) fn answer<T>(
    network: &Network,
    resource: &str,
    fields: &Fields,
    objects: &[T],
    write: impl Fn(&T) -> Value,
) -> Result<Reply, Reply> {
    let limit = fields.number("limit")?.unwrap_or(20.0) as usize;
    let offset = fields.number("offset")?.unwrap_or(0.0) as usize;
    if !(1..=20).contains(&limit) {
        return Err(Reply::bad("the parameter `limit` is from 1 to 20"));
    }
    let address = |offset: usize| {
        format!("/v1/Account/{}/{resource}/?limit={limit}&offset={offset}", network.config.auth_id)
    };
    let next = (offset + limit < objects.len()).then(|| address(offset + limit));
    let previous = (offset > 0).then(|| address(offset.saturating_sub(limit)));
    let page: Vec<Value> = objects.iter().skip(offset).take(limit).map(write).collect();
    Ok(Reply::ok(json!({
        "meta": { "limit": limit, "offset": offset, "next": next, "previous": previous, "total_count": objects.len() },
        "objects": page,
    })))
}
