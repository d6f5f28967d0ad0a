// Judges requests with @cloud-copilot/iam-simulate, a program that knows nothing of ours.
//
// node simulate.mjs <folder with node_modules> <file of requests> <file of answers>
//
// It also knows AWS' own tables: which actions there are, on which resources, with which keys.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, given, answered] = process.argv.slice(2);
const resolved = createRequire(pathToFileURL(`${packages}/`)).resolve("@cloud-copilot/iam-simulate");
const { runSimulation } = await import(pathToFileURL(resolved));
const { documents, requests } = JSON.parse(readFileSync(given, "utf-8"));

const named = (numbers) => numbers.map((number) => ({ name: `p${number}`, policy: documents[number] }));
const everything = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};
const organisation = [{ orgIdentifier: "o", policies: [{ name: "all", policy: everything }] }];

async function judged(request) {
  const result = await runSimulation(
    {
      request: {
        principal: request.principal,
        action: request.action,
        resource: { resource: request.resource, accountId: request.owner },
        contextVariables: request.context,
      },
      identityPolicies: named(request.identity),
      serviceControlPolicies: organisation,
      resourceControlPolicies: [],
      resourcePolicy: request.resource_policy === null ? undefined : documents[request.resource_policy],
      permissionBoundaryPolicies: request.boundary === null ? undefined : named([request.boundary]),
      vpcEndpointPolicies: request.door === null ? undefined : named([request.door]),
    },
    {},
  );
  if (result.resultType === "error") return { error: JSON.stringify(result.errors) };
  const parts = result.resultType === "single" ? [result.result] : result.results;
  return {
    result: result.overallResult,
    ignored: parts.flatMap((part) => part.ignoredContextKeys ?? []),
  };
}

const answers = [];
for (const request of requests) answers.push(await judged(request));
writeFileSync(answered, JSON.stringify(answers));
