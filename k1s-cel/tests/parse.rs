//! What the parser makes of expressions: trees, places, and the texts of its complaints. The texts are a kube-apiserver's.

use k1s_cel::limits::Limits;
use k1s_cel::syntax::ast::{Ast, ExprId, ExprKind, Literal, Macro};
use k1s_cel::syntax::parse;

/// The tree in a line: every node with its place.
fn shape(source: &str) -> String {
    match parse(source, &Limits::default()) {
        Ok(ast) => render(&ast, ast.root()),
        Err(issues) => issues.to_string(),
    }
}

fn render(ast: &Ast, id: ExprId) -> String {
    let node = ast.node(id);
    let many = |ids: &[ExprId]| ids.iter().map(|id| render(ast, *id)).collect::<Vec<_>>().join(", ");
    let text = match &node.kind {
        ExprKind::Literal(Literal::Int(value)) => value.to_string(),
        ExprKind::Literal(Literal::Bool(value)) => value.to_string(),
        ExprKind::Literal(Literal::String(value)) => format!("'{value}'"),
        ExprKind::Literal(literal) => format!("{literal:?}"),
        ExprKind::Ident(name) => name.to_string(),
        ExprKind::Select { operand, field, test_only } => {
            format!("({}).{field}{}", render(ast, *operand), if *test_only { "?" } else { "" })
        }
        ExprKind::Call { function, target: None, args } => format!("{function}({})", many(args)),
        ExprKind::Call { function, target: Some(target), args } => {
            format!("({}).{function}({})", render(ast, *target), many(args))
        }
        ExprKind::List { elements, optional } => format!("[{}]{optional:?}", many(elements)),
        ExprKind::Map(entries) => {
            let entry = |key: ExprId, value: ExprId| format!("{}: {}", render(ast, key), render(ast, value));
            let all = entries
                .iter()
                .map(|e| format!("{}{}@{}", if e.optional { "?" } else { "" }, entry(e.key, e.value), e.at));
            format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
        }
        ExprKind::Struct { name, fields } => {
            let all = fields.iter().map(|f| format!("{}: {}@{}", f.field, render(ast, f.value), f.at));
            format!("{name}{{{}}}", all.collect::<Vec<_>>().join(", "))
        }
        ExprKind::Comprehension(fold) => format!(
            "fold({}{} in {}; {} = {}; {}; {}; {})",
            fold.iter_var,
            fold.iter_var2.as_ref().map_or(String::new(), |second| format!(", {second}")),
            render(ast, fold.range),
            fold.accu_var,
            render(ast, fold.init),
            render(ast, fold.condition),
            render(ast, fold.step),
            render(ast, fold.result)
        ),
    };
    format!("{text}@{}", node.at)
}

#[test]
fn operators_bind_as_they_should() {
    assert_eq!(shape("a + b * c"), "_+_(a@0, _*_(b@4, c@8)@6)@2");
    assert_eq!(shape("a - b - c"), "_-_(_-_(a@0, b@4)@2, c@8)@6");
    assert_eq!(shape("a < b == c"), "_==_(_<_(a@0, b@4)@2, c@9)@6");
    assert_eq!(shape("a ? b : c ? d : e"), "_?_:_(a@0, b@4, _?_:_(c@8, d@12, e@16)@10)@2");
    assert_eq!(shape("(a || b) && c"), "_&&_(_||_(a@1, b@6)@3, c@12)@9");
    assert_eq!(shape("a in [1]"), "@in(a@0, [1@6][]@5)@2");
}

#[test]
fn chains_of_and_are_balanced() {
    assert_eq!(shape("a && b && c && d"), "_&&_(_&&_(a@0, b@5)@2, _&&_(c@10, d@15)@12)@7");
}

#[test]
fn signs_belong_to_literals_or_are_operators() {
    assert_eq!(shape("-9223372036854775808"), "-9223372036854775808@0");
    assert_eq!(shape("--1"), "1@2");
    assert_eq!(shape("---1"), "-_(1@3)@0");
    assert_eq!(shape("!!!a"), "!_(a@3)@0");
    assert_eq!(shape("1-1"), "_-_(1@0, 1@2)@1");
    assert_eq!(shape("-0x10"), "-16@0");
}

