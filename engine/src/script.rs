//! Scripts in rhai, in the same sandbox as formulas: several statements and loops, counted operations, no functions of their own.

use crate::{
    expression::{fields_by_index, register_comparisons, register_texts, sandbox, words},
    limits,
    value::Value,
    variables::{Root, Variables},
};
use rhai::{
    AST, Dynamic, Engine, Scope,
    packages::{
        BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
        MoreStringPackage, Package,
    },
};
use serde::{Deserialize, Deserializer, de};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// A parsed script: several statements, loops included; its last value is its result.
#[derive(Clone)]
pub struct Script {
    source: String,
    ast: Arc<AST>,
    words: Arc<[Root]>,
}

impl Script {
    /// Parses a script.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where.
    pub fn parse(source: &str) -> Result<Script, String> {
        if source.len() > limits::SCRIPT_BYTES_MAX {
            return Err(format!("it is longer than {} characters", limits::SCRIPT_BYTES_MAX));
        }
        if source.trim().is_empty() {
            return Err("it is empty".to_owned());
        }
        let ast =
            script_engine().compile(fields_by_index(source)).map_err(|error| error.to_string())?;
        Ok(Script {
            source: source.to_owned(),
            ast: Arc::new(ast),
            words: words(source).into_iter().map(Root::new).collect(),
        })
    }

    /// The script as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Runs it.
    ///
    /// # Errors
    /// A sentence that says why it has no result: a mistake, too many operations, values that do not fit.
    pub(crate) fn run(&self, variables: &Variables) -> Result<Value, String> {
        let mut scope = Scope::new();
        for word in self.words.iter() {
            let value = variables.find(word).map_or(Dynamic::UNIT, Value::to_dynamic);
            scope.push_dynamic(word.name(), value);
        }
        let value = script_engine()
            .eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast)
            .map_err(|error| error.to_string())?;
        Ok(value.into())
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Script {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Script::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

fn script_engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut engine =
            sandbox(&["eval", "import", "export", "print", "debug", "fn", "Fn", "curry"]);
        engine.set_max_operations(limits::SCRIPT_OPERATIONS_MAX);
        BasicArrayPackage::new().register_into_engine(&mut engine);
        BasicIteratorPackage::new().register_into_engine(&mut engine);
        BasicMapPackage::new().register_into_engine(&mut engine);
        MoreStringPackage::new().register_into_engine(&mut engine);
        BasicMathPackage::new().register_into_engine(&mut engine);
        register_texts(&mut engine);
        register_comparisons(&mut engine);
        engine
    })
}
