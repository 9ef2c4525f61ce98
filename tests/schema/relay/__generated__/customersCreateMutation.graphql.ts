/**
 * @generated SignedSource<<bed1896d96fc5fb02c7ec2aae65e3785>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type CreateCustomerInput = {
  name: string;
  phoneNumber?: string | null | undefined;
  profiles?: ReadonlyArray<CustomerProfileInput>;
};
export type CustomerProfileInput = {
  node: ProfileNodeInput;
  status?: string;
};
export type ProfileNodeInput = {
  create: ProfileData;
  findOrCreate?: never;
  id?: never;
} | {
  create?: never;
  findOrCreate: ProfileData;
  id?: never;
} | {
  create?: never;
  findOrCreate?: never;
  id: string;
};
export type ProfileData = {
  name: string;
};
export type customersCreateMutation$variables = {
  connections: ReadonlyArray<string>;
  input: CreateCustomerInput;
};
export type customersCreateMutation$data = {
  readonly createCustomer: {
    readonly customer: {
      readonly id: string;
      readonly name: string;
    };
  };
};
export type customersCreateMutation = {
  response: customersCreateMutation$data;
  variables: customersCreateMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "connections"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "input"
},
v2 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v3 = {
  "alias": null,
  "args": null,
  "concreteType": "Customer",
  "kind": "LinkedField",
  "name": "customer",
  "plural": false,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "name",
      "storageKey": null
    }
  ],
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "customersCreateMutation",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": "CreateCustomerPayload",
        "kind": "LinkedField",
        "name": "createCustomer",
        "plural": false,
        "selections": [
          (v3/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "customersCreateMutation",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": "CreateCustomerPayload",
        "kind": "LinkedField",
        "name": "createCustomer",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "filters": null,
            "handle": "prependNode",
            "key": "",
            "kind": "LinkedHandle",
            "name": "customer",
            "handleArgs": [
              {
                "kind": "Variable",
                "name": "connections",
                "variableName": "connections"
              },
              {
                "kind": "Literal",
                "name": "edgeTypeName",
                "value": "CustomerEdge"
              }
            ]
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "aa8e4c4b5214650518492ffed312214d",
    "id": null,
    "metadata": {},
    "name": "customersCreateMutation",
    "operationKind": "mutation",
    "text": "mutation customersCreateMutation(\n  $input: CreateCustomerInput!\n) {\n  createCustomer(input: $input) {\n    customer {\n      id\n      name\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "791069b137e4e52852646ca2798f9dcd";

export default node;
