// Sends a body of so many bytes to an address with fetch, again and again, and prints how each was answered:
// node fetch.mjs TIMES BYTES WHOLE|CHUNKED METHOD ADDRESS [HEADER VALUE]...

const [times, bytes, kind, method, address, ...headers] = process.argv.slice(2);

function body() {
  if (kind === "WHOLE") return "x".repeat(Number(bytes));
  let left = Number(bytes);
  return new ReadableStream({
    pull(stream) {
      if (left === 0) return stream.close();
      const size = Math.min(left, 65536);
      left -= size;
      stream.enqueue(new Uint8Array(size).fill(120));
    },
  });
}

for (let time = 0; time < Number(times); time += 1) {
  const sent = {};
  for (let index = 0; index < headers.length; index += 2) sent[headers[index]] = headers[index + 1];
  try {
    const answer = await fetch(address, { method, headers: sent, body: body(), duplex: "half" });
    await answer.text();
    console.log(answer.status);
  } catch (error) {
    console.log(error.cause?.code ?? String(error.cause ?? error));
  }
}
