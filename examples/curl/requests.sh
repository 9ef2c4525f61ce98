#!/usr/bin/env bash
# What the server does, told in curl. Meant for a server with a fresh database:
#
#     rm -f try.db{,-shm,-wal}; cargo run -- --database-url sqlite:try.db
#     examples/curl/requests.sh http://127.0.0.1:8000
#
# Prints each request's answer, and fails at the first that is another than it has to be.
set -euo pipefail
server=${1:-http://127.0.0.1:8000}

step() {
  printf '\n%s\n' "$1"
}

post() {
  answer=$(curl --silent --show-error "$server/graphql" --header 'content-type: application/json' "$@")
}

# Compares the whole answer.
expect() {
  printf '  %s\n' "$answer"
  [[ $answer == "$1" ]] || { printf 'expected:\n  %s\n' "$1" >&2; exit 1; }
}

post --data '{ "query": "{ customers { totalCount } profiles { totalCount } }" }'
[[ $answer == '{"data":{"customers":{"totalCount":0},"profiles":{"totalCount":0}}}' ]] || {
  printf 'this needs a server with a fresh database, started as in\n' >&2
  printf '  rm -f try.db{,-shm,-wal}; cargo run -- --database-url sqlite:try.db\n' >&2
  exit 1
}

step 'Create a customer with a new profile, and the status of the association'
post --data '{
  "query": "mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id profiles { edges { status node { id name } } } } } }",
  "variables": { "input": { "name": "Pavitar Singh", "phoneNumber": "1234566700", "profiles": [{ "status": "active", "node": { "create": { "name": "Developer" } } }] } }
}'
expect '{"data":{"createCustomer":{"customer":{"id":"Customer:1","profiles":{"edges":[{"status":"active","node":{"id":"Profile:1","name":"Developer"}}]}}}}}'

step 'Find the customer by name'
post --data '{
  "query": "query ($name: String!) { customers(where: { name: { eq: $name } }, first: 1) { nodes { id phoneNumber profiles { edges { status node { name } } } } } }",
  "variables": { "name": "Pavitar Singh" }
}'
expect '{"data":{"customers":{"nodes":[{"id":"Customer:1","phoneNumber":"1234566700","profiles":{"edges":[{"status":"active","node":{"name":"Developer"}}]}}]}}}'

step 'Create a second profile, and a second customer who has the first one'
post --data '{
  "query": "mutation { createProfile(input: { name: \"Singer\" }) { profile { id } } createCustomer(input: { name: \"Ada Lovelace\", profiles: [{ status: \"invited\", node: { findOrCreate: { name: \"Developer\" } } }] }) { customer { id profiles { nodes { id } } } } }"
}'
expect '{"data":{"createProfile":{"profile":{"id":"Profile:2"}},"createCustomer":{"customer":{"id":"Customer:2","profiles":{"nodes":[{"id":"Profile:1"}]}}}}}'

attach='mutation ($input: AttachProfileInput!) { attachProfile(input: $input) { outcome customerProfileEdge { status version } } }'

step 'Attach a profile that exists'
post --data '{
  "query": "'"$attach"'",
  "variables": { "input": { "customerId": "Customer:1", "profileId": "Profile:2", "status": "active" } }
}'
expect '{"data":{"attachProfile":{"outcome":"ATTACHED","customerProfileEdge":{"status":"active","version":1}}}}'

step 'Attach it again: the association has the new status'
post --data '{
  "query": "'"$attach"'",
  "variables": { "input": { "customerId": "Customer:1", "profileId": "Profile:2", "status": "paused" } }
}'
expect '{"data":{"attachProfile":{"outcome":"UPDATED","customerProfileEdge":{"status":"paused","version":2}}}}'

update='mutation ($input: UpdateCustomerProfileInput!) { updateCustomerProfile(input: $input) { customerProfileEdge { status version } } }'

step 'Change the status, in the version that one has seen'
post --data '{
  "query": "'"$update"'",
  "variables": { "input": { "customerId": "Customer:1", "profileId": "Profile:2", "status": "expired", "expectedVersion": 2 } }
}'
expect '{"data":{"updateCustomerProfile":{"customerProfileEdge":{"status":"expired","version":3}}}}'

