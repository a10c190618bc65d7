//! A two-person team runs its whole customer care with one bot: whole stories on Telegram alone, each
//! also with a restart and a cut network in the middle.

use crate::support::telegram::Person;

use super::team::Team;

/// What breaks in the middle of a story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// Killed and started again.
    Killed,
    /// The network was cut and is there again.
    Cut,
}

impl Trouble {
    fn strikes(self, team: &mut Team) {
        match self {
            Self::None => {}
            Self::Killed => team.kill(),
            Self::Cut => team.telegram.goes_away(),
        }
    }

    fn is_over(self, team: &mut Team) {
        match self {
            Self::None => {}
            Self::Killed => team.start_again(),
            Self::Cut => team.telegram.comes_back(),
        }
    }
}

/// A customer who is helped and says so is rung by nobody.
async fn thanks(trouble: Trouble) -> (Team, Person) {
    let mut team = Team::start().await;
    let rosa = team.telegram.customer("Rosa");
    rosa.writes("Hi, where do I find my bill?");
    let topic = team.care.topic("Rosa").await;
    let asked = topic.waits_for("where do I find my bill?").await;
    team.settled().await;
    trouble.strikes(&mut team);
    team.kim
        .replies(&asked, "You can find every bill under Account, Invoices.");
    trouble.is_over(&mut team);
    rosa.receives("every bill").await;
    trouble.strikes(&mut team);
    rosa.writes("Found it, many thanks!");
    trouble.is_over(&mut team);
    topic.waits_for("Found it, many thanks!").await;
    team.telegram.has_been_read().await;
    team.kim.writes_in(&team.care, "/queue");
    team.care.waits_for("Nobody waits").await;
    (team, rosa)
}

#[tokio::test]
async fn a_customer_who_says_thanks_is_rung_by_nobody() {
    let (mut team, rosa) = thanks(Trouble::None).await;
    insta::assert_snapshot!(rosa.as_text(), @r"
    Rosa: Hi, where do I find my bill?
    Ringback: You can find every bill under Account, Invoices.
    Rosa: Found it, many thanks!
    ");
    team.stop();
}

#[tokio::test]
async fn thanks_end_it_also_after_a_kill_and_a_cut_network() {
    thanks(Trouble::Killed).await;
    thanks(Trouble::Cut).await;
}
