//! Makes the tables that phrases are found by. A phrase is a template of slots, each with its
//! choices; spelling all of them out would make a hundred thousand phrases of some thousand
//! templates. So slots become nodes of a net in which equal nodes are one, and only where several
//! templates begin alike are they followed together. This file is part of `build.rs` as well, and
//! knows nothing of texts.

use std::{collections::HashMap, hash::Hash};

use super::tables::{Woven, bucket};

/// A word's or node's place among its like.
type Place = u32;

/// Templates on their way to be tables.
#[derive(Debug, Default)]
pub(super) struct Loom {
    words: HashMap<String, Place>,
    knots: HashMap<Knot, Place>,
    /// What words may begin.
    start: Vec<Edge>,
}

/// A node of the net. One word may lead from it to several others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Knot {
    edges: Vec<Edge>,
    /// What the words up to here mean.
    meanings: Vec<u32>,
}

/// A word, and the node that it leads to.
type Edge = (Place, Place);

fn short(place: usize) -> Place {
    Place::try_from(place).unwrap_or(Place::MAX)
}

/// The place of a thing, which is noted if it is new.
fn noted<T: Hash + Eq>(known: &mut HashMap<T, Place>, thing: T) -> Place {
    let next = short(known.len());
    *known.entry(thing).or_insert(next)
}

/// What is known, by place.
fn in_order<T>(known: HashMap<T, Place>) -> Vec<T> {
    let mut known: Vec<(Place, T)> = known.into_iter().map(|(thing, at)| (at, thing)).collect();
    known.sort_unstable_by_key(|(place, _)| *place);
    known.into_iter().map(|(_, thing)| thing).collect()
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}

impl Loom {
    /// Adds a template and what its phrases mean: slot by slot its choices, folded; an empty one
    /// leaves the slot out.
    pub(super) fn add(&mut self, slots: &[Vec<String>], meaning: u32) {
        let mut knot = Knot {
            edges: Vec::new(),
            meanings: vec![meaning],
        };
        for choices in slots.iter().rev() {
            knot = self.before(choices, knot);
        }
        self.start.extend(knot.edges);
    }

    /// The node before a slot.
    fn before(&mut self, choices: &[String], after: Knot) -> Knot {
        let end = noted(&mut self.knots, after.clone());
        let mut knot = Knot::default();
        for choice in choices {
            let words = choice.split_ascii_whitespace();
            let words: Vec<Place> = words.map(|word| self.word(word)).collect();
            let Some((first, others)) = words.split_first() else {
                knot.edges.extend(&after.edges);
                knot.meanings.extend(&after.meanings);
                continue;
            };
            let second = others.iter().rev().fold(end, |next, word| {
                let between = Knot {
                    edges: vec![(*word, next)],
                    meanings: Vec::new(),
                };
                noted(&mut self.knots, between)
            });
            knot.edges.push((*first, second));
        }
        Knot {
            edges: sorted(knot.edges),
            meanings: sorted(knot.meanings),
        }
    }

    fn word(&mut self, word: &str) -> Place {
        match self.words.get(word) {
            Some(place) => *place,
            None => noted(&mut self.words, word.to_owned()),
        }
    }

    /// The tables of all that was added.
    pub(super) fn finish(self) -> Woven {
        let mut words = Words::new(&in_order(self.words));
        let knots: Vec<Knot> = in_order(self.knots)
            .into_iter()
            .map(|knot| Knot {
                edges: words.placed(&knot.edges),
                ..knot
            })
            .collect();
        let mut net = Net::default();
        let start = net.lead(words.placed(&self.start));
        words.begin(&start);
        while net.add_next(&knots) {}
        Woven::new(
            [
                words.buckets,
                words.ends,
                words.firsts,
                net.nodes,
                net.edges,
                net.meanings,
            ],
            words.letters,
        )
    }
}

/// The words by bucket, as the tables have them.
struct Words {
    /// The new place of each word.
    places: Vec<Place>,
    buckets: Vec<u32>,
    ends: Vec<u32>,
    firsts: Vec<Place>,
    letters: String,
}

