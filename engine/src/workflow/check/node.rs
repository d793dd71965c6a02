//! One node at a time: its name, its kind, its settings, and that its edges lead somewhere.

use crate::{
    component::Problems,
    component::Spec,
    components,
    name::NodeName,
    run::HUNG_UP,
    workflow::{
        document::{Document, NodeDocument},
        fields::Fields,
        fix::{Change, Fix, WayOut},
        problem::Problem,
    },
};

pub(super) fn check(
    document: &Document,
    name: &NodeName,
    node: &NodeDocument,
    problems: &mut Vec<Problem>,
) {
    if !NodeName::is_identifier(name.as_str()) {
        let remedy = "Use letters, digits and _, beginning with a letter, so that texts can say {{ Name.variable }}; the label may say anything.";
        problems.push(Problem::of_node(
            "bad_node_name",
            name,
            "",
            format!("`{name}` cannot be the reference name of a node."),
            remedy,
        ));
    } else if name == "run" {
        problems.push(Problem::of_node(
            "reserved_name",
            name,
            "",
            "`run` is the name of the run itself.",
            "Choose another reference name.",
        ));
    }
    let Some(spec) = components::spec(&node.kind) else {
        let mut problem = Problem::of_node(
            "unknown_kind",
            name,
            "",
            format!("There is no component `{}`.", node.kind),
            nearest_kind(&node.kind),
        );
        problem.pointer.push_str("/kind");
        problems.push(problem);
        return check_edges(document, name, node, None, problems);
    };
    let before = problems.len();
    check_config(spec, name, node, problems);
    if !problems[before..].iter().any(Problem::is_error) {
        match components::parse(&node.kind, &node.config) {
            None => {}
            Some(Ok(behaviour)) => behaviour.check(&mut Problems { node: name, found: problems }),
            Some(Err(error)) => {
                let path = error.path().to_string();
                let field = if path == "." { "" } else { &path };
                let message =
                    format!("The settings of this node cannot be read: {}.", error.inner());
                problems.push(Problem::of_node(
                    "wrong_value",
                    name,
                    field,
                    message,
                    "Compare with the component's example in its help.",
                ));
            }
        }
    }
    check_edges(document, name, node, Some(spec), problems);
}

fn check_config(spec: &Spec, name: &NodeName, node: &NodeDocument, problems: &mut Vec<Problem>) {
    for field in spec.fields {
        match node.config.get(field.key).filter(|value| !value.is_null()) {
            Some(value) => {
                if field.is_required && field.control.is_default(value) {
                    problems.push(missing(name, field));
                } else {
                    Fields { node: name, problems }.check(field, value);
                }
            }
            None if field.is_required => problems.push(missing(name, field)),
            None => {}
        }
    }
    for key in node.config.keys().filter(|key| spec.fields.iter().all(|field| field.key != *key)) {
        let known: Vec<&str> = spec.fields.iter().map(|field| field.key).collect();
        let remedy = if known.is_empty() {
            "It has no settings.".to_owned()
        } else {
            format!("It has: {}.", known.join(", "))
        };
        let message = format!("{} has no setting `{key}`.", spec.label);
        problems.push(
            Problem::of_node("unknown_field", name, key, message, remedy)
                .with_removal("Remove the setting"),
        );
    }
}

fn missing(name: &NodeName, field: &crate::component::Field) -> Problem {
    Problem::of_node(
        "missing_field",
        name,
        field.key,
        format!("{} is missing.", field.label),
        format!("Fill it in: {}", field.help),
    )
}

fn check_edges(
    document: &Document,
    name: &NodeName,
    node: &NodeDocument,
    spec: Option<&Spec>,
    problems: &mut Vec<Problem>,
) {
    let states = spec.map(|spec| {
        let mut states = components::states(spec.kind, &node.config);
        if spec.is_voice {
            states.push(HUNG_UP.into());
        }
        states
    });
    for (state, target) in &node.next {
        let field = format!("next.{state}");
        let remove = || {
            Fix::offered(
                "Remove the edge",
                Change::Disconnect { from: WayOut::new(name, state.clone()) },
            )
        };
        if let Some(states) = states.as_ref().filter(|states| !states.contains(state)) {
            let known: Vec<&str> = states.iter().map(crate::StateName::as_str).collect();
            let remedy = if known.is_empty() {
                "This node ends the run; remove the edge.".to_owned()
            } else {
                format!("Its states are: {}.", known.join(", "))
            };
            problems.push(
                Problem::of_node(
                    "unknown_state",
                    name,
                    &field,
                    format!("Node `{name}` has no state `{state}`."),
                    remedy,
                )
                .with_fix(remove()),
            );
        }
        match document.nodes.get(target) {
            None => {
                let message =
                    format!("The state `{state}` leads to `{target}`, which does not exist.");
                problems.push(
                    Problem::of_node(
                        "edge_to_nowhere",
                        name,
                        &field,
                        message,
                        "Connect it to a node, or remove the edge.",
                    )
                    .with_fix(remove()),
                );
            }
            Some(target_node)
                if components::spec(&target_node.kind).is_some_and(|spec| spec.kind == "start") =>
            {
                let message =
                    format!("The state `{state}` leads back to the start, where only runs begin.");
                problems.push(
                    Problem::of_node(
                        "edge_to_start",
                        name,
                        &field,
                        message,
                        "Connect it to the node after the start.",
                    )
                    .with_fix(remove()),
                );
            }
            Some(_) => {}
        }
    }
}

fn nearest_kind(kind: &str) -> String {
    let distance = |other: &str| {
        let shared = other.split('_').filter(|word| kind.contains(word)).count();
        (usize::MAX - shared, other.len().abs_diff(kind.len()))
    };
    match components::LIBRARY.iter().map(|spec| spec.kind).min_by_key(|other| distance(other)) {
        Some(nearest) if nearest.split('_').any(|word| kind.contains(word)) => {
            format!("Did you mean `{nearest}`?")
        }
        _ => format!(
            "The components are: {}.",
            components::LIBRARY.iter().map(|spec| spec.kind).collect::<Vec<_>>().join(", ")
        ),
    }
}
