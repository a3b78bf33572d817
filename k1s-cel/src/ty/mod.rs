//! Types: what the checker knows of an expression's value, printed as cel-go prints them in its messages.

mod unify;

use std::fmt;
use std::sync::Arc;

use crate::schema::Schema;

pub(crate) use unify::Substitution;

/// The type of an expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Type {
    /// What an expression that is already complained about has, so that it is not complained about again.
    Error,
    /// Anything; checked when it is evaluated.
    Dyn,
    /// The type of `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A signed integer of 64 bits.
    Int,
    /// An unsigned integer of 64 bits.
    Uint,
    /// A floating-point number of 64 bits.
    Double,
    /// A sequence of code points.
    String,
    /// A sequence of bytes.
    Bytes,
    /// A moment.
    Timestamp,
    /// A length of time.
    Duration,
    /// The type of types; of one type in particular, if known.
    Type(Option<Arc<Type>>),
    /// A list of elements of one type.
    List(Arc<Type>),
    /// A map from keys of one type to values of one type.
    Map(Arc<(Type, Type)>),
    /// An object with declared fields.
    Object(ObjectType),
    /// A type that functions make and take, such as `net.IP` or `optional_type(int)`.
    Opaque(&'static str, Arc<[Type]>),
    /// A type to be found, numbered by the checker.
    Var(u32),
}

/// An object with declared fields: the schema of an object, under a name that tells where it stands.
#[derive(Clone, Debug)]
pub struct ObjectType {
    name: Arc<str>,
    schema: Arc<Schema>,
}

impl PartialEq for ObjectType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The name of the type of optional values.
pub const OPTIONAL: &str = "optional_type";

impl Type {
    /// `list(element)`.
    #[must_use]
    pub fn list(element: Type) -> Self {
        Type::List(Arc::new(element))
    }

    /// `map(key, value)`.
    #[must_use]
    pub fn map(key: Type, value: Type) -> Self {
        Type::Map(Arc::new((key, value)))
    }

    /// `optional_type(value)`.
    #[must_use]
    pub fn optional(value: Type) -> Self {
        Type::Opaque(OPTIONAL, Arc::from([value]))
    }

    /// The type `type(of)`.
    #[must_use]
    pub fn type_of(of: Type) -> Self {
        Type::Type(Some(Arc::new(of)))
    }

    /// The type that expressions see of a value of `schema`; none if expressions do not see such values. Objects get the name
    /// `name`, and those within it the name of their way from there, as in kube-apiserver.
    #[must_use]
    pub fn of_schema(schema: &Arc<Schema>, name: &str) -> Option<Self> {
        schema.is_declared().then(|| Self::of_declared(schema, &|| name.into()))
    }

    pub(crate) fn of_declared(schema: &Arc<Schema>, name: &dyn Fn() -> Arc<str>) -> Self {
        use crate::schema::Shape;
        match schema.shape() {
            Shape::Boolean => Type::Bool,
            Shape::Integer => Type::Int,
            Shape::Number => Type::Double,
            Shape::String => Type::String,
            Shape::Bytes => Type::Bytes,
            Shape::Date | Shape::DateTime => Type::Timestamp,
            Shape::Duration => Type::Duration,
            Shape::IntOrString | Shape::Unknown | Shape::Unseen => Type::Dyn,
            Shape::List { items: None, .. } => Type::Dyn,
            Shape::List { items: Some(items), .. } => {
                Type::list(Self::of_declared(items, &|| format!("{}.@idx", name()).into()))
            }
            Shape::Map { values } => {
                Type::map(Type::String, Self::of_declared(values, &|| format!("{}.@elem", name()).into()))
            }
            Shape::Object(_) => Type::Object(ObjectType { name: name(), schema: Arc::clone(schema) }),
        }
    }

    /// The name that `type(x)` has as a value: without parameters.
    #[must_use]
    pub fn plain_name(&self) -> &str {
        match self {
            Type::Error => "!error!",
            Type::Dyn | Type::Var(_) => "dyn",
            Type::Null => "null_type",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Uint => "uint",
            Type::Double => "double",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::Timestamp => "google.protobuf.Timestamp",
            Type::Duration => "google.protobuf.Duration",
            Type::Type(_) => "type",
            Type::List(_) => "list",
            Type::Map(_) => "map",
            Type::Object(object) => &object.name,
            Type::Opaque(name, _) => name,
        }
    }

    /// Whether it is `dyn`, or has a part that is.
    pub(crate) fn holds_dyn(&self) -> bool {
        match self {
            Type::Dyn => true,
            Type::List(element) => element.holds_dyn(),
            Type::Map(entry) => entry.0.holds_dyn() || entry.1.holds_dyn(),
            Type::Opaque(_, parameters) => parameters.iter().any(Type::holds_dyn),
            Type::Type(Some(of)) => of.holds_dyn(),
            _ => false,
        }
    }

    /// Whether everything may be given where this is asked for.
    #[must_use]
    pub fn is_dyn_or_error(&self) -> bool {
        matches!(self, Type::Dyn | Type::Error)
    }
}

impl ObjectType {
    /// The type's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schema behind the type.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The type of a field that is written `identifier` in expressions, and the property it stands for.
    #[must_use]
    pub fn field(&self, identifier: &str) -> Option<(Type, &str)> {
        let (property, schema) = self.schema.field(identifier)?;
        let ty = Type::of_declared(schema, &|| format!("{}.{identifier}", self.name).into());
        Some((ty, property))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Null => f.write_str("null"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Duration => f.write_str("duration"),
            Type::Type(Some(of)) => write!(f, "type({of})"),
            Type::List(element) => write!(f, "list({element})"),
            Type::Map(entry) => write!(f, "map({}, {})", entry.0, entry.1),
            Type::Opaque(name, parameters) => {
                f.write_str(name)?;
                for (index, parameter) in parameters.iter().enumerate() {
                    write!(f, "{}{parameter}", if index == 0 { "(" } else { ", " })?;
                }
                f.write_str(if parameters.is_empty() { "" } else { ")" })
            }
            Type::Var(number) => write!(f, "_var{number}"),
            plain => f.write_str(plain.plain_name()),
        }
    }
}
