//! Waiting until deleted objects are gone.

use std::time::Duration;

use super::context::{Context, wait};
use super::error::Error;
use super::patience::{A_WEEK, Patience};
use super::resources::Info;
use crate::client::{GetRequest, Target};

/// An object that has been deleted but may linger, held by a finalizer.
pub(crate) struct Doomed {
    /// Which object.
    pub info: Info,
    /// Its uid; another object of the same name is not waited for.
    pub uid: Option<String>,
}

/// Returns when all of the objects are gone; a zero timeout stands for a week.
///
/// # Errors
/// Names the first object that is still there after `timeout`.
pub(crate) fn wait_for(doomed: &[Doomed], timeout: Duration, context: &mut Context<'_>) -> Result<(), Error> {
    // Whoever waits wants to know for what.
    context.out().flush()?;
    let patience = Patience::new(if timeout.is_zero() { A_WEEK } else { timeout });
    for object in doomed {
        let mut pauses = patience.pauses();
        while object.is_there(context)? {
            if patience.is_over() {
                return Err(Error::message(format!(
                    "timed out waiting for the condition on {}/{}",
                    object.info.definition.plural, object.info.name
                )));
            }
            pauses.pause();
        }
    }
    Ok(())
}

impl Doomed {
    fn is_there(&self, context: &mut Context<'_>) -> Result<bool, Error> {
        let target = Target { gvk: self.info.definition.gvk(), namespace: self.info.namespace.clone() };
        let request =
            GetRequest { target, name: self.info.name.clone(), subresource: None, resource_version: None };
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