#[test]
fn members_stand_at_their_punctuation() {
    assert_eq!(shape("a.b(c)[0].d"), "(_[_]((a@0).b(c@4)@3, 0@7)@6).d@9");
    assert_eq!(shape("self.namespace"), "(self@0).namespace@4");
    assert_eq!(shape(".a(b)"), ".a(b@3)@2");
    assert_eq!(shape("a.?b[?c]"), "_[?_](_?._(a@0, 'b'@3)@1, c@6)@4");
    assert_eq!(shape("[a, ?b,]"), "[a@1, b@5][1]@0");
    assert_eq!(shape("{?'k': v, 1: 2}"), "{?'k'@2: v@7@5, 1@10: 2@13@11}@0");
    assert_eq!(shape("a.B{f: 1}"), "a.B{f: 1@7@5}@3");
}

#[test]
fn macros_become_loops() {
    assert_eq!(shape("has(a.b)"), "(a@4).b?@3");
    assert_eq!(
        shape("a.all(x, x)"),
        "fold(x in a@0; @result = true@5; @not_strictly_false(@result@5)@5; _&&_(@result@5, x@9)@5; @result@5)@5"
    );
    assert_eq!(
        shape("a.exists(i, x, x)"),
        "fold(i, x in a@0; @result = false@8; @not_strictly_false(!_(@result@8)@8)@8; _||_(@result@8, x@15)@8; @result@8)@8"
    );
    assert_eq!(
        shape("a.exists_one(x, x)"),
        "fold(x in a@0; @result = 0@12; true@12; _?_:_(x@16, _+_(@result@12, 1@12)@12, @result@12)@12; \
         _==_(@result@12, 1@12)@12)@12"
    );
    assert_eq!(
        shape("a.map(x, p, t)"),
        "fold(x in a@0; @result = [][]@5; true@5; _?_:_(p@9, _+_(@result@5, [t@12][]@5)@5, @result@5)@5; @result@5)@5"
    );
    assert_eq!(
        shape("a.filter(x, p)"),
        "fold(x in a@0; @result = [][]@8; true@8; _?_:_(p@12, _+_(@result@8, [x@9][]@8)@8, @result@8)@8; @result@8)@8"
    );
    assert_eq!(
        shape("a.transformMap(k, v, t)"),
        "fold(k, v in a@0; @result = {}@14; true@14; cel.@mapInsert(@result@14, k@14, t@21)@14; @result@14)@14"
    );
    assert_eq!(
        shape("a.optMap(x, x)"),
        "_?_:_((a@0).hasValue()@8, optional.of(fold(#unused in [][]@8; x = (a@0).value()@8; false@8; x@8; x@12)@8)@8, \
         optional.none()@8)@8"
    );
    assert_eq!(
        shape("a.sortBy(x, x)"),
        "fold(#unused in [][]@8; @__sortBy_input__ = a@0; false@8; @__sortBy_input__@8; \
         (@__sortBy_input__@8).@sortByAssociatedKeys(fold(x in @__sortBy_input__@8; @result = [][]@8; true@8; \
         _+_(@result@8, [x@12][]@8)@8; @result@8)@8)@8)@8"
    );
}

#[test]
fn a_loop_knows_its_macro_and_its_parts() {
    let ast = parse("a.map(x, p, t)", &Limits::default()).expect("the expression is well-formed");
    let ExprKind::Comprehension(fold) = &ast.node(ast.root()).kind else { unreachable!("a macro") };
    assert_eq!(fold.origin, Macro::List);
    let named = |id: Option<ExprId>| id.map(|id| render(&ast, id));
    assert_eq!(named(fold.parts.predicate).as_deref(), Some("p@9"));
    assert_eq!(named(fold.parts.transform).as_deref(), Some("t@12"));
}

#[test]
fn other_numbers_of_arguments_are_ordinary_calls() {
    assert_eq!(shape("a.all(x)"), "(a@0).all(x@6)@5");
    assert_eq!(shape("has(a, b)"), "has(a@4, b@7)@3");
    assert_eq!(shape("cel.bind(x, 1, x)"), "(cel@0).bind(x@9, 1@12, x@15)@8");
}

const EXPECTING_EXPR: &str = "expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, \
                              STRING, BYTES, IDENTIFIER}";

