//! Questions to the carrier are asked again when no answer comes: asking changes nothing, so it may be done as often as needed.

use std::time::Duration;

/// How often a question is asked.
const TRIES: u32 = 5;
/// The pause after the first try; doubled after each further one.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks until there is an answer, or until there have been enough tries.
pub(crate) async fn patiently<T, F>(ask: impl Fn() -> F) -> Result<T, plivo::Error>
where
    F: Future<Output = Result<T, plivo::Error>>,
{
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match ask().await {
            Err(error) if error.is_passing() => tokio::time::sleep(pause).await,
            other => return other,
        }
        pause *= 2;
    }
    ask().await
}
