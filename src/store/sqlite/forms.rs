//! Forms that customers were asked to fill in, and the one-time links to them. A link is used up by
//! deleting its row, so that used, expired and unknown links cannot be told apart.
