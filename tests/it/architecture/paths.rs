//! Everything that a source file refers to: `use` trees, inline paths, macros, attributes.

use std::fmt;

use syn::{
    Ident, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    token::{Brace, Bracket, Paren},
    visit::{self, Visit},
};

/// Something that a file refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference {
    /// A path of our own, below the crate's root; empty or ending in `*` for all of it.
    Crate(Vec<String>),
    /// A path that begins with another crate's name, or a local one.
    External(Vec<String>),
    /// A file pulled in by `#[path]` or `include!`.
    Hidden(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crate(path) => write!(f, "crate::{}", path.join("::")),
            Self::External(path) => f.write_str(&path.join("::")),
            Self::Hidden(how) => f.write_str(how),
        }
    }
}

/// All references of a file that is `module`.
pub(super) fn references(source: &str, module: &[String]) -> syn::Result<Vec<Reference>> {
    let file = syn::parse_file(source)?;
    let mut found = Found {
        module: module.to_vec(),
        references: Vec::new(),
    };
    found.visit_file(&file);
    Ok(found.references)
}

struct Found {
    /// The module being read; grows in inline modules.
    module: Vec<String>,
    references: Vec<Reference>,
}

impl Found {
    /// Adds a path as written here.
    fn add(&mut self, path: &[String]) {
        let reference = self.resolve(path);
        self.references.push(reference);
    }

    fn resolve(&self, path: &[String]) -> Reference {
        let Some((first, rest)) = path.split_first() else {
            return Reference::External(Vec::new());
        };
        let mut base = match first.as_str() {
            // `ringback` is what the program calls the library.
            "crate" | "ringback" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return Reference::External(path.to_vec()),
        };
        let mut rest = rest;
        if first == "super" {
            base.pop();
        }
        while let Some((next, after)) = rest.split_first() {
            if next != "super" {
                break;
            }
            base.pop();
            rest = after;
        }
        base.extend(rest.iter().cloned());
        Reference::Crate(base)
    }

    fn add_tree(&mut self, tree: &syn::UseTree, prefix: &[String]) {
        let joined = |name: &Ident| {
            let mut path = prefix.to_vec();
            // `use a::{self}` is `use a`.
            if name != "self" || prefix.is_empty() {
                path.push(name.unraw().to_string());
            }
            path
        };
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&path.tree, &joined(&path.ident)),
            syn::UseTree::Name(name) => self.add(&joined(&name.ident)),
            syn::UseTree::Rename(rename) => self.add(&joined(&rename.ident)),
            syn::UseTree::Glob(_) => {
                let mut path = prefix.to_vec();
                path.push("*".to_owned());
                self.add(&path);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(tree, prefix);
                }
            }
        }
    }

    /// Adds whatever looks like a path among a macro's or an attribute's tokens.
    fn add_tokens(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(Paren) {
                let inner;
                syn::parenthesized!(inner in input);
                self.add_tokens(&inner)?;
            } else if input.peek(Bracket) {
                let inner;
                syn::bracketed!(inner in input);
                self.add_tokens(&inner)?;
            } else if input.peek(Brace) {
                let inner;
                syn::braced!(inner in input);
                self.add_tokens(&inner)?;
            } else if input.peek(Ident::peek_any) {
                let mut path = vec![input.call(Ident::parse_any)?.unraw().to_string()];
                while input.peek(Token![::]) && input.peek3(Ident::peek_any) {
                    input.parse::<Token![::]>()?;
                    path.push(input.call(Ident::parse_any)?.unraw().to_string());
                }
                if path.len() > 1 {
                    self.add(&path);
                }
            } else if let Ok(text) = input.fork().parse::<syn::LitStr>() {
                self.add_text(&text.value());
                input.parse::<syn::LitStr>()?;
            } else {
                // Anything else is one token that names nothing.
                input.step(|cursor| match cursor.token_tree() {
                    Some((_, next)) => Ok(((), next)),
                    None => Err(cursor.error("no token")),
                })?;
            }
        }
        Ok(())
    }

    /// Adds a path that stands in an attribute's string, as serde's `with` has it.
    fn add_text(&mut self, text: &str) {
        if let Ok(path) = syn::parse_str::<syn::Path>(text)
            && path.segments.len() > 1
        {
            self.visit_path(&path);
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.unraw().to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.add(&[item.ident.unraw().to_string()]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.unraw().to_string())
            .collect();
        if names.len() > 1 {
            self.add(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if item.path.is_ident("include") {
            self.references
                .push(Reference::Hidden("include!".to_owned()));
        }
        self.visit_path(&item.path);
        let mut tokens = |input: ParseStream<'_>| self.add_tokens(input);
        Parser::parse2(&mut tokens, item.tokens.clone()).expect("tokens always parse");
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        // Documentation refers to whatever it likes.
        if attribute.path().is_ident("doc") {
            return;
        }
        if attribute.path().is_ident("path") {
            self.references
                .push(Reference::Hidden("#[path]".to_owned()));
        }
        self.visit_path(attribute.path());
        if let syn::Meta::List(list) = &attribute.meta {
            let mut tokens = |input: ParseStream<'_>| self.add_tokens(input);
            Parser::parse2(&mut tokens, list.tokens.clone()).expect("tokens always parse");
        }
    }
}
