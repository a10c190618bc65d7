//! What agents and the customer do.

use super::*;
use crate::domain::callback::IncidentId;

#[test]
fn a_loud_callback_asks_for_the_number_or_says_when_or_nothing() {
    assert_eq!(Life::due().opened, "prompt");
    let mut goes = Goes::usual();
    goes.number_known = false;
    let unknown = Life::opens(by_the_count(), goes, "5 10:00");
    assert_eq!(unknown.opened, "prompt, says details_asked");
    for closed in ["5 18:00", "3 12:00"] {
        let waits = Life::opens(by_the_count(), Goes::usual(), closed);
        assert_eq!(waits.opened, "prompt, says call_waits", "{closed}");
    }
    let mut goes = Goes::usual();
    goes.zones = vec![zone("UTC"), zone("America/Los_Angeles")];
    let far_west = Life::opens(by_the_count(), goes, "5 10:00");
    assert_eq!(far_west.opened, "prompt, says call_waits");
}

#[test]
fn a_soft_callback_opens_without_a_word_and_is_shown_to_its_agent_first() {
    let mut goes = Goes::usual();
    goes.number_known = false;
    let soft = Life::opens(softly(), goes, "5 10:00");
    assert_eq!(soft.opened, "prompt");
    assert_eq!(soft.callback().owner, Some(account("ana")));
}

#[test]
fn a_soft_callback_turns_loud_by_the_next_turn_or_by_more_than_an_answer() {
    let open = || {
        let mut goes = Goes::usual();
        goes.number_known = false;
        Life::opens(softly(), goes, "5 10:00")
    };
    let mut same_turn = open();
    assert_eq!(same_turn.does_at("5 10:01", wrote(3, true)), "MessageAdded");
    assert!(same_turn.callback().soft.is_some());
    for (event, what) in [
        (
            wrote(3, false),
            "MessageAdded, TurnedLoud, says details_asked",
        ),
        (
            wrote(5, true),
            "MessageAdded, TurnedLoud, says details_asked",
        ),
        (
            CallbackEvent::CallAsked,
            "Asked, TurnedLoud, says details_asked",
        ),
        (
            CallbackEvent::BecameUrgent,
            "TurnedUrgent, TurnedLoud, says details_asked",
        ),
    ] {
        let mut life = open();
        assert_eq!(life.does_at("5 10:01", event), what);
        let callback = life.callback();
        assert!(callback.soft.is_none() && callback.owner.is_none());
    }
}

#[test]
fn a_claim_is_announced_unless_the_customer_may_be_asleep() {
    let mut claim = Life::due();
    assert_eq!(claim.does(claimed("ana")), "Claimed, says call_coming");
    assert_eq!(claim.stands(), "claimed by ana");
    let mut closed = Life::opens(by_the_count(), Goes::usual(), "5 18:00");
    assert_eq!(
        closed.does_at("5 20:59", claimed("ana")),
        "Claimed, says call_coming",
        "a person decides when the desk is closed"
    );
    let mut goes = Goes::usual();
    goes.zones = vec![zone("America/New_York"), zone("America/Los_Angeles")];
    let mut asleep = Life::opens(by_the_count(), goes, "5 14:00");
    assert_eq!(
        asleep.does(claimed("ana")),
        "Claimed",
        "six in the morning in Los Angeles"
    );
    let mut goes = Goes::usual();
    goes.number_known = false;
    let mut unknown = Life::opens(by_the_count(), goes, "5 10:00");
    assert_eq!(unknown.does(claimed("ana")), "Claimed");
    unknown.goes.number_known = true;
    assert_eq!(
        unknown.does(CallbackEvent::NumberFound),
        "NumberFound, says call_coming"
    );
    let mut goes = Goes::usual();
    goes.number_known = false;
    let mut soft = Life::opens(softly(), goes, "5 10:00");
    assert_eq!(soft.does(claimed("ana")), "Claimed, says details_asked");
}

#[test]
fn of_two_who_claim_one_has_it() {
    let mut life = Life::claimed();
    let before = life.callback().clone();
    assert_eq!(life.does(claimed("ben")), "");
    assert_eq!(life.does(claimed("ana")), "");
    assert_eq!(life.callback(), &before);
}

