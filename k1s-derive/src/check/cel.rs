//! CEL rules against what can be seen from here: names of fields and the types that their spelling tells.
//!
//! Nested types, generics and foreign types are not seen and may be anything; nothing is refused that what they turn out to be
//! could put right. `k1s-gen check` sees it all.

use darling::error::Accumulator;
use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, Issues, Program};
use serde_json::{Value, json};

use super::{refuse, seen};
use crate::model::{ResourceModel, Shape, TypeModel};
use crate::parse::{Keywords, RuleArgs, Text};

/// Index of `oldSelf` among the variables of a rule; `self` comes before it.
const OLD_SELF: usize = 1;

/// Checks the rules on a kind's root.
pub(crate) fn root(model: &ResourceModel, errors: &mut Accumulator) {
    let mut schema = json!({"type": "object", "properties": {"spec": seen::of_type(&model.spec)}});
    if model.args.status.is_some() {
        schema["properties"]["status"] = json!({});
    }
    let said = model.args.openapi.as_ref().and_then(|layer| layer.keywords.get("properties")?.as_object());
    for (name, layer) in said.into_iter().flatten() {
        // A description changes nothing of what rules may name.
        if name != "spec" || layer.get("properties").is_some() || layer.get("type").is_some() {
            schema["properties"][name] = json!({});
        }
    }
    let scopes = Scope::read(&model.kind.to_string(), &schema, true).into_iter().collect();
    let place = Place { scopes, belongs_to_old: true };
    model.args.validation.iter().for_each(|rule| place.check(rule, errors));
}

/// Checks the rules on a type and on its fields.
pub(crate) fn within(model: &TypeModel, errors: &mut Accumulator) {
    let own = model.ident.to_string();
    let schema = seen::of_type(model);
    let scopes = seen::uses(&schema).iter().filter_map(|schema| Scope::read(&own, schema, false)).collect();
    let place = Place { scopes, belongs_to_old: true };
    model.keywords.validation.iter().for_each(|rule| place.check(rule, errors));
    items(&own, &schema, &model.keywords, true, errors);
    // What is said of a newtype's only field may be completed where the newtype is used.
    let open = matches!(model.shape, Shape::Newtype(_));
    for field in model.shape.all_fields() {
        value(&field.name, &seen::of_field(field), &field.keywords, open, errors);
    }
}

/// Checks the rules on a value and on what is inside of it. `open` says that a list may turn out to be keyed.
fn value(name: &str, schema: &Value, keywords: &Keywords, open: bool, errors: &mut Accumulator) {
    let place =
        Place { scopes: Scope::read(name, schema, false).into_iter().collect(), belongs_to_old: true };
    keywords.validation.iter().for_each(|rule| place.check(rule, errors));
    items(name, schema, keywords, open, errors);
}

/// Checks the rules on a list's items.
fn items(name: &str, list: &Value, keywords: &Keywords, open: bool, errors: &mut Accumulator) {
    let (mut list, mut keywords, mut belongs_to_old) = (list, keywords, true);
    while let Some(inner) = &keywords.items {
        let is_list = list["type"] == "array" && !open;
        belongs_to_old &= !is_list || list["x-kubernetes-list-type"] == "map";
        let schema = &list["items"];
        let scopes = Scope::read(name, schema, false).into_iter().collect();
        let place = Place { scopes, belongs_to_old };
        inner.validation.iter().for_each(|rule| place.check(rule, errors));
        (list, keywords) = (schema, inner);
    }
}

/// Where a rule stands.
struct Place {
    /// What the values may look like there: a rule has to fit one. The first is the likeliest.
    scopes: Vec<Scope>,
    /// Whether a value of an object's old state belongs to each new one.
    belongs_to_old: bool,
}

impl Place {
    fn check(&self, rule: &RuleArgs, errors: &mut Accumulator) {
        let mut verdicts = self.scopes.iter().map(|scope| scope.complaints(rule, self.belongs_to_old));
        let Some(first) = verdicts.next() else { return };
        if first.is_empty() || verdicts.any(|complaints| complaints.is_empty()) {
            return;
        }
        for Complaint { about, message } in first {
            refuse(errors, about, message);
        }
    }
}

