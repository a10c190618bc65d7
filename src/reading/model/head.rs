//! What the model judges, head by head. The order is that of the weights' columns.

macro_rules! heads {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::reading) enum $name {
            $($(#[$of])* $variant),+
        }

        impl $name {
            /// The heads' names in the weights, in order.
            pub(in crate::reading) const NAMES: &[&str] = &[$($word),+];
            /// How many there are.
            pub(in crate::reading) const COUNT: usize = Self::NAMES.len();
        }
    };
}

heads! {
    /// What a customer's message is judged for.
    CustomerHead {
        /// `closing`: thanks.
        Thanks = "thanks",
        /// `closing`: waiting.
        Waiting = "waiting",
        /// Of those that wait: for us.
        ForUs = "for_us",
        /// `wants_call`.
        WantsCall = "wants_call",
        /// `wants_text`, for this case or for good.
        WantsText = "wants_text",
        /// Of those: for good.
        Always = "always",
        /// `unsolved`.
        Unsolved = "unsolved",
        /// `answers`.
        Answers = "answers",
        /// `identity`: offered.
        Offered = "offered",
        /// Of those: confidential.
        OfferedConfidential = "offered_confidential",
    }
}

heads! {
    /// What a message of ours is judged for.
    OurHead {
        /// `identity`: asked.
        Asked = "asked",
        /// Of those: confidential.
        AskedConfidential = "asked_confidential",
        /// Asks anything.
        Asks = "asks",
        /// Offers a call.
        Offers = "offers",
        /// Promises to come back.
        Promises = "promises",
        /// Tells the customer to do something.
        Instructs = "instructs",
        /// Answers or reports.
        Reports = "reports",
        /// Asks whether there is anything else.
        AnythingElse = "else",
    }
}
