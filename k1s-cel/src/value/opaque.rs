//! Values of types that functions define: URLs, addresses, quantities.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// A type of values that only functions make and take.
pub trait OpaqueValue: Any + Debug + Send + Sync {
    /// The type's name, such as `net.IP`.
    fn type_name(&self) -> &'static str;

    /// Whether `other`, of any opaque type, is the same value.
    fn equals(&self, other: &Opaque) -> bool;

    /// What costs take for the value's size; none counts as 1.
    fn size(&self) -> Option<u64> {
        None
    }
}

/// A shared value of an opaque type.
#[derive(Clone, Debug)]
pub struct Opaque(Arc<dyn OpaqueValue>);

impl Opaque {
    /// Shares a value.
    #[must_use]
    pub fn new(value: impl OpaqueValue) -> Self {
        Self(Arc::new(value))
    }

    /// The type's name.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.0.type_name()
    }

    /// What costs take for the value's size.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.0.size()
    }

    /// The value, if it is of type `T`.
    #[must_use]
    pub fn get<T: OpaqueValue>(&self) -> Option<&T> {
        let value: &dyn Any = &*self.0;
        value.downcast_ref()
    }
}

impl PartialEq for Opaque {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(other)
    }
}
