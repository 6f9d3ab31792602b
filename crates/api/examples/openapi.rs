//! Prints the OpenAPI document, from which the web client is generated.

fn main() {
    println!("{}", api::openapi());
}
