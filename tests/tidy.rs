//! The order of the house: which file may name what, and what no file may have.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file of the project and its text.
struct Source {
    /// As in `src/http/mod.rs`.
    path: String,
    text: String,
}

impl Source {
    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(&format!("{folder}/"))
    }

    /// Whether it holds statements: `store.rs`, what is in a folder `store`, and `table.rs`.
    fn is_in_store(&self) -> bool {
        self.path.ends_with("/store.rs") || self.path.contains("/store/") || self.path == "src/table.rs"
    }

    /// Every line's number, and the line without comments and what stands in strings.
    fn code(&self) -> Vec<(usize, String)> {
        code(&self.text).lines().map(str::to_owned).enumerate().map(|(line, code)| (line + 1, code)).collect()
    }
}

/// Every Rust file of these folders.
fn sources(folders: &[&str]) -> Vec<Source> {
    files(folders, &["rs"])
}

/// Every file of these folders whose name ends like this. What tools made is none of them.
fn files(folders: &[&str], endings: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !MADE.contains(&name) {
                    folders.push(path);
                }
            } else if name.split_once('.').is_some_and(|(_, ending)| endings.contains(&ending)) {
                let text = fs::read_to_string(&path).unwrap();
                sources.push(Source { path: path.strip_prefix(root).unwrap().display().to_string(), text });
            }
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

/// Folders whose contents tools make.
const MADE: [&str; 4] = ["node_modules", "dist", "generated", "__generated__"];

/// What is not Rust but written by hand, and shown, run or compiled.
fn foreign() -> Vec<Source> {
    let endings = ["css", "graphql", "html", "js", "jsx", "mjs", "py", "config.js", "test.js", "ts"];
    files(&["playground", "src", "tests"], &endings)
}

fn all() -> Vec<Source> {
    sources(&["src", "entity/src", "migration/src", "tests", "examples/rust-client/src"])
}

/// The text without comments and what stands in strings; what is left keeps its line.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            'r' if rest.starts_with("r\"") => 3 + rest[2..].find('"').unwrap(),
            'r' if rest.starts_with("r#\"") => 5 + rest[3..].find("\"#").unwrap(),
            '"' => string_length(rest),
            '\'' if rest.starts_with("'\"'") => 3,
            _ => {
                code.push(next);
                rest = &rest[next.len_utf8()..];
                continue;
            }
        };
        code.extend(rest[..length].chars().filter(|skipped| *skipped == '\n'));
        rest = &rest[length..];
    }
    code
}

fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, next) in text.char_indices().skip(1) {
        if next == '"' && !is_escaped {
            return at + 1;
        }
        is_escaped = next == '\\' && !is_escaped;
    }
    text.len()
}

fn names(code: &str, word: &str) -> bool {
    code.split(|next: char| !next.is_alphanumeric() && next != '_').any(|found| found == word)
}

/// Refuses the words in the code of these files.
fn refuse_words<'a>(files: impl IntoIterator<Item = &'a Source>, words: &[&str], why: &str) {
    refuse(files, |code| words.iter().copied().find(|word| names(code, word)), why);
}

/// Refuses the texts in the code of these files.
fn refuse_texts<'a>(files: impl IntoIterator<Item = &'a Source>, texts: &[&str], why: &str) {
    refuse(files, |code| texts.iter().copied().find(|text| code.contains(text)), why);
}

fn refuse<'a, 'b>(
    files: impl IntoIterator<Item = &'a Source>,
    find: impl Fn(&str) -> Option<&'b str>,
    why: &str,
) {
    let mut faults = Vec::new();
    for file in files {
        for (line, code) in file.code() {
            faults.extend(find(&code).map(|found| format!("{}:{line} has `{found}`", file.path)));
        }
    }
    assert_tidy(&faults, why);
}

