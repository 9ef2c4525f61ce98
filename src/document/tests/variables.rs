//! What becomes of variables: coerced ones reach their arguments, the others are named.

use super::*;

#[test]
fn every_faulty_variable_is_named() {
    let text = "query($n: Int!, $wish: Wish!) { given(number: $n) wish(wish: $wish) }";
    let more = value!([{"name": "a", "count": 3000000000u32}, {"name": "b", "key": {"id": 1, "name": null}}]);
    let wish = value!({"colour": "GREEN", "more": more, "size": 1});
    assert_eq!(
        refusal_with(text, value!({"wish": wish, "other": [1]})),
        "BAD_USER_INPUT 1:7 variable $n: expected a value of type `Int!`, found nothing\n\
         BAD_USER_INPUT 1:17 variable $wish.name: expected a value of type `String!`, found nothing\n\
         BAD_USER_INPUT 1:17 variable $wish.colour: `GREEN` is not a value of `Colour`\n\
         BAD_USER_INPUT 1:17 variable $wish.more[0].count: `3000000000` is out of range, an `Int` is from -2147483648 to 2147483647\n\
         BAD_USER_INPUT 1:17 variable $wish.more[1].key: `Key` takes exactly one field, and not null\n\
         BAD_USER_INPUT 1:17 variable $wish.size: `Wish` has no field `size`"
    );
}

#[test]
fn the_place_of_a_faulty_value_is_in_the_extensions() {
    let text = "query($ids: [Wish!]!) { wish(wish: {name: \"a\", more: $ids}) }";
    let errors = prepared(asked(text, value!({"ids": [{"name": "a"}, {"name": 5}]}))).err().unwrap();
    let field = errors[0].extensions.as_ref().and_then(|known| known.get("field")).cloned();
    assert_eq!(field, Some(value!(["ids", 1, "name"])));
}

#[test]
fn a_deep_variable_is_refused() {
    let deep = (0..40).fold(value!({"name": "a"}), |wish, _| value!({"name": "a", "more": [wish]}));
    let refusal = refusal_with("query($wish: Wish!) { wish(wish: $wish) }", value!({ "wish": deep }));
    assert_eq!(refusal, "QUERY_TOO_COMPLEX 1:7 the value of variable `$wish` nests more than 32 levels");
}

#[tokio::test]
async fn variables_reach_their_arguments_coerced() {
    let text = "query($wish: Wish!) { wish(wish: $wish) }";
    let more = value!({"name": "one that stands for a list", "count": 20.0});
    let wish = value!({"name": "abc", "colour": "RED", "key": {"name": "abc"}, "more": more});
    assert_eq!(run(text, value!({ "wish": wish })).await, value!({"wish": 3 + 20 + 1 + 1}));
}

#[tokio::test]
async fn the_default_of_a_variable_reaches_include() {
    let text = "query($y: Boolean = true, $n: Boolean! = false) { me { name @include(if: $y) } echo @include(if: $n) }";
    assert_eq!(run(text, value!({})).await, value!({"me": {"name": "Bob"}}));
    assert_eq!(run(text, value!({"y": false, "n": true})).await, value!({"me": {}, "echo": "nothing"}));
}

#[test]
fn null_is_no_condition_even_where_a_variable_has_a_default() {
    let null = value!({ "y": null });
    let expected = |place| {
        format!("BAD_USER_INPUT {place} variable $y: expected a value of type `Boolean!`, found null")
    };
    let field = "query($y: Boolean = true) { me { name @include(if: $y) } }";
    assert_eq!(refusal_with(field, null.clone()), expected("1:52"));
    let fragment =
        "query($y: Boolean = true) { ...F ...F } fragment F on Query { ... @skip(if: $y) { echo } }";
    assert_eq!(refusal_with(fragment, null.clone()), expected("1:77"));
    let of_another = "query A($y: Int = 1) { given(number: $y) } query B($y: Boolean = true) { ...F }
                      fragment F on Query { echo @skip(if: $y) }";
    let of_another = Asked { operation_name: Some("A".to_owned()), ..asked(of_another, null) };
    assert_eq!(refusal_of(of_another), "accepted");
}

#[tokio::test]
async fn a_variable_that_is_left_out_leaves_its_argument_out() {
    let text = "query($n: Int, $t: String = \"x\", $u: String! = \"u\") {
        given(number: $n) ...F t: echo(text: $t) u: echo(text: $u)
    } fragment F on Query { again: given(number: $n) }";
    let left_out = value!({"given": "undefined", "again": "undefined", "t": "x", "u": "u"});
    assert_eq!(run(text, value!({})).await, left_out);
    let null = value!({"given": "null", "again": "null", "t": "y", "u": "u"});
    assert_eq!(run(text, value!({"n": null, "t": "y"})).await, null);
}

#[test]
fn null_is_named_where_it_stands_in_each_operation_that_comes_to_it() {
    let text = "query A($t: String!) { ...G } query B($t: String) { ...G } query C($n: Int = 1) {
        wish(wish: {name: \"a\", key: {id: $n}, more: [{name: \"b\"}, {name: \"c\", count: $n}]})
    } fragment G on Query { ...F } fragment F on Query { echo(text: $t) }";
    let named = |name: &str, variables| {
        refusal_of(Asked { operation_name: Some(name.to_owned()), ..asked(text, variables) })
    };
    let null = |place, ty| format!("BAD_USER_INPUT {place}: expected a value of type `{ty}`, found null");
    assert_eq!(named("A", value!({"t": "x"})), "accepted");
    assert_eq!(named("A", value!({"t": null})), null("1:9 variable $t", "String!"));
    assert_eq!(named("B", value!({})), "accepted");
    assert_eq!(named("B", value!({"t": null})), null("3:69 variable $t", "String!"));
    assert_eq!(named("C", value!({})), "accepted");
    let both = [null("2:42 variable $n", "Int!"), null("2:86 variable $n", "Int!")].join("\n");
    assert_eq!(named("C", value!({"n": null})), both);
    let asked = Asked { operation_name: Some("C".to_owned()), ..asked(text, value!({"n": null})) };
    let errors = prepared(asked).err().unwrap();
    let fields = errors.iter().map(|error| error.extensions.as_ref().unwrap().get("field").unwrap().clone());
    assert_eq!(
        fields.collect::<Vec<_>>(),
        [value!(["wish", "key", "id"]), value!(["wish", "more", 1, "count"])]
    );
}