step 'Change it in a version that is not the current one any more: nothing is overwritten'
post --data '{
  "query": "'"$update"'",
  "variables": { "input": { "customerId": "Customer:1", "profileId": "Profile:2", "status": "active", "expectedVersion": 2 } }
}'
expect '{"data":null,"errors":[{"message":"the version is 3, not 2","locations":[{"line":1,"column":50}],"path":["updateCustomerProfile"],"extensions":{"code":"VERSION_CONFLICT","currentVersion":3,"field":["input","expectedVersion"],"outcome":"ROLLED_BACK"}}]}'

step 'Count the associations of a profile by their status'
post --data '{
  "query": "{ profile(id: \"Profile:1\") { customers { totalCount statusCounts { status count } } } }"
}'
expect '{"data":{"profile":{"customers":{"totalCount":2,"statusCounts":[{"status":"active","count":1},{"status":"invited","count":1}]}}}}'

step 'Find the customers who are invited developers'
post --data '{
  "query": "{ customers(where: { profiles: { some: { status: { eq: \"invited\" }, node: { name: { eq: \"Developer\" } } } } }) { nodes { name } } }"
}'
expect '{"data":{"customers":{"nodes":[{"name":"Ada Lovelace"}]}}}'

page='query ($after: String) { customers(first: 1, after: $after, orderBy: [{ name: ASC }]) { nodes { name } pageInfo { hasNextPage endCursor } } }'

step 'Take customers a page at a time, by name'
post --data '{ "query": "'"$page"'" }'
cursor=$(sed 's/.*"endCursor":"\([^"]*\)".*/\1/' <<< "$answer")
expect '{"data":{"customers":{"nodes":[{"name":"Ada Lovelace"}],"pageInfo":{"hasNextPage":true,"endCursor":"'"$cursor"'"}}}}'

step 'The page after that'
post --data '{ "query": "'"$page"'", "variables": { "after": "'"$cursor"'" } }'
cursor=$(sed 's/.*"endCursor":"\([^"]*\)".*/\1/' <<< "$answer")
expect '{"data":{"customers":{"nodes":[{"name":"Pavitar Singh"}],"pageInfo":{"hasNextPage":false,"endCursor":"'"$cursor"'"}}}}'

step 'Try a deletion: the answer is what it would be, and nothing is kept'
post --data '{
  "query": "mutation { deleteCustomer(input: { id: \"Customer:1\" }) { deletedCustomerId detachedProfileCount } }",
  "extensions": { "dryRun": true }
}'
expect '{"data":{"deleteCustomer":{"deletedCustomerId":"Customer:1","detachedProfileCount":2}},"extensions":{"dryRun":true}}'

step 'Send what writes under a key, so that it may be sent again'
painter='{ "query": "mutation { createProfile(input: { name: \"Painter\" }) { profile { id } } }" }'
post --header 'Idempotency-Key: "painter-1"' --data "$painter"
expect '{"data":{"createProfile":{"profile":{"id":"Profile:3"}}}}'
post --header 'Idempotency-Key: "painter-1"' --data "$painter"
expect '{"data":{"createProfile":{"profile":{"id":"Profile:3"}}}}'

step 'Write two things of which the second fails: neither is kept'
post --data '{
  "query": "mutation { createProfile(input: { name: \"Dancer\" }) { profile { id } } attachProfile(input: { customerId: \"Customer:1\", profileId: \"Profile:99\" }) { outcome } }"
}'
expect '{"data":null,"errors":[{"message":"there is no `Profile:99`","locations":[{"line":1,"column":72}],"path":["attachProfile"],"extensions":{"code":"NOT_FOUND","field":["input","profileId"],"outcome":"ROLLED_BACK"}}]}'

step 'Read by GET'
answer=$(curl --silent --show-error --get "$server/graphql" --data-urlencode 'query={ profiles { nodes { name } } customers { totalCount } }')
expect '{"data":{"profiles":{"nodes":[{"name":"Developer"},{"name":"Singer"},{"name":"Painter"}]},"customers":{"totalCount":2}}}'

printf '\nevery answer is as expected\n'
