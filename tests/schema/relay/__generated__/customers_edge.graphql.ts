/**
 * @generated SignedSource<<37960a66a7a45aa2071aa728cd2c6b79>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ReaderFragment } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type customers_edge$data = {
  readonly id: string;
  readonly node: {
    readonly id: string;
    readonly name: string;
  };
  readonly status: string;
  readonly " $fragmentType": "customers_edge";
};
export type customers_edge$key = {
  readonly " $data"?: customers_edge$data;
  readonly " $fragmentSpreads": FragmentRefs<"customers_edge">;
};

const node: ReaderFragment = (function(){
var v0 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
};
return {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "customers_edge",
  "selections": [
    (v0/*:: as any*/),
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
        (v0/*:: as any*/),
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
  "type": "CustomerProfileEdge",
  "abstractKey": null
};
})();

(node as any).hash = "6de27c6620958d9f24f270a7ffc2f213";

export default node;
