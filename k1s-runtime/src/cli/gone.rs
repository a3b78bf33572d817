//! Waiting until deleted objects are gone.

use std::time::{Duration, Instant};

use super::context::{Context, wait};
use super::error::Error;
use super::resources::Info;
use crate::client::{GetRequest, Target};

/// An object that has been deleted but may linger, held by a finalizer.
pub(crate) struct Doomed {
    /// Which object.
    pub info: Info,
    /// Its uid; another object of the same name is not waited for.
    pub uid: Option<String>,
}

/// What zero stands for: as good as for ever.
const A_WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// Looks are this far apart at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Returns when all of the objects are gone.
///
/// # Errors
/// Names the first object that is still there after `timeout`.
pub(crate) fn wait_for(doomed: &[Doomed], timeout: Duration, context: &mut Context<'_>) -> Result<(), Error> {
    let timeout = if timeout.is_zero() { A_WEEK } else { timeout };
    let start = Instant::now();
    for object in doomed {
        let mut pause = FIRST_PAUSE;
        while object.is_there(context)? {
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(Error::message(format!(
                    "timed out waiting for the condition on {}/{}",
                    object.info.definition.plural, object.info.name
                )));
            }
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
    Ok(())
}

impl Doomed {
    fn is_there(&self, context: &mut Context<'_>) -> Result<bool, Error> {
        let target = Target { gvk: self.info.definition.gvk(), namespace: self.info.namespace.clone() };
        let request = GetRequest { target, name: self.info.name.clone(), subresource: None };
        match wait(context.client()?.get(&request)) {
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error.into()),
            Ok(raw) => {
                let object = super::resources::decode(&raw)?;
                Ok(self.uid.is_none() || object.uid() == self.uid.as_deref())
            }
        }
    }
}
