//! What time alone does, in the desk's hours, and in the window in which the customer may be rung.

use super::*;
use crate::domain::callback::IncidentId;

#[test]
fn what_nobody_claims_is_told_to_the_desk_then_a_supervisor_then_every_day() {
    let mut life = Life::due();
    insta::assert_snapshot!(life.passes_until("8 12:00").join("\n"), @r"
    5 10:10: Reminded, tells CallUnclaimed
    5 10:20: tells CallOverdue, says call_late
    6 10:20: tells CallOverdue
    7 10:20: tells CallOverdue
    8 10:20: tells CallOverdue
    ");
}

#[test]
fn reminders_wait_for_the_desk_to_open_and_for_the_customer_to_wake() {
    let mut evening = Life::opens(by_the_count(), Goes::usual(), "9 17:55");
    assert_eq!(
        evening.passes_until("12 09:10"),
        ["12 09:05: Reminded, tells CallUnclaimed"],
        "ten minutes of work, five of them on Monday"
    );
    let mut weekend = Life::opens(by_the_count(), Goes::usual(), "10 12:00");
    assert_eq!(
        weekend.passes_until("12 09:15"),
        ["12 09:10: Reminded, tells CallUnclaimed"]
    );
    let mut goes = Goes::usual();
    goes.zones = vec![zone("America/New_York")];
    let mut far = Life::opens(by_the_count(), goes, "5 10:00");
    assert_eq!(
        far.passes_until("5 13:15"),
        ["5 13:10: Reminded, tells CallUnclaimed"],
        "they wake at eight, which is one o'clock here"
    );
    let mut goes = Goes::usual();
    goes.hours = Hours::always();
    let mut late = Life::opens(by_the_count(), goes, "5 20:55");
    assert_eq!(
        late.passes_until("6 08:15"),
        [
            "6 08:00: Reminded, tells CallUnclaimed",
            "6 08:10: tells CallOverdue, says call_late"
        ],
        "nobody may ring after nine"
    );
}

#[test]
fn what_is_urgent_is_reminded_of_round_the_clock_while_somebody_is_on_call() {
    let mut goes = Goes::usual();
    goes.on_call = true;
    let urgent = Opening {
        urgent: true,
        ..by_the_count()
    };
    let mut life = Life::opens(urgent, goes, "3 03:00");
    assert_eq!(
        life.passes_until("3 04:00"),
        [
            "3 03:10: Reminded, tells CallUnclaimed",
            "3 03:20: tells CallOverdue, says call_late"
        ]
    );
}

#[test]
fn who_has_not_said_where_to_ring_is_not_told_that_we_are_late() {
    let mut goes = Goes::usual();
    goes.number_known = false;
    let mut life = Life::opens(by_the_count(), goes, "5 10:00");
    assert_eq!(
        life.passes_until("5 10:30"),
        [
            "5 10:10: Reminded, tells CallUnclaimed",
            "5 10:20: tells CallOverdue"
        ]
    );
    life.goes.number_known = true;
    assert_eq!(
        life.passes_until("6 10:30"),
        ["6 10:20: tells CallOverdue, says call_late"]
    );
}

#[test]
fn a_customer_is_told_once_that_we_are_late() {
    let mut life = Life::due();
    life.passes_until("5 10:30");
    life.does(claimed("ana"));
    life.does(CallbackEvent::Released);
    assert_eq!(
        life.passes_until("5 11:00"),
        [
            "5 10:40: Reminded, tells CallUnclaimed",
            "5 10:50: tells CallOverdue"
        ]
    );
}

#[test]
fn a_silent_claim_is_asked_and_then_anybodys() {
    let mut life = Life::claimed();
    assert_eq!(
        life.passes_until("5 10:55"),
        [
            "5 10:30: tells ClaimSilent ana",
            "5 10:40: Released, tells ClaimReleased ana",
            "5 10:50: Reminded, tells CallUnclaimed",
        ]
    );
}

#[test]
fn whoever_says_that_they_are_on_it_keeps_it() {
    let mut asked = Life::claimed();
    asked.passes_until("5 10:35");
    assert_eq!(asked.does(renewed("ben")), "");
    assert_eq!(asked.does(renewed("ana")), "Renewed");
    assert_eq!(
        asked.passes_until("5 11:05"),
        ["5 11:05: tells ClaimSilent ana"]
    );
    let mut writing = Life::claimed();
    assert_eq!(writing.does_at("5 10:20", we_answered("ana")), "");
    assert_eq!(writing.callback().wake_at, at("5 10:50"));
    assert_eq!(writing.does_at("5 10:30", we_answered("ben")), "");
    assert_eq!(writing.callback().wake_at, at("5 10:50"));
}

#[test]
fn a_claim_over_night_is_silent_from_the_next_opening_on() {
    let mut life = Life::opens(by_the_count(), Goes::usual(), "5 17:50");
    life.does(claimed("ana"));
    assert_eq!(
        life.passes_until("6 09:20"),
        ["6 09:20: tells ClaimSilent ana"]
    );
    let mut at_night = Life::opens(by_the_count(), Goes::usual(), "5 23:00");
    at_night.does(claimed("ana"));
    assert_eq!(
        at_night.passes_until("6 09:30"),
        ["6 09:30: tells ClaimSilent ana"]
    );
}

#[test]
fn a_promised_call_is_its_owners_first_and_then_the_desks() {
    let mut life = Life::promised();
    assert!(life.passes_until("5 14:59").is_empty());
    assert_eq!(life.passes_until("5 15:00"), ["5 15:00: DueAgain"]);
    let callback = life.callback();
    assert_eq!(
        (callback.due_at, callback.owner.clone()),
        (at("5 15:00"), Some(account("ana")))
    );
    assert_eq!(
        life.passes_until("5 15:10"),
        ["5 15:10: Reminded, tells CallUnclaimed"]
    );
    assert_eq!(life.callback().owner, None);
    let mut gone = Life::promised();
    gone.owner_on_shift = false;
    gone.passes_until("5 15:00");
    assert_eq!(gone.callback().owner, None);
}

#[test]
fn a_follow_up_opens_promised() {
    let follow_up = Opening {
        owner: Some(account("ana")),
        promised_for: Some(at("10 12:00")),
        ..by_the_count()
    };
    let mut life = Life::opens(follow_up, Goes::usual(), "5 10:00");
    assert_eq!(life.opened, "prompt, says call_scheduled");
    assert_eq!(life.stands(), "scheduled by ana for 12 09:00");
    assert_eq!(life.passes_until("12 09:00"), ["12 09:00: DueAgain"]);
    assert_eq!(life.callback().owner, Some(account("ana")));
}

#[test]
fn a_soft_callback_turns_loud_when_we_do_not_answer() {
    let mut life = Life::opens(softly(), Goes::usual(), "5 10:00");
    assert_eq!(
        life.passes_until("5 10:30"),
        [
            "5 10:15: TurnedLoud",
            "5 10:25: Reminded, tells CallUnclaimed"
        ]
    );
}

#[test]
fn a_soft_callback_that_we_answered_is_looked_at_a_day_later() {
    let mut life = Life::opens(softly(), Goes::usual(), "9 16:00");
    life.does_at("9 16:05", we_answered("ana"));
    life.does_at("9 16:20", we_answered("ana"));
    assert_eq!(
        life.passes_until("12 09:05"),
        ["12 09:00: TurnedLoud"],
        "a day later is Saturday"
    );
}

#[test]
fn an_incident_is_reminded_of_for_all_at_once() {
    let mut life = Life::due();
    let incident = IncidentId(7);
    life.does(CallbackEvent::Parked { incident });
    assert_eq!(life.passes_until("7 12:00"), ["6 10:00: ", "7 10:00: "]);
    life.does(CallbackEvent::Unparked);
    assert_eq!(
        life.passes_until("7 12:10"),
        ["7 12:10: Reminded, tells CallUnclaimed"]
    );
}

#[test]
fn other_rules_hold_from_the_next_tick_on() {
    let tick = || CallbackEvent::Ticked {
        owner_on_shift: true,
    };
    let mut due = Life::due();
    due.goes.claim_within = Length::hours(1);
    assert_eq!(due.does_at("5 10:05", tick()), "");
    assert_eq!(due.callback().wake_at, at("5 11:00"));
    due.goes.claim_within = Length::minutes(5);
    assert_eq!(due.does(tick()), "Reminded, tells CallUnclaimed");
    let mut claim = Life::claimed();
    claim.goes.claim_lease = Length::minutes(40);
    assert_eq!(claim.passes_until("5 10:30"), ["5 10:30: "]);
    assert_eq!(claim.callback().wake_at, at("5 10:40"));
    let mut soft = Life::opens(softly(), Goes::usual(), "5 10:00");
    soft.goes.soft_wait = Length::minutes(5);
    soft.does_at("5 10:01", tick());
    assert_eq!(soft.callback().wake_at, at("5 10:05"));
    let until = soft.callback().soft.as_ref().and_then(|soft| soft.until);
    assert_eq!(until, Some(at("5 10:05")));
    let mut promised = Life::promised();
    promised.goes.claim_within = Length::minutes(1);
    promised.does(tick());
    assert_eq!(
        promised.callback().wake_at,
        at("5 15:00"),
        "a promise stays"
    );
}

#[test]
fn it_is_tried_again_when_the_customer_may_be_rung_as_we_know_by_then() {
    let mut life = Life::unanswered();
    life.goes.zones = vec![zone("America/New_York")];
    assert_eq!(
        life.passes_until("5 13:00"),
        ["5 10:15: ", "5 13:00: DueAgain"]
    );
}

#[test]
fn a_tick_before_its_time_does_nothing() {
    for (name, mut life) in each_status() {
        let before = life.callback().clone();
        let said = life.does(CallbackEvent::Ticked {
            owner_on_shift: true,
        });
        assert_eq!((said.as_str(), life.callback()), ("", &before), "{name}");
    }
}
