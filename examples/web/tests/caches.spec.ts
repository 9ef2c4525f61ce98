// Normalising caches keep an edge once, by its `id`: a mutation that answers with it is news to every list.

import { ApolloClient, gql as apolloGql, HttpLink } from "@apollo/client";
import { Client, fetchExchange, gql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { createCache } from "../src/graphql/cache";
import type { Server } from "./server";
import { expect, test } from "./test";

const lists = `query Lists {
  customers { nodes { id profiles { edges { id status node { id name } } } } }
  profiles { nodes { id customers { edges { id status node { id name } } } } }
}`;

const pause = `mutation Pause {
  updateCustomerProfile(input: { customerId: "Customer:1", profileId: "Profile:1", status: "paused" }) {
    customerProfileEdge { id status }
    profileCustomerEdge { id status }
  }
}`;

interface Lists {
  customers: { nodes: { profiles: { edges: { status: string }[] } }[] };
  profiles: { nodes: { customers: { edges: { status: string }[] } }[] };
}

/** The statuses in the customer's list, and those in its two profiles' lists. */
function statuses({ customers, profiles }: Lists) {
  return [
    ...customers.nodes.flatMap(({ profiles }) => profiles.edges.map(({ status }) => status)),
    ...profiles.nodes.flatMap(({ customers }) => customers.edges.map(({ status }) => status)),
  ];
}

test.beforeEach(async ({ server }) => {
  await server.send(`mutation {
    createCustomer(input: {
      name: "Pavitar Singh"
      profiles: [{ node: { create: { name: "Developer" } } }, { node: { create: { name: "Singer" } } }]
    }) { customer { id } }
  }`);
});

test("urql's graphcache shows a new status in the lists that it has, without a second query", async ({ server }) => {
  const { fetch, sent } = counting();
  const client = new Client({ url: endpoint(server), fetch, exchanges: [graphcache(), fetchExchange] });
  const seen: string[][] = [];
  const { unsubscribe } = client.query<Lists>(gql(lists), {}).subscribe(({ data, error }) => {
    seen.push(data ? statuses(data) : [String(error)]);
  });
  await expect.poll(() => seen).toEqual([["active", "active", "active", "active"]]);

  const { error } = await client.mutation(gql(pause), {});
  expect(error).toBeUndefined();
  await expect.poll(() => seen.at(-1)).toEqual(["paused", "active", "paused", "active"]);
  expect(sent).toEqual(["Lists", "Pause"]);
  unsubscribe();
});

test("Apollo's cache shows a new status in the lists that it has, without a second query", async ({ server }) => {
  const { fetch, sent } = counting();
  const client = new ApolloClient({ link: new HttpLink({ uri: endpoint(server), fetch }), cache: createCache() });
  const seen: string[][] = [];
  const subscription = client.watchQuery<Lists>({ query: apolloGql(lists) }).subscribe(({ data, dataState }) => {
    if (dataState === "complete") seen.push(statuses(data));
  });
  await expect.poll(() => seen).toEqual([["active", "active", "active", "active"]]);

  await client.mutate({ mutation: apolloGql(pause) });
  await expect.poll(() => seen.at(-1)).toEqual(["paused", "active", "paused", "active"]);
  expect(sent).toEqual(["Lists", "Pause"]);
  subscription.unsubscribe();
});

function endpoint(server: Server) {
  return `${server.url}/graphql`;
}

/** Connections and payloads have no identity; they are part of the field that they stand in. */
function graphcache() {
  const part = () => null;
  return cacheExchange({
    keys: {
      CustomerConnection: part,
      ProfileConnection: part,
      CustomerProfileConnection: part,
      ProfileCustomerConnection: part,
    },
  });
}

/** A `fetch` that keeps the names of the operations it has sent. */
function counting() {
  const sent: string[] = [];
  const counted: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    const body = init?.body ? JSON.parse(String(init.body)) : Object.fromEntries(new URL(request.url).searchParams);
    sent.push(body.operationName);
    return fetch(input, init);
  };
  return { fetch: counted, sent };
}
