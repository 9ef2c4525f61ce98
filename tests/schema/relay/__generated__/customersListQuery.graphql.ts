/**
 * @generated SignedSource<<7f7cf7a5b7362608ba81567ccbc34cac>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type CustomerWhere = {
  and?: ReadonlyArray<CustomerWhere> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  id?: IdFilter | null | undefined;
  name?: StringFilter | null | undefined;
  not?: CustomerWhere | null | undefined;
  or?: ReadonlyArray<CustomerWhere> | null | undefined;
  phoneNumber?: NullableStringFilter | null | undefined;
  profiles?: CustomerProfilesFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type DateTimeFilter = {
  eq?: string | null | undefined;
  gt?: string | null | undefined;
  gte?: string | null | undefined;
  lt?: string | null | undefined;
  lte?: string | null | undefined;
};
export type IdFilter = {
  eq?: string | null | undefined;
  in?: ReadonlyArray<string> | null | undefined;
};
export type StringFilter = {
  contains?: string | null | undefined;
  endsWith?: string | null | undefined;
  eq?: string | null | undefined;
  ignoreCase?: boolean;
  in?: ReadonlyArray<string> | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
  startsWith?: string | null | undefined;
};
export type NullableStringFilter = {
  contains?: string | null | undefined;
  endsWith?: string | null | undefined;
  eq?: string | null | undefined;
  ignoreCase?: boolean;
  in?: ReadonlyArray<string> | null | undefined;
  isNull?: boolean | null | undefined;
  ne?: string | null | undefined;
  notIn?: ReadonlyArray<string> | null | undefined;
  startsWith?: string | null | undefined;
};
export type CustomerProfilesFilter = {
  count?: EdgeCountFilter | null | undefined;
  every?: CustomerProfileWhere | null | undefined;
  none?: CustomerProfileWhere | null | undefined;
  some?: CustomerProfileWhere | null | undefined;
};
export type EdgeCountFilter = {
  eq?: number | null | undefined;
  gt?: number | null | undefined;
  gte?: number | null | undefined;
  lt?: number | null | undefined;
  lte?: number | null | undefined;
};
export type CustomerProfileWhere = {
  and?: ReadonlyArray<CustomerProfileWhere> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  node?: ProfileWhere | null | undefined;
  not?: CustomerProfileWhere | null | undefined;
  or?: ReadonlyArray<CustomerProfileWhere> | null | undefined;
  status?: StringFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type ProfileWhere = {
  and?: ReadonlyArray<ProfileWhere> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  customers?: ProfileCustomersFilter | null | undefined;
  id?: IdFilter | null | undefined;
  name?: StringFilter | null | undefined;
  not?: ProfileWhere | null | undefined;
  or?: ReadonlyArray<ProfileWhere> | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type ProfileCustomersFilter = {
  count?: EdgeCountFilter | null | undefined;
  every?: ProfileCustomerWhere | null | undefined;
  none?: ProfileCustomerWhere | null | undefined;
  some?: ProfileCustomerWhere | null | undefined;
};
export type ProfileCustomerWhere = {
  and?: ReadonlyArray<ProfileCustomerWhere> | null | undefined;
  createdAt?: DateTimeFilter | null | undefined;
  node?: CustomerWhere | null | undefined;
  not?: ProfileCustomerWhere | null | undefined;
  or?: ReadonlyArray<ProfileCustomerWhere> | null | undefined;
  status?: StringFilter | null | undefined;
  updatedAt?: DateTimeFilter | null | undefined;
};
export type customersListQuery$variables = {
  after?: string | null | undefined;
  first?: number | null | undefined;
  where?: CustomerWhere | null | undefined;
};
export type customersListQuery$data = {
  readonly " $fragmentSpreads": FragmentRefs<"customers_list">;
};
export type customersListQuery = {
  response: customersListQuery$data;
  variables: customersListQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "after"
  },
  {
    "defaultValue": 20,
    "kind": "LocalArgument",
    "name": "first"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "where"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "first"
  },
  {
    "kind": "Variable",
    "name": "where",
    "variableName": "where"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "name",
  "storageKey": null
},
v4 = [
  {
    "kind": "Literal",
    "name": "last",
    "value": 20
  }
],
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "status",
  "storageKey": null
},
v6 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v7 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "cursor",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "customersListQuery",
    "selections": [
      {
        "args": (v1/*:: as any*/),
        "kind": "FragmentSpread",
        "name": "customers_list"
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "customersListQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "CustomerConnection",
        "kind": "LinkedField",
        "name": "customers",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "CustomerEdge",
            "kind": "LinkedField",
            "name": "edges",
            "plural": true,
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "Customer",
                "kind": "LinkedField",
                "name": "node",
                "plural": false,
                "selections": [
                  (v2/*:: as any*/),
                  (v3/*:: as any*/),
                  {
                    "alias": null,
                    "args": (v4/*:: as any*/),
                    "concreteType": "CustomerProfileConnection",
                    "kind": "LinkedField",
                    "name": "profiles",
                    "plural": false,
                    "selections": [
                      {
                        "alias": null,
                        "args": null,
                        "concreteType": "CustomerProfileEdge",
                        "kind": "LinkedField",
                        "name": "edges",
                        "plural": true,
                        "selections": [
                          (v2/*:: as any*/),
                          (v5/*:: as any*/),
                          {
                            "alias": null,
                            "args": null,
                            "concreteType": "Profile",
                            "kind": "LinkedField",
                            "name": "node",
                            "plural": false,
                            "selections": [
                              (v2/*:: as any*/),
                              (v3/*:: as any*/),
                              (v6/*:: as any*/)
                            ],
                            "storageKey": null
                          },
                          (v7/*:: as any*/)
                        ],
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "concreteType": "StatusCount",
                        "kind": "LinkedField",
                        "name": "statusCounts",
                        "plural": true,
                        "selections": [
                          (v5/*:: as any*/),
                          {
                            "alias": null,
                            "args": null,
                            "kind": "ScalarField",
                            "name": "count",
                            "storageKey": null
                          }
                        ],
                        "storageKey": null
                      },
                      {
                        "alias": null,
                        "args": null,
                        "concreteType": "PageInfo",
                        "kind": "LinkedField",
                        "name": "pageInfo",
                        "plural": false,
                        "selections": [
                          {
                            "alias": null,
                            "args": null,
                            "kind": "ScalarField",
                            "name": "hasPreviousPage",
                            "storageKey": null
                          },
                          {
                            "alias": null,
                            "args": null,
                            "kind": "ScalarField",
                            "name": "startCursor",
                            "storageKey": null
                          }
                        ],
                        "storageKey": null
                      }
                    ],
                    "storageKey": "profiles(last:20)"
                  },
                  {
                    "alias": null,
                    "args": (v4/*:: as any*/),
                    "filters": [],
                    "handle": "connection",
                    "key": "customers_profiles",
                    "kind": "LinkedHandle",
                    "name": "profiles"
                  },
                  (v6/*:: as any*/)
                ],
                "storageKey": null
              },
              (v7/*:: as any*/)
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "PageInfo",
            "kind": "LinkedField",
            "name": "pageInfo",
            "plural": false,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "endCursor",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "hasNextPage",
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
        "args": (v1/*:: as any*/),
        "filters": [
          "where"
        ],
        "handle": "connection",
        "key": "customers_customers",
        "kind": "LinkedHandle",
        "name": "customers"
      }
    ]
  },
  "params": {
    "cacheID": "e28ea70d42d8efd2dfc6739e52c2aad0",
    "id": null,
    "metadata": {},
    "name": "customersListQuery",
    "operationKind": "query",
    "text": "query customersListQuery(\n  $after: String\n  $first: Int = 20\n  $where: CustomerWhere\n) {\n  ...customers_list_3sueo6\n}\n\nfragment customers_edge on CustomerProfileEdge {\n  id\n  status\n  node {\n    id\n    name\n  }\n}\n\nfragment customers_list_3sueo6 on Query {\n  customers(first: $first, after: $after, where: $where) {\n    edges {\n      node {\n        id\n        name\n        ...customers_profiles\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n\nfragment customers_profiles on Customer {\n  profiles(last: 20) {\n    edges {\n      ...customers_edge\n      node {\n        __typename\n        id\n      }\n      cursor\n      id\n    }\n    statusCounts {\n      status\n      count\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n  id\n}\n"
  }
};
})();

(node as any).hash = "7640e894a4bd616143cd56c4186a2f13";

export default node;
