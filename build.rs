//! Has the server built again when the files that it embeds have changed.

fn main() {
    println!("cargo:rerun-if-changed=playground/dist");
}
