//! All workflows: what starts them, what runs now, what became of the last runs.

mod examples;
pub mod import;
mod new;
mod preview;

use crate::language::{t, tf, tn};
use crate::{app::Frame, backend, dialog::Confirm, icon::Icon, toast::Toasts, words};
use api::workflows::WorkflowSummary;
use engine::Document;
use examples::Featured;
use import::ImportButton;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use new::NewDialog;

/// A list this short leaves room for examples below it.
const SHORT_LEN: usize = 4;

/// The screen.
#[component]
pub fn ListPage() -> impl IntoView {
    let workflows = LocalResource::new(backend::workflows);
    // The dialog, and what it begins with.
    let new = RwSignal::new(None::<Option<Document>>);
    let filter = RwSignal::new(String::new());
    let known = Signal::derive(move || match workflows.get() {
        Some(Ok(list)) => list.workflows.iter().map(|workflow| workflow.id.clone()).collect(),
        _ => Vec::new(),
    });
    view! {
        <Frame title=t("Workflows")>
            <div class="page-head">
                <div class="grow">
                    <h1>{t("Workflows")}</h1>
                    <p class="muted">{t("What happens when somebody calls, texts, or a service asks.")}</p>
                </div>
                <ImportButton known=known />
                <button type="button" class="btn primary" on:click=move |_| new.set(Some(None))>
                    <Icon name="plus" />{t("New workflow")}
                </button>
            </div>
            {move || match workflows.get() {
                None => view! { <TableSkeleton /> }.into_any(),
                Some(Err(error)) => {
                    view! { <LoadFailed why=error.to_string() retry=Callback::new(move |()| workflows.refetch()) /> }.into_any()
                }
                Some(Ok(list)) if list.workflows.is_empty() => {
                    view! { <FirstStart on_new=Callback::new(move |from| new.set(Some(from))) /> }.into_any()
                }
                Some(Ok(list)) => {
                    let is_short = list.workflows.len() < SHORT_LEN;
                    view! {
                        <Table workflows=list.workflows filter=filter on_deleted=Callback::new(move |()| workflows.refetch()) />
                        {is_short.then(|| view! { <Featured on_pick=Callback::new(move |example| new.set(Some(Some(example)))) /> })}
                    }
                    .into_any()
                }
            }}
            {move || new.get().map(|begin_with| view! {
                <NewDialog known=known begin_with=begin_with on_close=Callback::new(move |()| new.set(None)) />
            })}
        </Frame>
    }
}

/// Says that a list could not be loaded, and offers to try again.
#[component]
pub fn LoadFailed(why: String, retry: Callback<()>) -> impl IntoView {
    view! {
        <section class="notice bad" role="alert">
            <strong>{t("This could not be loaded")}</strong>
            <span>{capital(&why)}"."</span>
            <div class="row"><button type="button" class="btn small" on:click=move |_| retry.run(())>{t("Try again")}</button></div>
        </section>
    }
}

/// A sentence from an error's words.
pub fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// What stands where a table will be.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    view! {
        <div class="table-box skeleton" role="status" aria-label=t("Loading")>
            <i></i><i></i><i></i><i></i>
        </div>
    }
}

#[component]
fn FirstStart(on_new: Callback<Option<Document>>) -> impl IntoView {
    view! {
        <section class="empty">
            <svg class="picture" viewBox="0 0 360 132" aria-hidden="true">
                <path d="M104 44h30c16 0 10 22 26 22h8M104 44" />
                <path d="M256 62h14c16 0 8-28 22-28M256 78h14c16 0 8 24 22 24" />
                <rect x="8" y="24" width="96" height="40" rx="10" />
                <rect x="168" y="44" width="88" height="46" rx="10" />
                <rect x="292" y="14" width="60" height="38" rx="10" />
                <rect x="292" y="84" width="60" height="36" rx="10" />
                <circle cx="104" cy="44" r="4.5" /><circle cx="256" cy="62" r="4.5" /><circle cx="256" cy="78" r="4.5" />
            </svg>
            <h1>{t("Draw your first call")}</h1>
            <p>
                {t("A workflow is what a caller goes through: something starts it, then one step leads to the next. Draw it, call it from the phone on the screen, then publish it.")}
            </p>
            <button type="button" class="btn primary" on:click=move |_| on_new.run(None)><Icon name="plus" />{t("New workflow")}</button>
        </section>
        <Featured on_pick=Callback::new(move |example| on_new.run(Some(example))) />
    }
}

