//! Finds every route in the source of `src/web`: `.route("/path", get(…).post(…))` and
//! `#[utoipa::path(get, path = "/path")]`. Other ways to add one are not read, so they fail.

use std::{collections::BTreeSet, fs};

use syn::{
    Attribute, Expr, ExprCall, ExprLit, ExprMethodCall, ItemFn, ItemMod, Lit,
    visit::{self, Visit},
};

use crate::support::command::project_file;

const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "any"];

/// Ways to add routes that are not read here.
const OTHER_WAYS: [&str; 4] = ["nest", "nest_service", "route_service", "fallback_service"];

/// `GET /desk` and the like.
pub(super) fn routes_of_the_program() -> BTreeSet<String> {
    let mut found = Found::default();
    for entry in walkdir::WalkDir::new(project_file("src/web")).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        let is_rust = entry.path().extension().is_some_and(|kind| kind == "rs");
        if is_rust && entry.file_name() != "tests.rs" {
            let source = fs::read_to_string(entry.path()).expect("a readable file");
            let file = syn::parse_file(&source).expect("Rust");
            found.visit_file(&file);
        }
    }
    found.0
}

#[derive(Default)]
struct Found(BTreeSet<String>);

impl Visit<'_> for Found {
    fn visit_item_mod(&mut self, module: &ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        let name = call.method.to_string();
        assert!(
            !OTHER_WAYS.contains(&name.as_str()),
            "add routes with `route`, not `{name}`"
        );
        if name == "route" {
            let mut arguments = call.args.iter();
            let (Some(path), Some(handlers)) = (arguments.next(), arguments.next()) else {
                panic!("a route has a path and handlers");
            };
            let Expr::Lit(ExprLit {
                lit: Lit::Str(path),
                ..
            }) = path
            else {
                panic!("a route's path is written out, so that this test can read it");
            };
            for method in methods_of(handlers) {
                self.0
                    .insert(format!("{} {}", method.to_uppercase(), path.value()));
            }
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item_fn(&mut self, function: &ItemFn) {
        self.0.extend(function.attrs.iter().filter_map(described));
        visit::visit_item_fn(self, function);
    }
}

/// The methods of `get(…).post(…).layer(…)`.
fn methods_of(handlers: &Expr) -> Vec<String> {
    let known = |name: String| METHODS.contains(&name.as_str()).then_some(name);
    match handlers {
        Expr::Call(ExprCall { func, .. }) => match &**func {
            Expr::Path(path) => path
                .path
                .segments
                .last()
                .and_then(|last| known(last.ident.to_string()))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        },
        Expr::MethodCall(call) => {
            let mut methods = methods_of(&call.receiver);
            methods.extend(known(call.method.to_string()));
            methods
        }
        _ => panic!("a route's handlers are written out, so that this test can read them"),
    }
}

/// The route of `#[utoipa::path(get, path = "…")]`.
fn described(attribute: &Attribute) -> Option<String> {
    let is_path = attribute
        .path()
        .segments
        .iter()
        .map(|part| part.ident.to_string());
    if !is_path.eq(["utoipa", "path"]) {
        return None;
    }
    let tokens = attribute
        .meta
        .require_list()
        .expect("a list")
        .tokens
        .to_string();
    let (method, rest) = tokens.split_once(',').expect("a method");
    let (_, rest) = rest.split_once("path = \"").expect("a path");
    let (path, _) = rest.split_once('"').expect("its end");
    Some(format!("{} {path}", method.trim().to_uppercase()))
}
