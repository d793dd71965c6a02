//! Applications: named sets of addresses that numbers can be attached to.

use serde_json::{Value, json};

use crate::{clock::At, config::NumberUrls};

/// An application, as Plivo's REST API keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) app_id: String,
    pub(crate) name: String,
    pub(crate) urls: NumberUrls,
    pub(crate) created: At,
}

impl Application {
    pub(crate) fn json(&self, auth_id: &str) -> Value {
        let url = |url: &Option<String>| url.clone().unwrap_or_default();
        json!({
            "app_id": self.app_id,
            "app_name": self.name,
            "answer_url": url(&self.urls.answer_url),
            "answer_method": "POST",
            "hangup_url": url(&self.urls.hangup_url),
            "hangup_method": "POST",
            "fallback_answer_url": "",
            "fallback_method": "POST",
            "message_url": url(&self.urls.message_url),
            "message_method": "POST",
            "default_app": false,
            "default_endpoint_app": false,
            "enabled": true,
            "log_incoming_messages": true,
            "public_uri": false,
            "sub_account": null,
            "sip_uri": format!("sip:{}@app.plivo.com", self.app_id),
            "resource_uri": format!("/v1/Account/{auth_id}/Application/{}/", self.app_id),
            "created_on": self.created.record(),
        })
    }
}