#[test]
fn complaints_are_those_of_kube_apiserver() {
    let end = |column: usize, source: &str| {
        let dots = ".".repeat(column - 1);
        format!(
            "ERROR: <input>:1:{column}: Syntax error: mismatched input '<EOF>' {EXPECTING_EXPR}\n | {source}\n | {dots}^"
        )
    };
    for (source, column) in [("'a' +", 6), ("self>", 6), ("self >", 7), ("self > 0 &&", 12)] {
        assert_eq!(shape(source), end(column, source));
    }
    assert_eq!(
        shape("'unclosed"),
        format!(
            "ERROR: <input>:1:1: Syntax error: token recognition error at: ''unclosed'\n | 'unclosed\n | ^\n{}",
            end(10, "'unclosed")
        )
    );
    let texts = [
        "self > 0)\nERROR: <input>:1:9: Syntax error: extraneous input ')' expecting <EOF>\n | self > 0)\n | ........^",
        "has(self)\nERROR: <input>:1:5: invalid argument to has() macro\n | has(self)\n | ....^",
        "self.all(1, true)\nERROR: <input>:1:10: argument must be a simple name\n | self.all(1, true)\n | .........^",
        "self < 9223372036854775808\nERROR: <input>:1:8: invalid int literal\n | self < 9223372036854775808\n | .......^",
        "$self > 0\nERROR: <input>:1:1: Syntax error: token recognition error at: '$'\n | $self > 0\n | ^",
        "x = 1\nERROR: <input>:1:3: Syntax error: token recognition error at: '= '\n | x = 1\n | ..^\n\
         ERROR: <input>:1:5: Syntax error: extraneous input '1' expecting <EOF>\n | x = 1\n | ....^",
        "if self > 0 then true\nERROR: <input>:1:1: reserved identifier: if\n | if self > 0 then true\n | ^\n\
         ERROR: <input>:1:4: Syntax error: mismatched input 'self' expecting <EOF>\n | if self > 0 then true\n | ...^",
        "self > 0; true\nERROR: <input>:1:9: Syntax error: token recognition error at: ';'\n | self > 0; true\n | ........^\n\
         ERROR: <input>:1:11: Syntax error: extraneous input 'true' expecting <EOF>\n | self > 0; true\n | ..........^",
        "self.a b > 0\nERROR: <input>:1:8: Syntax error: mismatched input 'b' expecting <EOF>\n | self.a b > 0\n | .......^",
        "has(self.\u{fc}n\u{ef})\nERROR: <input>:1:10: Syntax error: token recognition error at: '\u{fc}'\n | has(self.\u{fc}n\u{ef})\n \
         | .........\u{ff3e}\nERROR: <input>:1:12: Syntax error: token recognition error at: '\u{ef}'\n | has(self.\u{fc}n\u{ef})\n \
         | .........\u{ff0e}.\u{ff3e}",
        "self.true\nERROR: <input>:1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER\n | self.true\n | .....^",
        "a.`b`\nERROR: <input>:1:3: unsupported syntax: '`'\n | a.`b`\n | ..^",
    ];
    for text in texts {
        let (source, complaint) = text.split_once('\n').expect("a source and its complaint");
        assert_eq!(shape(source), complaint);
    }
}

/// The first complaint without its place.
fn message(source: &str) -> String {
    match parse(source, &Limits::default()) {
        Ok(_) => String::new(),
        Err(issues) => issues.iter().next().map(|issue| issue.message.clone()).unwrap_or_default(),
    }
}

#[test]
fn macros_refuse_what_is_no_name() {
    assert_eq!(message("a.map(1, x)"), "argument is not an identifier");
    assert_eq!(message("a.all(i, i, x)"), "duplicate variable name: i");
    assert_eq!(message("a.all(__result__, x)"), "iteration variable overwrites accumulator variable");
    assert_eq!(message("a.optMap(x.y, 1)"), "optMap() variable name must be a simple identifier");
    assert_eq!(
        message("1.sortBy(x, x)"),
        "sortBy can only be applied to a list, identifier, comprehension, call or select expression"
    );
}

