//! Hints in messages.

/// `. Did you mean ...?`, or nothing if no candidate is near.
pub(crate) fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&given.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    near.map(|(_, candidate)| format!(". Did you mean `{candidate}`?")).unwrap_or_default()
}
