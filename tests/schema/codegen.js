// What graphql-codegen makes of the schema and the documents.

export default {
  schema: "../../schema.graphql",
  documents: "documents/*.graphql",
  generates: {
    "codegen/generated/": {
      preset: "client",
      config: {
        scalars: { DateTime: "string" },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
  },
};