impl Words {
    fn new(words: &[String]) -> Self {
        let buckets = words.len().next_power_of_two();
        let mut order: Vec<(usize, &str, usize)> = words
            .iter()
            .enumerate()
            .map(|(old, word)| (bucket(word, buckets), word.as_str(), old))
            .collect();
        order.sort_unstable();
        let mut placed = Self {
            places: vec![0; words.len()],
            buckets: (0..buckets)
                .map(|bucket| short(order.partition_point(|(its, ..)| *its <= bucket)))
                .collect(),
            ends: Vec::with_capacity(words.len()),
            firsts: vec![0; words.len()],
            letters: String::new(),
        };
        for (new, (_, word, old)) in order.into_iter().enumerate() {
            if let Some(place) = placed.places.get_mut(old) {
                *place = short(new);
            }
            placed.letters.push_str(word);
            placed.ends.push(short(placed.letters.len()));
        }
        placed
    }

    /// Edges by the new places of their words, sorted.
    fn placed(&self, edges: &[Edge]) -> Vec<Edge> {
        let new = |old: Place| self.places.get(old as usize).copied().unwrap_or(old);
        sorted(edges.iter().map(|(word, to)| (new(*word), *to)).collect())
    }

    fn begin(&mut self, start: &[Edge]) {
        for (word, node) in start {
            if let Some(first) = self.firsts.get_mut(*word as usize) {
                *first = *node;
            }
        }
    }
}

/// The nodes as the tables have them: one for all knots that the same words lead to.
struct Net {
    places: HashMap<Vec<Place>, Place>,
    /// Per place, its knots.
    strands: Vec<Vec<Place>>,
    groups: HashMap<Vec<u32>, Place>,
    /// As the tables have them, in pairs.
    nodes: Vec<u32>,
    /// As the tables have them, in pairs.
    edges: Vec<u32>,
    /// As the tables have them.
    meanings: Vec<u32>,
}

impl Default for Net {
    /// Begins with the node that has nothing.
    fn default() -> Self {
        Self {
            places: HashMap::from([(Vec::new(), 0)]),
            strands: vec![Vec::new()],
            groups: HashMap::from([(Vec::new(), 0)]),
            nodes: Vec::new(),
            edges: Vec::new(),
            meanings: vec![0],
        }
    }
}

impl Net {
    /// Per word the one node for all that it leads to. The edges are sorted.
    fn lead(&mut self, edges: Vec<Edge>) -> Vec<Edge> {
        let by_word = edges.chunk_by(|(left, _), (right, _)| left == right);
        by_word
            .filter_map(|edges| {
                let (word, _) = edges.first()?;
                let strands: Vec<Place> = edges.iter().map(|(_, to)| *to).collect();
                Some((*word, self.place(strands)))
            })
            .collect()
    }

    fn place(&mut self, strands: Vec<Place>) -> Place {
        let next = short(self.strands.len());
        *self.places.entry(strands).or_insert_with_key(|strands| {
            self.strands.push(strands.clone());
            next
        })
    }

    /// Adds the next node that others lead to; says whether there was one.
    fn add_next(&mut self, knots: &[Knot]) -> bool {
        let Some(strands) = self.strands.get_mut(self.nodes.len() / 2) else {
            return false;
        };
        let (mut edges, mut meanings) = (Vec::new(), Vec::new());
        for strand in std::mem::take(strands) {
            if let Some(knot) = knots.get(strand as usize) {
                edges.extend(&knot.edges);
                meanings.extend(&knot.meanings);
            }
        }
        let edges = self.lead(sorted(edges));
        self.edges
            .extend(edges.into_iter().flat_map(|(word, to)| [word, to]));
        let group = self.group(sorted(meanings));
        self.nodes.extend([short(self.edges.len() / 2), group]);
        true
    }

    fn group(&mut self, meanings: Vec<u32>) -> Place {
        let next = short(self.meanings.len());
        *self.groups.entry(meanings).or_insert_with_key(|meanings| {
            self.meanings.push(short(meanings.len()));
            self.meanings.extend(meanings);
            next
        })
    }
}