#[component]
fn Table(
    workflows: Vec<WorkflowSummary>,
    filter: RwSignal<String>,
    on_deleted: Callback<()>,
) -> impl IntoView {
    let workflows = StoredValue::new(workflows);
    let most_runs = workflows
        .with_value(|all| all.iter().map(|workflow| workflow.runs_last_day).max().unwrap_or(0));
    let shown = move || {
        let wanted = filter.get().to_lowercase();
        workflows.with_value(|all| {
            let fits = |workflow: &&WorkflowSummary| {
                format!("{} {} {}", workflow.name, workflow.description, workflow.id)
                    .to_lowercase()
                    .contains(&wanted)
            };
            all.iter().filter(fits).cloned().collect::<Vec<_>>()
        })
    };
    view! {
        <div class="filters">
            <label class="search">
                <Icon name="search" />
                <input
                    type="search"
                    placeholder=t("Find a workflow")
                    aria-label=t("Find a workflow")
                    prop:value=move || filter.get()
                    on:input=move |event| filter.set(event_target_value(&event))
                />
            </label>
        </div>
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("Name")}</th>
                        <th scope="col">{t("Starts by")}</th>
                        <th scope="col">{t("Version")}</th>
                        <th scope="col">{t("Last day")}</th>
                        <th scope="col">{t("Last run")}</th>
                        <th scope="col"><span class="visually-hidden">{t("More")}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=shown key=|workflow| workflow.id.clone() let(workflow)>
                        <Row workflow=workflow most_runs=most_runs on_deleted=on_deleted />
                    </For>
                </tbody>
            </table>
            {move || shown().is_empty().then(|| view! { <p class="table-note">{t("No workflow says that.")}</p> })}
        </div>
    }
}

#[component]
fn Row(workflow: WorkflowSummary, most_runs: u64, on_deleted: Callback<()>) -> impl IntoView {
    let href = format!("/workflows/{}", workflow.id);
    let starts = if workflow.numbers.is_empty() {
        view! { <span class="muted">{t("API request")}</span> }.into_any()
    } else {
        let numbers = workflow
            .numbers
            .iter()
            .map(|number| words::number(number))
            .collect::<Vec<_>>()
            .join(", ");
        view! { <span class="num">{numbers}</span> }.into_any()
    };
    let version = match (workflow.published_version, workflow.differs_from_published) {
        (None, _) => view! { <span class="chip">{t("Draft, never published")}</span> }.into_any(),
        (Some(version), true) => {
            view! { <span class="num">{tf("Version {version}", &[("version", &version)])}</span>" "<span class="chip">{t("Draft differs")}</span> }.into_any()
        }
        (Some(version), false) => view! { <span class="num">{tf("Version {version}", &[("version", &version)])}</span> }.into_any(),
    };
    let problems = (workflow.error_count > 0).then(|| {
        let words = tn(workflow.error_count as usize, "{n} problem", "{n} problems");
        view! { " "<span class="chip bad">{words}</span> }
    });
    let last_run = workflow.last_run.clone().map_or_else(
        || view! { <span class="muted">{t("Never")}</span> }.into_any(),
        |run| {
            let (status, class) = words::status(&run.status);
            let (title, ago) = (words::moment(&run.started_at), words::ago(&run.started_at));
            view! {
                <A href=format!("/runs/{}", run.id) attr:class="quiet-link">
                    <span class=format!("chip {class}")>{status}</span>
                    <time datetime=run.started_at title=title>{ago}</time>
                </A>
            }
            .into_any()
        },
    );
    let share = if most_runs == 0 { 0.0 } else { workflow.runs_last_day as f64 / most_runs as f64 };
    let (id, name) = (workflow.id.clone(), workflow.name.clone());
    view! {
        <tr>
            <th scope="row">
                <A href=href attr:class="strong-link">{workflow.name.clone()}</A>
                <p class="faint">{workflow.description.clone()}</p>
            </th>
            <td>{starts}</td>
            <td>{version}{problems}</td>
            <td class="num">
                {(most_runs > 0).then(|| view! { <span class="bar"><i style:width=format!("{:.0}%", share * 100.0)></i></span> })}
                {tn(usize::try_from(workflow.runs_last_day).unwrap_or(usize::MAX), "{n} run", "{n} runs")}
            </td>
            <td>{last_run}</td>
            <td class="more"><DeleteButton id=id name=name on_deleted=on_deleted /></td>
        </tr>
    }
}

#[component]
fn DeleteButton(id: String, name: String, on_deleted: Callback<()>) -> impl IntoView {
    let toasts = Toasts::of_context();
    let is_asking = RwSignal::new(false);
    let label = tf("Delete {name}", &[("name", &name)]);
    let names = StoredValue::new((id, name));
    let delete = Callback::new(move |()| {
        let (id, name) = names.get_value();
        spawn_local(async move {
            match backend::delete_workflow(&id).await {
                Ok(()) => {
                    toasts.say(tf("“{name}” is deleted.", &[("name", &name)]));
                    on_deleted.run(());
                }
                Err(error) => toasts.say(tf("Not deleted: {why}.", &[("why", &error)])),
            }
        });
    });
    view! {
        <button type="button" class="btn ghost small square" aria-label=label.clone() title=label on:click=move |_| is_asking.set(true)><Icon name="trash" small=true /></button>
        <Show when=move || is_asking.get()>
            <Confirm
                title=names.with_value(|(_, name)| tf("Delete “{name}”?", &[("name", name)]))
                lead=t("Its draft and its versions go, and its numbers start nothing any more. What it did stays under Runs.")
                yes=t("Delete")
                on_yes=delete
                on_close=Callback::new(move |()| is_asking.set(false))
            />
        </Show>
    }
}
