//! Formulas in rhai, sandboxed: a raw engine, a short list of functions, and counted operations.
//!
//! Numbers and texts compare by value (`Menu.digits == 1` is true for the key 1), as PHLO's Branch does.

mod reads;

use crate::{limits, value::Value, variables::Variables};
use reads::{Read, reads};
use rhai::{
    AST, Dynamic, Engine, EvalAltResult, FLOAT, INT, ImmutableString, Scope,
    packages::{ArithmeticPackage, LogicPackage, Package},
};
use serde::{Deserialize, Deserializer, de};
use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, OnceLock},
};

/// A parsed formula.
#[derive(Clone)]
pub struct Expression {
    source: String,
    ast: Arc<AST>,
    /// What the source may read; what is not there is `()`.
    reads: Arc<[Read]>,
}

impl Expression {
    /// Parses a formula.
    ///
    /// # Errors
    /// A sentence that says what is wrong and at which character.
    pub fn parse(source: &str) -> Result<Expression, String> {
        if source.len() > limits::EXPRESSION_BYTES_MAX {
            return Err(format!("it is longer than {} characters", limits::EXPRESSION_BYTES_MAX));
        }
        if source.trim().is_empty() {
            return Err("it is empty".to_owned());
        }
        let ast = engine()
            .compile_expression(fields_by_index(source))
            .map_err(|error| error.to_string())?;
        Ok(Expression {
            source: source.to_owned(),
            ast: Arc::new(ast),
            reads: reads(source).into(),
        })
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Works it out.
    ///
    /// # Errors
    /// A sentence that says why it has no value: unknown function, too many operations, values that do not fit.
    pub(crate) fn evaluate(&self, variables: &Variables) -> Result<Value, String> {
        let mut scope = Scope::new();
        for read in self.reads.iter() {
            let value = variables.find(&read.root);
            scope.push_constant_dynamic(
                read.root.name(),
                value.map_or(Dynamic::UNIT, |value| read.of(value)),
            );
        }
        let value = engine()
            .eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast)
            .map_err(|error| error.to_string())?;
        Ok(value.into())
    }

    /// Whether it holds: true, a number other than 0, or a text other than empty, `0` and `false`.
    ///
    /// # Errors
    /// As [`Self::evaluate`].
    pub(crate) fn holds(&self, variables: &Variables) -> Result<bool, String> {
        Ok(match self.evaluate(variables)? {
            Value::Null => false,
            Value::Bool(value) => value,
            Value::Int(number) => number != 0,
            Value::Float(number) => number != 0.0,
            Value::Text(text) => {
                !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "0" | "false")
            }
            Value::List(items) => !items.is_empty(),
            Value::Map(map) => !map.is_empty(),
        })
    }
}

/// rhai keeps some words for itself even behind a dot, and people's data has fields of such names: `Start.call.from` is read as `Start["call"].from`.
pub(crate) fn fields_by_index(source: &str) -> String {
    const KEPT: [&str; 16] = [
        "call", "case", "default", "do", "each", "for", "match", "new", "package", "public",
        "shared", "sync", "then", "type_of", "use", "with",
    ];
    let mut written = String::with_capacity(source.len());
    let mut rest = source;
    let mut quote: Option<char> = None;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        if quote.is_some() && character == '\\' {
            let escaped = after.chars().next().map_or(0, char::len_utf8);
            written.push_str(&rest[..1 + escaped]);
            rest = &after[escaped..];
            continue;
        }
        if matches!(character, '"' | '`' | '\'') {
            quote = match quote {
                Some(open) if open == character => None,
                None => Some(character),
                other => other,
            };
        }
        let length = after
            .find(|next: char| !(next.is_ascii_alphanumeric() || next == '_'))
            .unwrap_or(after.len());
        let (word, behind) = after.split_at(length);
        let is_field = character == '.' && quote.is_none() && !behind.trim_start().starts_with('(');
        if is_field && KEPT.contains(&word) {
            written.push_str(&format!("[\"{word}\"]"));
            rest = behind;
        } else {
            written.push(character);
            rest = after;
        }
    }
    written
}

