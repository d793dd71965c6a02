//! What Plivo tells us: typed views of the form fields of its webhooks.
