// What the variables of a document may be, as the JSON Schema that their editor holds them to. The language
// service makes one that marks what is right: it requires every field and variable that cannot be null, even
// one that has a default, and those of all operations at once.

import {
  getNamedType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  typeFromAST,
} from "graphql";

/** Scalars as JSON has them. What is not listed may be anything. */
const scalars = {
  Boolean: { type: "boolean" },
  DateTime: {
    type: "string",
    pattern: "^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+−-]\\d\\d:\\d\\d)$",
    patternErrorMessage: "A moment is written as in 2026-01-31T12:00:00Z.",
  },
  Float: { type: "number" },
  ID: { type: ["string", "integer"] },
  Int: { type: "integer" },
  String: { type: "string" },
};

/** Whoever runs one of several operations may have the variables of the others beside its own. */
export function variablesSchema(schema, document) {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const variables = operations.map((operation) => variablesOf(schema, operation));
  const all = variables.flat();
  const anything = all.map(({ name }) => [name, {}]);
  const ofOne = variables.map((own) => ({ ...objectOf(own), additionalProperties: true }));
  return {
    type: "object",
    properties: Object.fromEntries(anything),
    additionalProperties: false,
    ...(operations.length > 0 && { anyOf: ofOne }),
    definitions: definitionsOf(all.map(({ type }) => getNamedType(type))),
  };
}

function variablesOf(schema, { variableDefinitions }) {
  return variableDefinitions.map(({ variable, type, defaultValue }) => ({
    name: variable.name.value,
    type: typeFromAST(schema, type),
    isRequired: type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  }));
}

/** These types and all that a value of them may have in it. */
function definitionsOf(types) {
  const definitions = {};
  const left = types.filter(isInputObjectType);
  while (left.length > 0) {
    const type = left.pop();
    if (type.name in definitions) continue;
    const fields = Object.values(type.getFields());
    definitions[type.name] = inputObject(type, fields);
    left.push(...fields.map(({ type }) => getNamedType(type)).filter(isInputObjectType));
  }
  return definitions;
}

function inputObject({ isOneOf, description }, fields) {
  if (!isOneOf) return { description, ...objectOf(fields.map((field) => ({ ...field, isRequired: isRequiredInputField(field) }))) };
  const members = fields.map((field) => ({ ...field, type: new GraphQLNonNull(field.type) }));
  return { description, ...objectOf(members), minProperties: 1, maxProperties: 1 };
}

function objectOf(fields) {
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, property(field)])),
    required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    additionalProperties: false,
  };
}

function property({ type, description, defaultValue }) {
  const text = [description, type && `\`${type}\``].filter(Boolean).join("\n\n");
  return { ...value(type), markdownDescription: text, ...(defaultValue !== undefined && { default: defaultValue }) };
}

/** In place of a list there may be its only item. What is said of a type that is not there stands in the query. */
function value(type) {
  if (type === undefined) return {};
  if (!isNonNullType(type)) return { anyOf: [value(new GraphQLNonNull(type)), { type: "null" }] };
  const { ofType } = type;
  if (isListType(ofType)) return { anyOf: [{ type: "array", items: value(ofType.ofType) }, value(ofType.ofType)] };
  if (isInputObjectType(ofType)) return { $ref: `#/definitions/${ofType.name}` };
  if (isEnumType(ofType)) return { enum: ofType.getValues().map(({ name }) => name) };
  return scalars[ofType.name] ?? {};
}
