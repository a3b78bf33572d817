//! The walk of an object beside the tree of rules.
//!
//! Rules at a value come before rules of `allOf` there, and those before the rules of its parts. kube-apiserver visits the members of
//! an object in random order, this walk in the order of the JSON. Null is not visited: rules that ask for null stand above it.

use std::ops::ControlFlow;

use serde_json::{Map, Value as Json};

use super::correlate::{OldItems, Pair, Ratchet};
use super::error::{Options, Outcome, RuleError};
use super::evaluate::Subject;
use super::path::Path;
use super::tree::Validator;
use super::view::View;

/// The state of a validation.
pub(super) struct Walk {
    pub(super) errors: Vec<RuleError>,
    pub(super) warnings: Vec<RuleError>,
    pub(super) cost: u64,
    pub(super) per_call: u64,
    pub(super) remaining: u64,
    /// Whether a limit was run over.
    pub(super) exhausted: bool,
}

impl Validator {
    /// Evaluates the rules on an object, and on its change from `old`.
    ///
    /// ```
    /// use k1s_cel::rules::{Options, Validator};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "properties": {"replicas": {
    ///     "type": "integer", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "may not change"}],
    /// }}});
    /// let validator = Validator::new(&schema, false).unwrap();
    /// let outcome = validator.validate(&json!({"replicas": 1}), Some(&json!({"replicas": 2})), &Options::default());
    /// assert_eq!(outcome.errors[0].path, "replicas");
    /// assert_eq!(outcome.errors[0].to_string(), "may not change");
    /// ```
    pub fn validate(&self, object: &Json, old: Option<&Json>, options: &Options<'_>) -> Outcome {
        self.view(object.into(), old.map(View::from), options)
    }

    /// [`Validator::validate`] for whoever holds the members of objects, which are not copied.
    pub fn validate_object(
        &self,
        object: &Map<String, Json>,
        old: Option<&Map<String, Json>>,
        options: &Options<'_>,
    ) -> Outcome {
        self.view(View::Members(object), old.map(View::Members), options)
    }

    fn view<'a>(&'a self, object: View<'a>, old: Option<View<'a>>, options: &Options<'_>) -> Outcome {
        let mut walk = Walk {
            errors: Vec::new(),
            warnings: Vec::new(),
            cost: 0,
            per_call: options.call_budget,
            remaining: options.budget,
            exhausted: false,
        };
        if let (Some(node), Some(schema)) = (&self.root, self.schema.as_object()) {
            let pair = old.filter(|_| options.ratcheting).map(|old| Pair::new(schema, object, old));
            let path = Path::Start(options.path);
            let ratchet = Ratchet::root(pair.as_ref());
            let _ = walk.value(Subject { node, path: &path, value: object, old, ratchet });
        }
        let remaining = (!walk.exhausted).then_some(walk.remaining);
        Outcome { errors: walk.errors, warnings: walk.warnings, cost: walk.cost, remaining }
    }
}

