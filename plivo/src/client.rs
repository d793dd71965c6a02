//! What we ask of Plivo over REST.