#[test]
fn who_promised_may_ring_earlier_or_promise_another_time_and_nobody_else() {
    let mut life = Life::promised();
    let before = life.callback().clone();
    for by_another in [
        claimed("ben"),
        scheduled("ben", "5 14:00"),
        typing_kept("ben"),
        handed_over("ben"),
        renewed("ben"),
        rung("ben", CallResult::Solved),
    ] {
        assert_eq!(life.does(by_another), "");
        assert_eq!(life.callback(), &before);
    }
    assert_eq!(
        life.does(scheduled("ana", "5 16:00")),
        "Scheduled, says call_scheduled"
    );
    assert_eq!(life.stands(), "scheduled by ana for 5 16:00");
    assert_eq!(
        life.does(scheduled("ana", "5 16:00")),
        "",
        "the same again is nothing"
    );
    assert_eq!(life.does(claimed("ana")), "Claimed, says call_coming");
}

#[test]
fn a_promise_is_moved_to_when_the_customer_may_be_rung() {
    let promise = |goes: Goes, when: &str| {
        let mut life = Life::opens(by_the_count(), goes, "5 10:00");
        life.does(scheduled("ana", when));
        life.stands()
    };
    let evening = promise(Goes::usual(), "5 19:00");
    assert_eq!(evening, "scheduled by ana for 6 09:00");
    let saturday = promise(Goes::usual(), "10 12:00");
    assert_eq!(saturday, "scheduled by ana for 12 09:00");
    let mut goes = Goes::usual();
    goes.zones = vec![zone("America/New_York")];
    let early_there = promise(goes, "6 10:00");
    assert_eq!(early_there, "scheduled by ana for 6 13:00");
}

#[test]
fn a_time_that_has_passed_is_due_at_the_next_tick_and_nobody_is_told_of_it() {
    let mut life = Life::due();
    assert_eq!(life.does(scheduled("ana", "5 09:30")), "Scheduled");
    assert_eq!(life.passes_until("5 10:00"), ["5 10:00: DueAgain"]);
}

#[test]
fn released_it_is_due_as_long_as_it_was() {
    for (name, mut life) in each_status() {
        let is_held = life.callback().holder().is_some();
        let said = life.does_at("5 10:01", CallbackEvent::Released);
        assert_eq!(said, if is_held { "Released" } else { "" }, "{name}");
        if is_held {
            assert_eq!(life.stands(), "due");
            assert_eq!(life.callback().due_at, at("5 10:00"));
        }
        assert_eq!(life.does(CallbackEvent::Released), "", "{name} again");
    }
}

#[test]
fn who_goes_home_leaves_a_claim_to_all_and_a_promise_to_the_desk() {
    let mut claim = Life::claimed();
    assert_eq!(claim.does(handed_over("ana")), "HandedOver");
    assert_eq!(claim.stands(), "due");
    let mut promise = Life::promised();
    assert_eq!(promise.does(handed_over("ana")), "HandedOver");
    assert_eq!(promise.stands(), "scheduled by the desk for 5 15:00");
    assert_eq!(promise.does(handed_over("ana")), "");
    assert_eq!(promise.does(claimed("ben")), "Claimed, says call_coming");
    let mut soft = Life::opens(softly(), Goes::usual(), "5 10:00");
    assert_eq!(soft.does(handed_over("ana")), "HandedOver");
    assert_eq!(soft.callback().owner, None);
    assert!(soft.callback().soft.is_some(), "it is as soft as before");
}

#[test]
fn going_on_in_text_ends_it_whoever_is_free_to() {
    for (name, mut life) in each_status() {
        let said = life.does(typing_kept("ana"));
        assert_eq!(said, "ana keeps typing BeingHandled", "{name}");
        assert!(life.is.is_err());
    }
    let mut another = Life::claimed();
    assert_eq!(another.does(typing_kept("ben")), "");
}

#[test]
fn thanks_withdraws_what_nobody_works_on_and_cancels_no_appointment() {
    for (name, mut life) in each_status() {
        let expected = match name {
            "due" | "unanswered" => "withdrawn",
            _ => "Thanked",
        };
        assert_eq!(life.does(CallbackEvent::Thanked), expected, "{name}");
    }
    let mut by_form = Life::due();
    by_form.does(time_chosen("5 15:00"));
    assert_eq!(by_form.does(CallbackEvent::Thanked), "Thanked");
}

#[test]
fn a_wish_for_text_withdraws_what_no_agent_has() {
    for (name, mut life) in each_status() {
        let expected = match name {
            "due" | "unanswered" => "withdrawn",
            _ => "WantsText",
        };
        assert_eq!(life.does(CallbackEvent::TextWished), expected, "{name}");
    }
    let mut by_form = Life::due();
    by_form.does(time_chosen("5 15:00"));
    assert_eq!(by_form.does(CallbackEvent::TextWished), "withdrawn");
    let mut listed = Life::claimed();
    assert_eq!(listed.does(CallbackEvent::CallsForbidden), "DoNotCall");
}

