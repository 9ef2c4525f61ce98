// The tabs of a first visit: the guide's three steps.

import attachProfile from "../steps/attach-profile.graphql?raw";
import attachProfileVariables from "../steps/attach-profile.json?raw";
import createCustomer from "../steps/create-customer.graphql?raw";
import createCustomerVariables from "../steps/create-customer.json?raw";
import findCustomer from "../steps/find-customer.graphql?raw";
import findCustomerVariables from "../steps/find-customer.json?raw";

export const steps = [
  { query: createCustomer, variables: createCustomerVariables },
  { query: findCustomer, variables: findCustomerVariables },
  { query: attachProfile, variables: attachProfileVariables },
];