#[test]
fn recovery_has_its_limits() {
    assert_eq!(message("(a"), "Syntax error: missing ')' at '<EOF>'");
    assert_eq!(message("-!a"), "Syntax error: no viable alternative at input '-!'");
    let issues = parse(&"1 ".repeat(400), &Limits::default()).expect_err("many numbers");
    assert_eq!(issues.iter().next().and_then(|issue| issue.at), None);
    assert_eq!(message(&"1 ".repeat(400)), "error recovery token lookahead limit exceeded: 256");
}

#[test]
fn hints_guess_what_was_meant() {
    let hint = |source: &str| {
        parse(source, &Limits::default())
            .expect_err("a mistake")
            .iter()
            .find_map(|issue| issue.hint.clone())
            .unwrap_or_default()
    };
    assert_eq!(hint("a = b"), "did you mean `==`?");
    assert_eq!(hint("a and b"), "did you mean `&&`?");
    assert_eq!(hint("a | b"), "did you mean `||`?");
    assert_eq!(hint("not a"), "did you mean `!`?");
    assert_eq!(hint("if a then b"), "write `condition ? this : that`");
    assert_eq!(hint("a == 'b"), "the quote is not closed");
}

/// Parses on a small stack and gives the first complaint.
fn message_on_small_stack(source: String) -> String {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || message(&source));
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(message)) => message,
        failure => format!("{failure:?}"),
    }
}

#[test]
fn deep_expressions_are_refused_or_parsed_without_overflow() {
    let too_nested = "expression recursion limit exceeded: 250";
    let too_deep = "max recursion depth exceeded";
    let wrapped =
        |open: &str, depth: usize, close: &str| format!("{}a{}", open.repeat(depth), close.repeat(depth));
    assert_eq!(message_on_small_stack(wrapped("(", 2_000, ")")), too_nested);
    assert_eq!(message_on_small_stack(wrapped("(", 249, ")")), "");
    assert_eq!(message_on_small_stack(wrapped("(", 250, ")")), too_nested);
    assert_eq!(message_on_small_stack(wrapped("a + (", 124, ")")), "");
    assert_eq!(message_on_small_stack(wrapped("a + (", 125, ")")), too_nested);
    assert_eq!(message_on_small_stack("[".repeat(100_000)), too_nested);
    assert_eq!(message_on_small_stack(format!("{}a", "-".repeat(99_999))), "");
    assert_eq!(message_on_small_stack(format!("{}a", "!".repeat(99_999))), "");
    assert_eq!(message_on_small_stack(wrapped("[1].all(x, ", 200, ")")), "");
    assert_eq!(message_on_small_stack(wrapped("a.optMap(x, ", 124, ")")), "");
    assert_eq!(message_on_small_stack(format!("a{}", " + a".repeat(20_000))), too_deep);
    assert_eq!(message_on_small_stack(format!("a{}", " == a".repeat(250))), "");
    assert_eq!(message_on_small_stack(format!("a{}", " == a".repeat(251))), too_deep);
    assert_eq!(message_on_small_stack(format!("a{}", ".b".repeat(40_000))), too_deep);
    assert_eq!(message_on_small_stack(format!("a{}", " && a".repeat(10_000))), "");
}

#[test]
fn sizes_are_bounded() {
    let mut limits = Limits::default();
    assert_eq!(
        message(&"\u{e9}".repeat(100_001)),
        "expression code point size exceeds limit: size: 100001, limit 100000"
    );
    limits.nodes = 3;
    let issues = parse("a + b + c", &limits).expect_err("five nodes");
    assert_eq!(issues.to_string(), "ERROR: <input>:-1:0: expression has more than 3 nodes");
}

#[test]
fn the_depth_is_that_of_the_longest_way() {
    let depth = |source: &str| parse(source, &Limits::default()).map(|ast| ast.depth()).unwrap_or_default();
    assert_eq!(depth("a"), 1);
    assert_eq!(depth("a.b + 1"), 3);
    assert_eq!(depth("a.optMap(x, x)"), 5);
}

proptest::proptest! {
    #[test]
    fn no_input_panics(source in "[-a-c.,:?!<>=&|+*/%(){}\\[\\]'\"`0-9 \\\\\n\u{e9}]{0,60}") {
        let _ = parse(&source, &Limits::default()).map_err(|issues| issues.with_hints());
    }
}