fn assert_tidy(faults: &[String], why: &str) {
    assert!(faults.is_empty(), "{why}:\n{}", faults.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is() {
    let silent = |file: &Source| !file.text.starts_with("//! ");
    let faults: Vec<String> =
        all().iter().filter(|file| silent(file)).map(|file| format!("{}:1", file.path)).collect();
    assert_tidy(&faults, "the first line is a sentence that starts with `//!`");
}

#[test]
fn no_file_has_more_than_300_lines() {
    let long = |file: &Source| file.text.lines().count() > 300;
    let faults: Vec<String> =
        sources(&["src"]).iter().filter(|file| long(file)).map(|file| format!("{}:301", file.path)).collect();
    assert_tidy(&faults, "a file that long is two rooms");
}

#[test]
fn entities_do_not_know_the_api() {
    let why = "`entity` has rows and relations, nothing else";
    refuse_words(&sources(&["entity/src"]), &["async_graphql", "customer_graph"], why);
}

#[test]
fn migrations_do_not_know_entities() {
    let why = "a migration must not change when an entity does";
    refuse_words(&sources(&["migration/src"]), &["entity"], why);
}

#[test]
fn stores_know_the_database_alone() {
    let why = "a store neither speaks GraphQL nor HTTP";
    let sources = sources(&["src"]);
    let stores = sources.iter().filter(|file| file.is_in_store());
    refuse_words(stores, &["async_graphql", "axum"], why);
}

#[test]
fn domains_do_not_know_http() {
    let domains = ["src/customer", "src/profile", "src/customer_profile"];
    let sources = sources(&["src"]);
    let files = sources.iter().filter(|file| domains.iter().any(|domain| file.is_in(domain)));
    refuse_words(files, &["axum"], "HTTP ends at `src/http`");
}

#[test]
fn http_does_not_know_domains() {
    let why = "`src/http` hands requests over and knows nothing of what they are about";
    let domains = ["entity", "customer", "profile", "customer_profile"];
    refuse_words(&sources(&["src/http"]), &domains, why);
}

#[test]
fn transactions_open_and_close_in_one_place() {
    let why = "`execute.rs` opens and closes transactions, by way of `database/`";
    let sources = sources(&["src", "migration/src"]);
    let others = sources.iter().filter(|file| file.path != "src/execute.rs" && !file.is_in("src/database"));
    refuse_texts(others, &[".begin", "::begin", ".commit(", "::commit", ".transaction"], why);
}

#[test]
fn no_module_is_a_drawer_for_the_rest() {
    let drawers = ["utils", "util", "helpers", "helper", "common"];
    let is_drawer = |file: &&Source| {
        file.path.trim_end_matches(".rs").split('/').any(|segment| drawers.contains(&segment))
    };
    let why = "a module is named after what it has";
    let faults: Vec<String> = all().iter().filter(is_drawer).map(|file| format!("{}:1", file.path)).collect();
    assert_tidy(&faults, why);
    let declarations: Vec<String> = drawers.iter().map(|drawer| format!("mod {drawer} ")).collect();
    let declarations: Vec<&str> = declarations.iter().map(String::as_str).collect();
    refuse_texts(&all(), &declarations, why);
}

#[test]
fn no_macro_hides_the_flow() {
    refuse_texts(&all(), &["macro_rules!"], "functions are enough");
}

#[test]
fn nothing_global_changes() {
    refuse_texts(&all(), &["static mut "], "state is passed on");
}

#[test]
fn nothing_unfinished_stays() {
    refuse_texts(&all(), &["dbg!(", "todo!(", "unimplemented!("], "what is built is finished");
    let marks = ["TO\u{44}O", "FIX\u{4d}E"];
    let mut faults = Vec::new();
    for file in all() {
        let marked = |(_, line): &(usize, &str)| marks.iter().any(|mark| line.contains(mark));
        let lines = file.text.lines().enumerate().filter(marked);
        faults.extend(lines.map(|(line, _)| format!("{}:{}", file.path, line + 1)));
    }
    assert_tidy(&faults, "what is open stands in an issue");
}

#[test]
fn only_the_command_line_reads_the_environment() {
    // And what tells the tests which servers they may use.
    let told = ["tests/backends/main.rs", "tests/api/backend.rs"];
    let sources = all();
    let others = sources.iter().filter(|file| !told.contains(&file.path.as_str()));
    refuse_texts(others, &["env::var", "env::set_var"], "a setting is a field of `Config`");
}

#[test]
fn the_architecture_maps_every_file_and_no_other() {
    assert_mapped(1, &all());
    assert_mapped(3, &foreign());
}

/// Compares the files with what is named at the beginning of each line of a block of ARCHITECTURE.md.
fn assert_mapped(block: usize, sources: &[Source]) {
    let map = include_str!("../ARCHITECTURE.md").split("```").nth(block).unwrap();
    let mapped: Vec<&str> = map.lines().filter_map(|line| line.split_whitespace().next()).skip(1).collect();
    let paths: Vec<&str> = sources.iter().map(|file| file.path.as_str()).collect();
    let missing =
        paths.iter().filter(|path| !mapped.contains(path)).map(|path| format!("{path}:1 is missing"));
    let gone = mapped.iter().filter(|path| !paths.contains(path)).map(|path| format!("{path} is gone"));
    assert_tidy(&missing.chain(gone).collect::<Vec<_>>(), "ARCHITECTURE.md has a line for each file");
}
