//! Which languages a browser asks for (`Accept-Language`, RFC 9110, 12.5.4).

use axum::http::{HeaderMap, header};

/// The wished tags, best first, such as `pt-BR`.
pub(in crate::web) fn tags(headers: &HeaderMap) -> Vec<&str> {
    let header = headers.get(header::ACCEPT_LANGUAGE);
    by_weight(header.and_then(|value| value.to_str().ok()))
}

fn by_weight(header: Option<&str>) -> Vec<&str> {
    let wishes = header.unwrap_or_default().split(',').filter_map(wish);
    let mut wanted: Vec<(u32, &str)> = wishes.collect();
    // A stable sort: of equal wishes the first counts.
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}

/// One wish, such as `pt-BR;q=0.8`: its weight in thousandths and the tag; none if it is not wanted
/// at all.
fn wish(text: &str) -> Option<(u32, &str)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let weight = match parameters.trim().strip_prefix("q=") {
        Some(weight) => weight.trim().parse::<f32>().ok()?,
        None => 1.0,
    };
    let weight = (0.0..=1.0).contains(&weight).then_some(weight * 1000.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 1000"
    )]
    let weight = weight as u32;
    let tag = tag.trim();
    (weight > 0 && !tag.is_empty()).then_some((weight, tag))
}

#[cfg(test)]
mod tests {
    use super::by_weight;

    #[test]
    fn the_best_wish_comes_first_and_nonsense_not_at_all() {
        assert_eq!(
            by_weight(Some("en;q=0.3, pt-BR;q=0.7,de")),
            ["de", "pt-BR", "en"]
        );
        assert_eq!(
            by_weight(Some("de;q=2, it;q=x, ;;, fr;q=-1, es;q=0, nl;q=NaN")),
            Vec::<&str>::new()
        );
        assert_eq!(by_weight(None), Vec::<&str>::new());
    }
}
