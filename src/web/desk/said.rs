//! What came of something that an agent did, told on the page after it. The address carries one of
//! these fixed words only, never a text: nothing private stands in it, and nobody can make a page
//! say what they like.

use std::fmt;

use serde::Deserialize;

use crate::web::pages::{Told, Tone};

macro_rules! said {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $tone:ident, $words:literal;)+) => {
        /// What came of something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
        pub(in crate::web) enum Said {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Said {
            /// As it stands in an address.
            pub(in crate::web) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// For the viewer.
            pub(in crate::web) fn told(self) -> Told {
                match self { $(Self::$variant => Told::new(Tone::$tone, $words)),+ }
            }
        }
    };
}

said! {
    /// The callback is theirs.
    Claimed = "claimed", Good, "It is yours. Ring the customer, then say how it went.";
    /// Somebody else has the callback.
    Taken = "taken", Note, "Somebody else has it.";
    /// The callback had ended before.
    Ended = "ended", Note, "That callback had ended before.";
    /// Nobody has claimed it.
    NotClaimed = "not_claimed", Note, "Nobody has that callback: claim it first.";
    /// Given up.
    Released = "released", Good, "Released: it is due again, for anybody.";
    /// Promised for a time.
    Later = "later", Good, "Noted: it is due again at that time.";
    /// The promised time is none.
    BadTime = "bad_time", Bad, "Choose a time that is still to come, within the next 90 days.";
    /// Goes on in text.
    KeptTyping = "kept_typing", Good, "Fine, keep typing. It rings again if text does not help.";
    /// Is no customer.
    Muted = "muted", Good, "Muted: this author opens no callback for now. The thread can undo it.";
    /// Done, solved.
    Solved = "solved", Good, "Well done: the case is solved.";
    /// Done, back to text.
    BackToText = "back_to_text", Good, "Noted: they would rather stay in text, so it does not ring.";
    /// Still on it.
    Renewed = "renewed", Good, "Good: it stays yours.";
    /// Another program rings.
    Dialled = "dialled", Good, "It rings. Say how it went once the call is over.";
    /// It does not.
    NotDialled = "not_dialled", Bad, "It cannot ring for you: no number is known, or no dialler is set \
        up.";
    /// A video call is offered.
    VideoOffered = "video_offered", Good, "Offered. Where it takes place stands on the card.";
    /// None can be.
    NoVideo = "no_video", Note, "No video calls are set up for this channel.";
    /// Done, with another call to come.
    FollowsUp = "follows_up", Good, "Noted. The next call is promised, and stands under Coming up.";
    /// Nobody answered.
    NoAnswer = "no_answer", Good, "Noted: nobody answered. It is due again later by itself, and they \
        are told kindly.";
    /// Nobody answered, as often as we try.
    Exhausted = "exhausted", Note, "Nobody answered, as often as we try. A supervisor has it now, and \
        the customer is told in writing.";
    /// The number is not theirs.
    WrongNumber = "wrong_number", Good, "Noted: not their number. It is due again, and they are asked \
        for another one.";
    /// The line for the customer is held.
    LineHeld = "line_held", Note, "Noted. Your line for the customer is not sent yet: decide below \
        what becomes of it.";
    /// The line for the customer could not be sent.
    LineNotSent = "line_not_sent", Note, "Noted. Ringback does not carry this channel: send your line \
        to the customer there yourself.";
    /// A notice is seen to.
    Seen = "seen", Good, "Seen to.";
    /// A notice was seen to before.
    SeenBefore = "seen_before", Note, "Somebody had seen to it before.";
    /// A thank-you was checked.
    CheckedSolved = "checked_solved", Good, "Solved, then. Kept as an example to learn from.";
    /// A thank-you was none.
    LookedAgain = "looked_again", Good, "Not solved: the rules have looked at it again. What came of it \
        stands in the thread.";
    /// Gone home.
    HandedOver = "handed_over", Good, "Handed over. The next shift sees it; have a good rest.";
    /// Gone home, with words that had nowhere to go.
    HandedOverPartly = "handed_over_partly", Note, "Handed over, but a callback that you wrote \
        about was somebody else's by then: those words are not kept.";
    /// Gone home with empty hands.
    OffShift = "off_shift", Good, "Your shift is over; there was nothing to hand over.";
    /// Nobody waits.
    NobodyWaits = "nobody_waits", Note, "Nobody waits any more.";
    /// All who wait sleep.
    AllQuiet = "all_quiet", Note, "It is too early or too late to ring any of those who wait. \
        Choose one yourself if it cannot wait.";
    /// An incident holds callbacks back.
    IncidentHeld = "incident_held", Good, "Held back. Each customer hears once how it stands.";
    /// An incident is over.
    IncidentEnded = "incident_ended", Good, "Over: all that were held back are in the queue.";
    /// An incident was over before.
    IncidentOver = "incident_over", Note, "That incident was over before.";
    /// What customers are told is missing.
    TextMissing = "text_missing", Bad, "Nothing is held back yet: write how it stands first.";
    /// An answer is sent.
    Sent = "sent", Good, "Sent.";
    /// A message that did not arrive is on its way again.
    SentAgain = "sent_again", Good, "On its way again.";
    /// An answer is held.
    Held = "held", Note, "Not sent yet. Decide below what becomes of it.";
    /// A held answer is thrown away.
    Discarded = "discarded", Good, "Thrown away. The customer never saw it.";
    /// It had been sent before.
    SentBefore = "sent_before", Note, "It had been sent already.";
    /// It went back to its agent.
    HeldTooLate = "held_too_late", Bad, "Not sent: its time was over, and it came back to you. Look \
        at it again, for the customer may have written since.";
    /// It is no longer held.
    HeldEnded = "held_ended", Note, "That answer is not held any more, so nothing was done.";
    /// It could not be taken.
    NotTaken = "not_taken", Bad, "Not sent: it could not be processed. It is still held; the log \
        says why.";
    /// The customer was offered a form.
    FormOffered = "form_offered", Good, "The customer was offered the form, in the chat.";
    /// The customer must be given a link by hand.
    LinkWanted = "link_wanted", Note, "Now make a link to it, and send it where you write with \
        them: Ringback cannot offer it there itself.";
    /// The newest message is public.
    FormPublic = "form_public", Bad, "Not sent: they wrote in public last, and a link to a form \
        has no place there. Ask them to write in private first.";
    /// Nobody could open what the customer fills in.
    FormUnopenable = "form_unopenable", Bad, "Not sent: nobody could open what they fill in, for \
        no account that may check identities has a key. An admin can change that.";
    /// A form is taken back.
    FormWithdrawn = "form_withdrawn", Good, "Taken back: no link opens it any more.";
    /// A form is no longer open.
    FormGone = "form_gone", Note, "That form is not open any more.";
    /// A callback opened.
    WillRing = "will_ring", Good, "A callback is open: claim it and ring.";
    /// One was open.
    Rings = "rings", Note, "A callback is open already: claim it and ring.";
    /// The customer holds to text.
    HoldsToText = "holds_to_text", Bad, "Nobody rings: they want to stay in text. The secure form \
        is a way to check who they are all the same.";
    /// The customer is on the do-not-call list.
    DoNotCall = "do_not_call", Bad, "Nobody rings: they are on the do-not-call list. The secure \
        form is a way to check who they are all the same.";
    /// The author is no customer.
    IsMuted = "is_muted", Bad, "Nobody rings: somebody said that this is no customer. Undo that \
        first.";
    /// There is nothing to ring about.
    NoCase = "no_case", Bad, "Nobody rings: there is no case here yet.";
    /// A number is kept.
    NumberSet = "number_set", Good, "Kept: this number is rung from now on.";
    /// What was typed is no number.
    BadNumber = "bad_number", Bad, "That is no phone number. Write it with + and the country’s \
        code, such as +44 20 7946 0123.";
    /// The number is not theirs.
    NumberWrong = "number_wrong", Good, "Noted: nobody rings that number for them any more.";
    /// Another number is to be rung by now.
    NumberChanged = "number_changed", Note, "Another number had come meanwhile: look again.";
    /// They are on the do-not-call list.
    CallsForbidden = "calls_forbidden", Good, "Noted: nobody rings them. A call that somebody has \
        claimed says so on its card.";
    /// They are off the do-not-call list.
    CallsAllowed = "calls_allowed", Good, "They are off the list and may be rung again.";
    /// Two customers are one person.
    Linked = "linked", Good, "Linked: they are one person. What one of them asked for, such as never \
        to be rung, binds both.";
    /// They were before.
    LinkedBefore = "linked_before", Note, "They are one person already.";
    /// They are not.
    Parted = "parted", Good, "Noted: they are not the same person.";
    /// No thread stands at that address, or none that the viewer may see.
    NoSuchThread = "no_such_thread", Bad, "There is no such thread, or you do not work its desk. Copy \
        the address of its page.";
    /// It is a thread of another brand.
    OtherBrand = "other_brand", Bad, "Not linked: that thread belongs to another brand, and brands do \
        not share customers.";
    /// An internal note is kept.
    Noted = "noted", Good, "Noted. Only your team sees it.";
    /// A reading is corrected.
    Corrected = "corrected", Good, "Corrected. What came of it stands under the message.";
    /// An identity is verified.
    Verified = "verified", Good, "Verified. What they sent is deleted.";
    /// An identity check failed.
    CheckFailed = "check_failed", Good, "Noted that it may not be they. What they sent is deleted.";
    /// There is nothing to check any more.
    CheckGone = "check_gone", Note, "There is nothing to check any more.";
    /// A mute is undone.
    Unmuted = "unmuted", Good, "Undone: they count as a customer again.";
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Said {
    /// The same, naming who has the callback in question.
    pub(in crate::web) fn told_of(self, holder: Option<String>) -> Told {
        match (self, holder) {
            (Self::Taken, Some(holder)) => Told::new(Tone::Note, format!("{holder} has it.")),
            _ => self.told(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn who_was_faster_is_named() {
        let kim = "Kim Doe".to_owned();
        assert_eq!(Said::Taken.told_of(Some(kim)).words, "Kim Doe has it.");
        assert_eq!(Said::Taken.told_of(None).words, "Somebody else has it.");
    }

    #[test]
    fn an_address_can_carry_fixed_words_only() {
        let read = |text: &str| serde_urlencoded::from_str::<Vec<(String, Said)>>(text);
        let said = read("said=back_to_text").expect("a word");
        assert_eq!(said, [("said".to_owned(), Said::BackToText)]);
        assert!(read("said=You+are+fired").is_err());
    }
}
