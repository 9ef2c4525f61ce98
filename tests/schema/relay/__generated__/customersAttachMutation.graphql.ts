/**
 * @generated SignedSource<<568dcc7ff20f387deef5f75794f9e612>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type AttachOutcome = "ATTACHED" | "UNCHANGED" | "UPDATED";
export type OnExisting = "ERROR" | "KEEP" | "UPDATE";
export type AttachProfileInput = {
  customerId: string;
  onExisting?: OnExisting;
  profileId: string;
  status?: string;
};
export type customersAttachMutation$variables = {
  connections: ReadonlyArray<string>;
  input: AttachProfileInput;
};
export type customersAttachMutation$data = {
  readonly attachProfile: {
    readonly customerProfileEdge: {
      readonly " $fragmentSpreads": FragmentRefs<"customers_edge">;
    };
    readonly outcome: AttachOutcome;
  };
};
export type customersAttachMutation = {
  response: customersAttachMutation$data;
  variables: customersAttachMutation$variables;
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
  "kind": "ScalarField",
  "name": "outcome",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
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
    "name": "customersAttachMutation",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": "AttachProfilePayload",
        "kind": "LinkedField",
        "name": "attachProfile",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "CustomerProfileEdge",
            "kind": "LinkedField",
            "name": "customerProfileEdge",
            "plural": false,
            "selections": [
              {
                "args": null,
                "kind": "FragmentSpread",
                "name": "customers_edge"
              }
            ],
            "storageKey": null
          }
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
    "name": "customersAttachMutation",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": "AttachProfilePayload",
        "kind": "LinkedField",
        "name": "attachProfile",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "CustomerProfileEdge",
            "kind": "LinkedField",
            "name": "customerProfileEdge",
            "plural": false,
            "selections": [
              (v4/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "status",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "concreteType": "Profile",
                "kind": "LinkedField",
                "name": "node",
                "plural": false,
                "selections": [
                  (v4/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "name",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "filters": null,
            "handle": "appendEdge",
            "key": "",
            "kind": "LinkedHandle",
            "name": "customerProfileEdge",
            "handleArgs": [
              {
                "kind": "Variable",
                "name": "connections",
                "variableName": "connections"
              }
            ]
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "633cb7b6ea77b39e925c68db7d171472",
    "id": null,
    "metadata": {},
    "name": "customersAttachMutation",
    "operationKind": "mutation",
    "text": "mutation customersAttachMutation(\n  $input: AttachProfileInput!\n) {\n  attachProfile(input: $input) {\n    outcome\n    customerProfileEdge {\n      ...customers_edge\n      id\n    }\n  }\n}\n\nfragment customers_edge on CustomerProfileEdge {\n  id\n  status\n  node {\n    id\n    name\n  }\n}\n"
  }
};
})();

(node as any).hash = "10e072ddb2ed60acb372608b4e3c72e7";

export default node;