impl Walk {
    fn value<'a>(&mut self, subject: Subject<'_, 'a>) -> ControlFlow<()> {
        if subject.value.is_null() {
            return ControlFlow::Continue(());
        }
        let subject = Subject { old: subject.old.filter(|old| !old.is_null()), ..subject };
        self.rules(subject)?;
        for node in &subject.node.all_of {
            self.value(Subject { node, ratchet: subject.ratchet.all_of(), ..subject })?;
        }
        match subject.value {
            View::Members(members) => self.object(subject, members),
            View::Value(Json::Array(items)) => self.list(subject, items),
            View::Value(_) => ControlFlow::Continue(()),
        }
    }

    fn object<'a>(&mut self, subject: Subject<'_, 'a>, members: &'a Map<String, Json>) -> ControlFlow<()> {
        let node = subject.node;
        let old = subject.old.filter(|_| node.correlates).and_then(View::members);
        for (name, value) in members {
            let (child, path) = if let Some(child) = node.values.as_deref() {
                (child, subject.path.key(name))
            } else if let Some(child) = node.properties.get(name.as_str()) {
                (child, subject.path.child(name))
            } else {
                continue;
            };
            let pair = subject.ratchet.member_pair(name);
            self.value(Subject {
                node: child,
                path: &path,
                value: value.into(),
                old: old.and_then(|old| old.get(name)).map(View::from),
                ratchet: subject.ratchet.member(name, pair.as_ref()),
            })?;
        }
        ControlFlow::Continue(())
    }

    fn list<'a>(&mut self, subject: Subject<'_, 'a>, items: &'a [Json]) -> ControlFlow<()> {
        let Some(node) = subject.node.items.as_deref() else { return ControlFlow::Continue(()) };
        let old = subject.old.and_then(View::items).unwrap_or_default();
        let old = OldItems::new(&subject.node.keys, old);
        let list = subject.ratchet.list();
        let ratcheted = list.as_ref().map(|list| (list, list.old_items()));
        for (index, value) in items.iter().enumerate() {
            let pair = ratcheted.as_ref().and_then(|(list, old)| list.pair(value, old));
            self.value(Subject {
                node,
                path: &subject.path.index(index),
                value: value.into(),
                old: old.get(value).map(View::from),
                ratchet: subject.ratchet.below(pair.as_ref()),
            })?;
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::{BadValue, ErrorKind};

    fn validator(schema: &Json) -> Validator {
        Validator::new(schema, false).unwrap()
    }

    #[test]
    fn members_are_judged_as_the_object_is() {
        let validator = validator(
            &json!({"type": "object", "properties": {"a": good(), "b": {"type": "integer"}}, "x-kubernetes-validations": [
                {"rule": "self.a != 'bad' || self.b == oldSelf.b"}, {"rule": "self.b > 0", "messageExpression": "string(self)"}
            ]}),
        );
        let (old, new) = (json!({"a": "bad", "b": 0}), json!({"a": "bad", "b": -1}));
        let options = Options { ratcheting: true, ..Options::default() };
        let members = |json: &Json| json.as_object().unwrap().clone();
        for (new, old) in
            [(&new, None), (&new, Some(&old)), (&old, Some(&old)), (&json!({"a": "b"}), Some(&new))]
        {
            let whole = validator.validate(new, old, &options);
            let parts = validator.validate_object(&members(new), old.map(members).as_ref(), &options);
            assert_eq!(parts, whole);
            assert!(!whole.errors.is_empty() || !whole.warnings.is_empty());
        }
    }

    fn lines(errors: &[RuleError]) -> Vec<String> {
        errors.iter().map(|error| format!("{}: {error}", error.path)).collect()
    }

    /// Schemas of what has to be the same as before; of what may not be `bad`.
    fn fixed(ty: &str) -> Json {
        json!({"type": ty, "x-kubernetes-validations": [{"rule": "self == oldSelf"}]})
    }

    fn good() -> Json {
        json!({"type": "string", "x-kubernetes-validations": [{"rule": "self != 'bad'", "message": "is bad"}]})
    }

    #[test]
    fn errors_say_where_and_what() {
        let validator = validator(&json!({"type": "object", "properties": {
            "l": {"type": "array", "items": good()},
            "m": {"type": "object", "additionalProperties": good()},
            "any": {"x-kubernetes-int-or-string": true, "x-kubernetes-validations": [{"rule": "!self", "reason": "FieldValueRequired"}]},
        }, "x-kubernetes-validations": [
            {"rule": "false", "fieldPath": ".m.k", "reason": "FieldValueForbidden"},
            {"rule": "'a'"}, {"rule": ""}, {"rule": "self.m.absent == ''", "message": " absent "},
            {"rule": "false", "reason": "FieldValueDuplicate"}
        ]}));
        let object = json!({"any": 1, "l": ["ok", "bad", null], "m": {"k": "bad"}});
        let outcome = validator.validate(&object, None, &Options { path: "spec", ..Options::default() });
        assert_eq!(
            lines(&outcome.errors),
            [
                "spec.m[k]: failed rule: false",
                "spec: rule compile error: cel expression must evaluate to a bool",
                "spec: no such key: absent evaluating rule: absent",
                "spec: ",
                "spec.any: 'no such overload': call arguments did not match a supported operator, function or macro \
                 signature for rule: !self",
                "spec.l[1]: is bad",
                "spec.m[k]: is bad",
            ]
        );
        let kinds: Vec<_> = outcome.errors.iter().map(|error| error.kind).collect();
        assert_eq!(
            kinds[..4],
            [ErrorKind::Forbidden, ErrorKind::Invalid, ErrorKind::Invalid, ErrorKind::Duplicate]
        );
        assert_eq!(kinds[4..], [ErrorKind::Invalid; 3]);
        assert_eq!(outcome.errors[2].value, BadValue::Type("object".into()));
        assert_eq!(outcome.errors[3].value, BadValue::Omitted);
        assert_eq!(outcome.errors[5].value, BadValue::Value(json!("bad")));
        assert!(outcome.warnings.is_empty() && outcome.remaining.is_some());
    }

    #[test]
    fn messages_come_from_expressions_that_are_of_use() {
        let rule =
            |expression: &str| json!({"rule": "false", "message": "m", "messageExpression": expression});
        let validator = validator(&json!({"type": "object", "properties": {"a": {"type": "string"}},
        "x-kubernetes-validations": [
            rule("self.a"), rule("' '"), rule("'two\\nlines'"), rule("self.b"), rule("oldSelf.a"), rule("true ? '  t ' : ''")
        ]}));
        let outcome = validator.validate(&json!({"a": "from a"}), None, &Options::default());
        let texts: Vec<_> = outcome.errors.iter().map(|error| error.detail.as_str()).collect();
        assert_eq!(texts, ["from a", "m", "m", "m", "m", "t"]);
    }

    #[test]
    fn old_values_are_found_along_keys() {
        let item = json!({"type": "object", "properties": {"k": {"type": "integer"}, "v": fixed("integer")}});
        let validator = validator(&json!({"type": "object", "properties": {
            "map": {"type": "object", "additionalProperties": fixed("integer"), "x-kubernetes-map-type": "atomic"},
            "keyed": {"type": "array", "items": item, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"]},
            "plain": {"type": "array", "items": item},
        }}));
        let (old, new) =
            (json!([{"k": 1, "v": 1}, {"k": 2, "v": 2}]), json!([{"k": 2, "v": 1}, {"k": 3, "v": 1}]));
        let outcome = validator.validate(
            &json!({"map": {"a": 2, "b": 2}, "keyed": new, "plain": new}),
            Some(&json!({"map": {"a": 1, "c": 2}, "keyed": old, "plain": old})),
            &Options::default(),
        );
        assert_eq!(
            lines(&outcome.errors),
            ["keyed[0].v: failed rule: self == oldSelf", "map[a]: failed rule: self == oldSelf"]
        );
        assert!(
            validator
                .validate(&json!({"map": {"a": 1}, "keyed": new}), None, &Options::default())
                .errors
                .is_empty()
        );
    }

    #[test]
    fn optional_old_values_are_for_new_values_too() {
        let rule =
            |optional: bool| json!({"rule": "oldSelf == oldSelf && false", "optionalOldSelf": optional});
        let validator =
            validator(&json!({"type": "string", "x-kubernetes-validations": [rule(true), rule(false)]}));
        let count = |old| validator.validate(&json!(""), old, &Options::default()).errors.len();
        assert_eq!((count(None), count(Some(&json!(null))), count(Some(&json!("")))), (1, 1, 2));
    }

    #[test]
    fn what_an_update_leaves_is_a_warning() {
        let validator = validator(&json!({"type": "object", "properties": {
            "a": good(),
            "o": {"type": "object", "properties": {"a": good(), "b": {"type": "string"}},
                  "allOf": [{"properties": {"a": {"x-kubernetes-validations": [{"rule": "self != 'bad'", "message": "all"}]}}}],
                  "x-kubernetes-validations": [{"rule": "self.a != 'bad'"}]},
            "l": {"type": "array", "items": good()},
            "t": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf && false"}]},
        }}));
        let old = json!({"a": "bad", "o": {"a": "bad", "b": "x"}, "l": ["bad", "x"], "t": "t"});
        let new = json!({"a": "bad", "o": {"a": "bad", "b": "y"}, "l": ["bad", "y"], "t": "t"});
        let ratcheting = Options { ratcheting: true, ..Options::default() };
        let outcome = validator.validate(&new, Some(&old), &ratcheting);
        assert_eq!(lines(&outcome.warnings), ["a: is bad", "o.a: is bad"]);
        assert_eq!(
            lines(&outcome.errors),
            [
                "l[0]: is bad",
                "o: failed rule: self.a != 'bad'",
                "o.a: all",
                "t: failed rule: self == oldSelf && false"
            ]
        );
        let outcome = validator.validate(&old, Some(&old), &ratcheting);
        assert_eq!(lines(&outcome.errors), ["t: failed rule: self == oldSelf && false"]);
        assert_eq!(outcome.warnings.len(), 5);
        assert_eq!(validator.validate(&old, Some(&old), &Options::default()).warnings, []);
    }

    #[test]
    fn budgets_end_a_validation() {
        let cheap = json!({"rule": "self == 'a'"});
        let validator = validator(&json!({"type": "object", "properties": {
            "a": {"type": "string", "x-kubernetes-validations": [cheap, cheap]},
            "b": {"type": "string", "x-kubernetes-validations": [cheap, cheap]},
        }}));
        let object = json!({"a": "a", "b": "b"});
        let full = validator.validate(&object, None, &Options::default());
        assert_eq!(full.errors.len(), 2);
        let each = full.cost / 4;
        assert_eq!(full.remaining, Some(crate::limits::PER_OBJECT_COST - full.cost));
        let spent =
            "validation failed due to running out of cost budget, no further validation rules will be run";
        for (budget, path) in [(each * 2, "b"), (each * 2 - 1, "a"), (0, "a")] {
            let outcome = validator.validate(&object, None, &Options { budget, ..Options::default() });
            assert_eq!(lines(&outcome.errors), [format!("{path}: {spent}")]);
            assert_eq!(outcome.remaining, None);
        }
        let outcome = validator.validate(&object, None, &Options { call_budget: 0, ..Options::default() });
        assert_eq!(
            lines(&outcome.errors),
            [
                "a: 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to \
                 call cost exceeds limit for rule: self == 'a'"
            ]
        );
    }
}