/// Words that are no variables.
const RESERVED: [&str; 12] =
    ["true", "false", "in", "if", "else", "let", "const", "fn", "is", "this", "return", "switch"];

/// Every word of a source that could be a variable.
pub(crate) fn words(source: &str) -> BTreeSet<&str> {
    let parts =
        source.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    parts.filter(|word| crate::NodeName::is_identifier(word) && !RESERVED.contains(word)).collect()
}

type Outcome<T> = Result<T, Box<EvalAltResult>>;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut engine = sandbox(&[
            "eval", "import", "export", "print", "debug", "while", "loop", "for", "do", "fn", "Fn",
            "curry",
        ]);
        engine.set_max_operations(limits::EXPRESSION_OPERATIONS_MAX);
        register_texts(&mut engine);
        register_comparisons(&mut engine);
        engine
    })
}

/// A raw engine with bounds on everything that could grow, and without these words.
pub(crate) fn sandbox(forbidden: &[&str]) -> Engine {
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    for symbol in forbidden {
        engine.disable_symbol(*symbol);
    }
    engine.set_max_expr_depths(32);
    engine.set_max_string_size(limits::EXPRESSION_TEXT_BYTES_MAX);
    engine.set_max_array_size(2_000);
    engine.set_max_map_size(500);
    engine.set_max_variables(64);
    // Otherwise rhai answers comparisons of a text with a number itself, always with no.
    engine.set_fast_operators(false);
    // Below nothing there is nothing.
    engine.register_indexer_get(|_: &mut (), _: ImmutableString| ());
    engine.register_indexer_get(|_: &mut (), _: INT| ());
    engine
}

/// What can be done with texts and lists.
pub(crate) fn register_texts(engine: &mut Engine) {
    engine.register_fn("contains", |text: &str, part: &str| text.contains(part));
    engine.register_fn("contains", |items: rhai::Array, item: Dynamic| {
        items.iter().any(|other| other.to_string() == item.to_string())
    });
    engine.register_fn("contains", |map: rhai::Map, key: &str| map.contains_key(key));
    engine.register_fn("contains", |(): (), _: Dynamic| false);
    engine.register_fn("starts_with", |text: &str, part: &str| text.starts_with(part));
    engine.register_fn("ends_with", |text: &str, part: &str| text.ends_with(part));
    engine.register_fn("to_upper", |text: &str| text.to_uppercase());
    engine.register_fn("to_lower", |text: &str| text.to_lowercase());
    engine.register_fn("trim", |text: &str| text.trim().to_owned());
    engine.register_fn("len", |text: &str| count(text.chars().count()));
    engine.register_fn("len", |items: rhai::Array| count(items.len()));
    engine.register_fn("len", |map: rhai::Map| count(map.len()));
    engine.register_fn("len", |(): ()| 0 as INT);
    engine.register_fn("is_empty", |text: &str| text.is_empty());
    engine.register_fn("is_empty", |items: rhai::Array| items.is_empty());
    engine.register_fn("is_empty", |(): ()| true);
    engine.register_fn("to_text", |value: Dynamic| value.to_string());
    engine.register_fn("to_int", |number: INT| number);
    engine.register_fn("to_int", |text: &str| -> Outcome<INT> {
        text.trim().parse().map_err(|_| format!("`{text}` is not a whole number").into())
    });
    engine.register_fn("to_float", |text: &str| -> Outcome<FLOAT> {
        text.trim().parse().map_err(|_| format!("`{text}` is not a number").into())
    });
    engine.register_fn("+", |left: ImmutableString, right: INT| -> Outcome<ImmutableString> {
        joined(&left, &right.to_string())
    });
    engine.register_fn(
        "+",
        |left: ImmutableString, right: ImmutableString| -> Outcome<ImmutableString> {
            joined(&left, &right)
        },
    );
}

