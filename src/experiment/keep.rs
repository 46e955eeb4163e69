//! What was done before is taken up, and what is done now is kept, by whoever watches.

use super::Watch;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What was kept under a key, or what the work comes to, which is kept then; none if the work was interrupted. A key names all that the
/// work depends on, apart from what the whole of it has in common.
pub(super) fn kept_or<T: Serialize + DeserializeOwned>(
    watch: &dyn Watch,
    key: &str,
    work: impl FnOnce() -> Option<T>,
) -> Option<T> {
    let kept = watch.kept(key);
    if let Some(found) = kept.and_then(|bytes| postcard::from_bytes(&bytes).ok()) {
        return Some(found);
    }
    let done = work()?;
    if watch.keeps()
        && let Ok(bytes) = postcard::to_stdvec(&done)
    {
        watch.keep(key, &bytes);
    }
    Some(done)
}