#[test]
fn a_call_ends_it_by_whoever_has_it_only() {
    let follow_up = CallResult::FollowUp { at: at("6 10:00") };
    for (result, expected) in [
        (CallResult::Solved, "done by ana Solved"),
        (follow_up, "done by ana FollowUp"),
        (CallResult::Declined, "done by ana Declined"),
    ] {
        let mut life = Life::claimed();
        assert_eq!(life.does(rung("ben", result)), "");
        assert_eq!(life.does(rung("ana", result)), expected);
        let mut due = Life::due();
        assert_eq!(due.does(rung("ana", result)), "", "nobody has it");
        let mut promised = Life::promised();
        assert_eq!(promised.does(rung("ana", result)), expected);
    }
}

#[test]
fn a_wrong_number_is_due_again_and_another_is_asked_for() {
    let mut life = Life::claimed();
    let said = life.does(rung("ana", CallResult::WrongNumber));
    assert_eq!(said, "WrongNumber, says wrong_number");
    assert_eq!((life.stands(), life.callback().attempts), ("due".into(), 0));
    assert_eq!(life.does(rung("ana", CallResult::WrongNumber)), "");
}

#[test]
fn nobody_answers_as_often_as_we_try_and_then_a_supervisor_has_it() {
    let mut life = Life::claimed();
    let mut told = Vec::new();
    loop {
        told.push(life.does(rung("ana", CallResult::NoAnswer)));
        told.push(life.stands());
        let Ok(callback) = &life.is else { break };
        let until = callback.promised_for().expect("a time");
        told.extend(life.passes_until(&shown(until)));
        life.does(claimed("ana"));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    NoAnswer, says no_answer
    no answer until 5 10:15
    5 10:15: DueAgain
    NoAnswer, says no_answer
    no answer until 5 12:15
    5 12:15: DueAgain
    NoAnswer, says no_answer
    no answer until 6 12:15
    6 12:15: DueAgain
    exhausted, tells CallExhausted, says call_exhausted
    exhausted
    ");
}

#[test]
fn it_is_tried_again_within_the_window_and_the_last_wait_holds_on() {
    let mut goes = Goes::usual();
    goes.retry_after = vec![Length::minutes(15)];
    let mut life = Life::opens(by_the_count(), goes, "9 17:50");
    life.does(claimed("ana"));
    life.does(rung("ana", CallResult::NoAnswer));
    assert_eq!(
        life.stands(),
        "no answer until 12 09:00",
        "over the weekend"
    );
    life.does_at("12 09:00", claimed("ana"));
    life.does(rung("ana", CallResult::NoAnswer));
    assert_eq!(life.stands(), "no answer until 12 09:15");
}

#[test]
fn without_attempts_the_first_call_is_the_last() {
    let mut life = Life::claimed();
    life.goes.attempts = 0;
    let said = life.does(rung("ana", CallResult::NoAnswer));
    assert_eq!(said, "exhausted, tells CallExhausted, says call_exhausted");
}

#[test]
fn who_asks_for_the_call_or_is_in_danger_waits_for_no_next_attempt() {
    let mut asked = Life::unanswered();
    assert_eq!(asked.does(CallbackEvent::CallAsked), "Asked, DueAgain");
    assert_eq!(
        (asked.stands(), asked.callback().attempts),
        ("due".into(), 1)
    );
    assert_eq!(asked.does(CallbackEvent::CallAsked), "");
    let mut promised = Life::promised();
    assert_eq!(promised.does(CallbackEvent::CallAsked), "Asked");
    assert_eq!(promised.stands(), "scheduled by ana for 5 15:00");
    for mut put_off in [Life::unanswered(), Life::promised()] {
        let said = put_off.does(CallbackEvent::BecameUrgent);
        assert_eq!(said, "TurnedUrgent, DueAgain");
        assert_eq!(put_off.stands(), "due");
    }
    let mut claim = Life::claimed();
    assert_eq!(claim.does(CallbackEvent::BecameUrgent), "TurnedUrgent");
    assert_eq!(claim.stands(), "claimed by ana");
}

#[test]
fn what_is_urgent_calls_the_one_on_call_while_the_desk_is_closed() {
    let urgent = || Opening {
        urgent: true,
        ..by_the_count()
    };
    let mut goes = Goes::usual();
    goes.on_call = true;
    let life = Life::opens(urgent(), goes, "3 03:00");
    assert_eq!(life.opened, "prompt, tells UrgentOnCall");
    let alone = Life::opens(urgent(), Goes::usual(), "3 03:00");
    assert_eq!(alone.opened, "prompt, says call_waits, tells UrgentOnCall");
    let open = Life::opens(urgent(), Goes::usual(), "5 10:00");
    assert_eq!(open.opened, "prompt");
    let mut later = Life::opens(by_the_count(), Goes::usual(), "3 03:00");
    let said = later.does(CallbackEvent::BecameUrgent);
    assert_eq!(said, "TurnedUrgent, tells UrgentOnCall");
    assert_eq!(later.does(CallbackEvent::BecameUrgent), "");
}

#[test]
fn a_time_that_the_customer_chose_binds_whoever_has_it() {
    let mut due = Life::due();
    let said = due.does(time_chosen("5 20:00"));
    assert_eq!(said, "TimeChosen, says call_scheduled");
    assert_eq!(due.stands(), "scheduled by the desk for 6 09:00");
    assert_eq!(due.does(time_chosen("5 20:00")), "", "sent twice");
    for mut anas in [Life::claimed(), Life::promised()] {
        anas.does(time_chosen("5 16:00"));
        assert_eq!(anas.stands(), "scheduled by ana for 5 16:00");
    }
    let mut unanswered = Life::unanswered();
    unanswered.does(time_chosen("5 16:00"));
    assert_eq!(unanswered.stands(), "scheduled by the desk for 5 16:00");
    assert_eq!(unanswered.callback().attempts, 1);
}

#[test]
fn as_soon_as_possible_is_now_while_we_ring_and_else_the_next_window() {
    let mut soft = Life::opens(softly(), Goes::usual(), "5 10:00");
    assert_eq!(soft.does(time_chosen("5 10:00")), "TimeChosen, TurnedLoud");
    assert_eq!(soft.stands(), "due");
    let mut claim = Life::claimed();
    assert_eq!(claim.does(time_chosen("5 10:00")), "TimeChosen");
    assert_eq!(claim.stands(), "claimed by ana");
    let mut unanswered = Life::unanswered();
    let said = unanswered.does(time_chosen("5 10:00"));
    assert_eq!(said, "TimeChosen, DueAgain");
    let mut promised = Life::promised();
    promised.does(time_chosen("5 10:00"));
    assert_eq!(promised.callback().owner, Some(account("ana")));
    let mut night = Life::opens(by_the_count(), Goes::usual(), "5 22:00");
    let said = night.does(time_chosen("5 22:00"));
    assert_eq!(said, "TimeChosen, says call_scheduled");
    assert_eq!(night.stands(), "scheduled by the desk for 6 09:00");
}

#[test]
fn an_incident_holds_back_what_the_count_opened_and_nobody_has() {
    let parked = || CallbackEvent::Parked {
        incident: IncidentId(7),
    };
    let mut due = Life::due();
    assert_eq!(due.does(parked()), "Parked, says incident_status");
    assert_eq!(due.does(parked()), "");
    assert_eq!(due.does_at("5 12:00", wrote(5, false)), "MessageAdded");
    assert_eq!(due.does(CallbackEvent::Unparked), "Unparked");
    assert_eq!(due.does(CallbackEvent::Unparked), "");
    assert_eq!(due.callback().wake_at, at("5 12:10"), "as if just opened");
    for never in [
        Opening {
            asked: true,
            ..by_the_count()
        },
        Opening {
            urgent: true,
            ..by_the_count()
        },
        Opening {
            rule: RuleName::Agent,
            ..by_the_count()
        },
    ] {
        let mut life = Life::opens(never, Goes::usual(), "5 10:00");
        assert_eq!(life.does(parked()), "");
    }
    for mut anas in [Life::claimed(), Life::promised()] {
        assert_eq!(anas.does(parked()), "");
    }
    for (event, said) in [
        (CallbackEvent::CallAsked, "Asked, Unparked"),
        (CallbackEvent::BecameUrgent, "TurnedUrgent, Unparked"),
        (claimed("ana"), "Claimed, says call_coming"),
        (time_chosen("5 15:00"), "TimeChosen, says call_scheduled"),
    ] {
        let mut life = Life::due();
        life.does(parked());
        assert_eq!(life.does(event), said);
        assert_eq!(life.callback().incident, None);
    }
}

#[test]
fn what_turns_loud_while_it_is_held_back_asks_for_the_number_once_it_is_not() {
    let mut goes = Goes::usual();
    goes.number_known = false;
    let mut life = Life::opens(softly(), goes, "5 10:00");
    let incident = IncidentId(7);
    life.does(CallbackEvent::Parked { incident });
    assert_eq!(life.does(wrote(5, false)), "MessageAdded, TurnedLoud");
    let said = life.does(CallbackEvent::Unparked);
    assert_eq!(said, "Unparked, says details_asked");
}
