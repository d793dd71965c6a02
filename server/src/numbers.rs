//! Our numbers: what each starts, and what the carrier has to know about it.

use crate::{
    app::App,
    config::SANDBOX_NUMBERS,
    error::Error,
    store::numbers::{self, NumberRow},
    telephony::{Telephony, address::NumberKind},
};
use simulator::NumberUrls;

/// A number as clients see it.
pub fn shown(telephony: &Telephony, row: NumberRow) -> api::numbers::Number {
    api::numbers::Number {
        answer_url: telephony.number_url(&row.number, NumberKind::Answer),
        message_url: telephony.number_url(&row.number, NumberKind::Message),
        hangup_url: telephony.number_url(&row.number, NumberKind::Hangup),
        number: row.number,
        workflow: row.workflow_id,
    }
}

/// Adds a number or changes what it starts, and tells the simulator in a sandbox.
///
/// # Errors
/// It is no number, or there is no such workflow.
pub async fn link(app: &App, number: &str, workflow_id: Option<&str>) -> Result<NumberRow, Error> {
    let number =
        plivo::number::Number::parse(number).map_err(|error| Error::Invalid(error.to_string()))?;
    if let Some(workflow_id) = workflow_id {
        app.workflows.row(workflow_id).await?;
    }
    let row = NumberRow {
        number: number.as_str().to_owned(),
        workflow_id: workflow_id.map(str::to_owned),
    };
    let mut tx = app.store.begin().await?;
    numbers::put(&mut tx, &row.number, row.workflow_id.as_deref()).await?;
    tx.commit().await?;
    tell_simulator(app, &row);
    Ok(row)
}

/// Adds the numbers that the settings say are ours.
///
/// # Errors
/// The database failed.
pub async fn add_own(app: &App) -> Result<(), Error> {
    let mut tx = app.store.begin().await?;
    let of_sandbox = if app.simulator.is_some() { &SANDBOX_NUMBERS[..] } else { &[] };
    for number in of_sandbox.iter().copied().chain([app.telephony.from_number().as_str()]) {
        numbers::add_missing(&mut tx, number).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Tells the simulator about all our numbers, as after a start.
///
/// # Errors
/// The database failed.
pub async fn tell_simulator_all(app: &App) -> Result<(), Error> {
    for row in numbers::list(&mut *app.store.reader().await?).await? {
        tell_simulator(app, &row);
    }
    Ok(())
}

fn tell_simulator(app: &App, row: &NumberRow) {
    let Some(simulator) = &app.simulator else { return };
    let url = |kind| Some(app.telephony.number_url(&row.number, kind));
    let urls = NumberUrls {
        answer_url: url(NumberKind::Answer),
        message_url: url(NumberKind::Message),
        hangup_url: url(NumberKind::Hangup),
    };
    simulator.set_number(&row.number, urls);
}
