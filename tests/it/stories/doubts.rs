//! As a desk opens, its page asks about the thank-yous of which the reading was least sure.

use super::people::{Agent, Team};
use crate::support::{browser::Like, morning};

const WRONG: &str = "Hi, my bill for December is wrong";
const THANKS: &str = "Great, that worked, thank you!";

/// A desk that opens after two customers were taken for thankful.
async fn opens_again() -> Team {
    let mut team = Team::start_with_rules(&morning::open_now());
    let agent = team.agent("robin", "agent").await;
    for _ in 0..2 {
        let customer = team.customer().await;
        customer.writes(WRONG).await;
        agent.opens_a_thread("waiting_on_us").await;
        agent.answers("It is corrected, you owe nothing.").await;
        customer.reads("you owe nothing").await;
        customer.writes(THANKS).await;
    }
    team.stop();
    morning::thanks_became_unsure(&team.home);
    team.start_again();
    team
}

async fn is_asked_of(agent: &Agent, doubts: usize) {
    let asks = format!("the desk asks about {doubts}");
    agent
        .until(&asks, async || {
            let stand = agent.count(".doubts blockquote[lang='en']").await;
            (stand == doubts).then_some(())
        })
        .await;
}

#[tokio::test]
async fn a_thank_you_is_checked_with_one_tap_and_a_no_rings() {
    let team = opens_again().await;
    let agent = team.agent_like("kim", "agent", Like::PHONE).await;
    agent.opens("/desk/callbacks").await;
    is_asked_of(&agent, 2).await;
    assert_eq!(agent.texts(".doubts blockquote").await, [THANKS; 2]);
    agent.assert_fits().await;
    agent.picture("digest").await;
    agent.click(".doubts button[value='yes']").await;
    is_asked_of(&agent, 1).await;
    agent.click(".doubts button[value='no']").await;
    agent.gone(".doubts").await;
    agent.shows("#due, main", THANKS).await;
    let kept = team.home.run(&["corrections"]);
    let kept = String::from_utf8(kept.stdout).expect("text");
    let closings: Vec<_> = kept
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            (line["origin"].clone(), line["labels"]["closing"].clone())
        })
        .collect();
    assert_eq!(closings.len(), 2, "{kept}");
}
