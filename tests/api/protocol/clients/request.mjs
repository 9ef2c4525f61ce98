// Sends a body of so many bytes to an address with node:http on connections that are kept, again and again, and
// prints how each was answered: node request.mjs TIMES BYTES WHOLE|CHUNKED METHOD ADDRESS [HEADER VALUE]...

import http from "node:http";

const [times, bytes, kind, method, address, ...pairs] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const headers = {};
for (let index = 0; index < pairs.length; index += 2) headers[pairs[index]] = pairs[index + 1];
if (kind === "WHOLE") headers["content-length"] = bytes;

function send() {
  return new Promise((resolve) => {
    const request = http.request(address, { method, headers, agent }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
      answer.on("error", (error) => resolve(error.code));
    });
    request.on("error", (error) => resolve(error.code ?? String(error)));
    for (let left = Number(bytes); left > 0; left -= 65536) request.write("x".repeat(Math.min(left, 65536)));
    request.end();
  });
}

for (let time = 0; time < Number(times); time += 1) console.log(await send());
agent.destroy();