/// Something that is wrong with a rule, and the token that it is wrong about.
struct Complaint {
    about: proc_macro2::Span,
    message: String,
}

/// What rules of one place may name.
struct Scope {
    plain: Env,
    /// The same where `oldSelf` is an optional.
    optional: Env,
}

impl Scope {
    /// None if expressions see no such values.
    fn read(name: &str, schema: &Value, resource: bool) -> Option<Self> {
        let resource = resource || schema["x-kubernetes-embedded-resource"] == true;
        let unseen = json!({});
        let schema = if schema.is_object() { schema } else { &unseen };
        let schema = Schema::from_partial_json(schema, resource).ok()?;
        let ty = Type::of_schema(&schema, name)?;
        let with_self = Env::new().with_schema("self", ty.clone(), schema.clone());
        let optional = with_self.clone().with("oldSelf", Type::optional(ty.clone()));
        Some(Self { plain: with_self.with_schema("oldSelf", ty, schema), optional })
    }

    fn complaints(&self, rule: &RuleArgs, belongs_to_old: bool) -> Vec<Complaint> {
        let mut found = Vec::new();
        let optional = rule.optional_old_self.as_ref().is_some_and(|flag| **flag);
        if let Some(uses_old_self) = self.expression(&rule.rule, "rule", &Type::Bool, optional, &mut found) {
            if uses_old_self && !belongs_to_old {
                let message = "`oldSelf` cannot be used here: items of this list do not belong to old ones; say what tells them \
                               apart, as `list_type = \"map\", list_map_key = \"name\"`";
                found.push(Complaint { about: rule.rule.span(), message: message.to_owned() });
            }
            if let Some(flag) = rule.optional_old_self.as_ref().filter(|_| !uses_old_self) {
                let message = "`optional_old_self` is for rules that use `oldSelf`, and this one does not";
                found.push(Complaint { about: flag.span(), message: message.to_owned() });
            }
        }
        if let Some(expression) = &rule.message_expression {
            self.expression(expression, "message expression", &Type::String, optional, &mut found);
        }
        found
    }

    /// Checks an expression; answers whether it names `oldSelf`, if nothing is wrong with it.
    fn expression(
        &self,
        text: &Text,
        what: &str,
        wanted: &Type,
        optional: bool,
        found: &mut Vec<Complaint>,
    ) -> Option<bool> {
        // That it is empty is said elsewhere.
        if text.trim().is_empty() {
            return None;
        }
        let (env, other) =
            if optional { (&self.optional, &self.plain) } else { (&self.plain, &self.optional) };
        let mut complain = |message: String| {
            found.push(Complaint { about: text.span(), message });
            None
        };
        let checked = match env.check(text) {
            Ok(checked) => checked,
            Err(issues) => {
                let hint = if other.check(text).is_ok() { old_self_hint(optional) } else { "" };
                return complain(format!("the {what} does not compile:\n{}{hint}", laid_out(&issues)));
            }
        };
        let yields = checked.result_type();
        if yields != wanted && *yields != Type::Dyn {
            return complain(format!("the {what} must yield a {wanted}, and yields {}", article(yields)));
        }
        if let Err(why) = Program::new(&checked) {
            return complain(format!("a constant part of the {what} fails: {why}"));
        }
        Some(checked.uses(OLD_SELF))
    }
}

/// The complaints without the name of a file, which there is none of.
fn laid_out(issues: &Issues) -> String {
    issues.with_hints().replace("ERROR: <input>:", "")
}

fn old_self_hint(optional: bool) -> &'static str {
    if optional {
        "\n | hint: `oldSelf` is an optional here: take `oldSelf.value()`, or leave out `optional_old_self`"
    } else {
        "\n | hint: `oldSelf` is an optional only with `optional_old_self = true`"
    }
}

fn article(ty: &Type) -> String {
    let name = ty.to_string();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {name}")
}
