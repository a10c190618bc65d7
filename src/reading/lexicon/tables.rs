//! The tables that phrases are found by: every path from the start of a graph spells a phrase, word
//! by word, and each node knows what the words so far mean. They are read where they lie, in the
//! binary or in memory, so using them costs nothing to begin with. `weave` writes them; this file
//! is part of `build.rs` as well, and knows nothing of texts.
//!
//! One list of [`Number`]s and one text. The list begins with how many buckets, words, nodes and
//! edges there are. Then stand, each in its order: per bucket of words, where its words end; per
//! word, where it ends in the text; per word, the node that it leads to from the start; per node,
//! where its edges end and where its meanings stand; the edges of each node, sorted, as word and
//! node; and the meanings, each group after its length. The first node has nothing, and the first
//! group of meanings is empty.

use std::ops::Range;

/// A number of the tables: 32 bits, the lowest byte first.
pub(super) type Number = [u8; 4];

/// A word's place; equal words have equal ones.
pub(super) type Word = u32;

/// A node's place. From the first one nothing leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node(usize);

/// The tables, written.
#[derive(Debug, Default)]
pub(super) struct Woven {
    pub(super) numbers: Vec<Number>,
    pub(super) letters: String,
}

/// The tables, taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables<'a> {
    buckets: &'a [Number],
    ends: &'a [Number],
    firsts: &'a [Number],
    nodes: &'a [[Number; 2]],
    edges: &'a [[Number; 2]],
    meanings: &'a [Number],
    letters: &'a [u8],
}

/// A number as a place in a list.
const fn place(number: Number) -> usize {
    u32::from_le_bytes(number) as usize
}

/// The bucket that a word is in, of a number of buckets that is a power of two: FNV-1a.
pub(super) fn bucket(word: &str, buckets: usize) -> usize {
    let hash = word.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    // The lowest bits alone would tell words of one letter badly apart.
    (hash ^ (hash >> 15)) as usize & buckets.wrapping_sub(1)
}

/// The stretch of a list that belongs to a place, in a list of where each stretch ends.
fn stretch(ends: &[Number], at: usize) -> Option<Range<usize>> {
    let end = place(*ends.get(at)?);
    let before = at.checked_sub(1).and_then(|before| ends.get(before));
    Some(before.map_or(0, |start| place(*start))..end)
}

impl Woven {
    /// Puts lists together: buckets, ends of words, first nodes, nodes, edges, meanings.
    pub(super) fn new(lists: [Vec<u32>; 6], letters: String) -> Self {
        let [buckets, words, _, nodes, edges, _] = lists.each_ref().map(Vec::len);
        let counts = [buckets, words, nodes / 2, edges / 2];
        let counts = counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        let numbers = counts.iter().chain(lists.iter().flatten());
        Self {
            numbers: numbers.map(|number| number.to_le_bytes()).collect(),
            letters,
        }
    }
}

impl<'a> Tables<'a> {
    /// Takes the tables apart; none where there are none.
    pub(super) fn of(numbers: &'a [Number], letters: &'a str) -> Option<Self> {
        let (counts, rest) = numbers.split_first_chunk::<4>()?;
        let [buckets, words, nodes, edges] = counts.map(place);
        let (buckets, rest) = rest.split_at_checked(buckets)?;
        let (ends, rest) = rest.split_at_checked(words)?;
        let (firsts, rest) = rest.split_at_checked(words)?;
        let (nodes, rest) = rest.split_at_checked(nodes * 2)?;
        let (edges, meanings) = rest.split_at_checked(edges * 2)?;
        Some(Self {
            buckets,
            ends,
            firsts,
            nodes: nodes.as_chunks().0,
            edges: edges.as_chunks().0,
            meanings,
            letters: letters.as_bytes(),
        })
    }

    /// The word that is spelled so, if a phrase has it.
    pub(super) fn word(&self, spelled: &str) -> Option<Word> {
        let bucket = bucket(spelled, self.buckets.len());
        let mut words = stretch(self.buckets, bucket)?;
        let found = words.find(|word| {
            let letters = stretch(self.ends, *word).and_then(|part| self.letters.get(part));
            letters == Some(spelled.as_bytes())
        });
        found.and_then(|word| Word::try_from(word).ok())
    }

    /// Where a phrase is that begins with this word.
    pub(super) fn first(&self, word: Word) -> Option<Node> {
        let node = self.firsts.get(word as usize)?;
        Some(Node(place(*node))).filter(|node| node.0 > 0)
    }

    /// Where a phrase is that goes on with this word.
    pub(super) fn next(&self, Node(node): Node, word: Word) -> Option<Node> {
        let start = node
            .checked_sub(1)
            .and_then(|before| self.nodes.get(before));
        let start = start.map_or(0, |[start, _]| place(*start));
        let [end, _] = self.nodes.get(node)?;
        let edges = self.edges.get(start..place(*end))?;
        let at = edges.binary_search_by_key(&word, |[word, _]| u32::from_le_bytes(*word));
        let [_, node] = edges.get(at.ok()?)?;
        Some(Node(place(*node)))
    }

    /// What the words up to here mean, if they are a phrase.
    pub(super) fn meanings(&self, Node(node): Node) -> impl Iterator<Item = usize> {
        let group = self.nodes.get(node).map_or(0, |[_, group]| place(*group));
        let (length, meanings) = match self.meanings.get(group..) {
            Some([length, meanings @ ..]) => (place(*length), meanings),
            _ => (0, [].as_slice()),
        };
        meanings.iter().take(length).map(|meaning| place(*meaning))
    }
}
