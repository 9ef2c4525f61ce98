//! What docs/from-sequelize.md says: its requests and their answers.

use crate::{
    app::TestApp,
    readme::{blocks, follow},
};

const GUIDE: &str = include_str!("../../docs/from-sequelize.md");

#[tokio::test]
async fn every_request_is_answered_as_the_guide_says() {
    follow(&TestApp::start().await, GUIDE).await;
}

#[test]
fn every_request_of_the_guide_has_its_answer() {
    let languages: Vec<_> = blocks(GUIDE).into_iter().map(|(language, _)| language).collect();
    let requests = languages.iter().filter(|language| **language == "graphql").count();
    let answered = languages.windows(2).filter(|pair| *pair == ["graphql", "json"]).count();
    assert_eq!(answered, requests);
}