fn joined(left: &str, right: &str) -> Outcome<ImmutableString> {
    if left.len() + right.len() > limits::EXPRESSION_TEXT_BYTES_MAX {
        return Err("the text grows too long".into());
    }
    Ok(format!("{left}{right}").into())
}

fn count(length: usize) -> INT {
    INT::try_from(length).unwrap_or(INT::MAX)
}

fn number(text: &str) -> Option<FLOAT> {
    text.trim().parse().ok()
}

/// Comparisons of texts with numbers, by value.
pub(crate) fn register_comparisons(engine: &mut Engine) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a phone key or a count; beyond 2^53 nobody compares with text"
    )]
    fn float(number: INT) -> FLOAT {
        number as FLOAT
    }
    macro_rules! compare {
        ($($name:literal $operator:tt $text:expr),*) => { $(
            engine.register_fn($name, |left: &str, right: &str| left $operator right);
            engine.register_fn($name, |left: &str, right: INT| number(left).map_or($text, |left| left $operator float(right)));
            engine.register_fn($name, |left: INT, right: &str| number(right).map_or($text, |right| float(left) $operator right));
            engine.register_fn($name, |left: &str, right: FLOAT| number(left).map_or($text, |left| left $operator right));
            engine.register_fn($name, |left: FLOAT, right: &str| number(right).map_or($text, |right| left $operator right));
        )* };
    }
    compare!("==" == false, "!=" != true, "<" < false, "<=" <= false, ">" > false, ">=" >= false);
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Expression::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("Menu", Value::from(serde_json::json!({ "digits": "1" })));
        variables.set("count", Value::Int(3));
        let call = serde_json::json!({ "call": { "from": "+14155550100" } });
        variables.set("Start", Value::from(call));
        variables
            .set("people", Value::from(serde_json::json!([{ "name": "Ada" }, { "name": "Bo" }])));
        variables
    }

    #[test]
    fn formulas_read_variables_and_compare_texts_with_numbers() {
        for (source, expected) in [
            ("Menu.digits == \"1\"", true),
            ("contains(Menu, \"digits\") && Menu . digits . len() == 1", true),
            ("\"digits\" in Menu", true),
            ("Menu[\"digits\"] == `${count - 2}`", true),
            ("people.len() == count - 1 // not Menu.digits", true),
            ("Menu.digits == 1", true),
            ("Menu.digits != 1", false),
            ("1 == Menu.digits", true),
            ("Menu.digits < 2 && count >= 3", true),
            ("count == 3 || false", true),
            ("nobody.at.all == ()", true),
            ("nobody == ()", true),
            ("Menu.missing == \"\"", false),
            ("people[1].name == \"Bo\"", true),
            ("people.len() == 2", true),
            ("Start.call.from == \"+14155550100\"", true),
            ("\"Start.call.from\".len() == 15", true),
            ("Menu.digits.len() == 1", true),
            ("\"a\" in \"abc\"", true),
            ("Menu.digits in [\"1\", \"2\"]", true),
            ("Menu.digits + 1 == \"11\"", true),
            ("to_int(Menu.digits) + 1 == 2", true),
            ("\"B\".to_lower() == \"b\"", true),
            ("if count > 2 { true } else { false }", true),
        ] {
            let expression =
                Expression::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
            assert_eq!(expression.holds(&variables()), Ok(expected), "{source}");
        }
    }

    #[test]
    fn what_could_harm_is_refused_or_stopped() {
        for source in [
            "eval(\"1\")",
            "sleep(3)",
            "timestamp()",
            "print(1)",
            "import \"x\" as y",
            "while true {}",
            "let x = 1; x",
            "",
            "1 +",
            "people.pad(2000000000, 1)",
            "\"a\".replace(\"a\", \"b\")",
            "Fn(\"sleep\")",
            "blob(4000000000)",
            "((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))",
        ] {
            let outcome =
                Expression::parse(source).and_then(|expression| expression.evaluate(&variables()));
            assert!(outcome.is_err(), "{source} gave {outcome:?}");
        }
    }
}
