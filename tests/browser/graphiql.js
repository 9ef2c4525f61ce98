// GraphiQL, as a person uses it.

// Variables and headers share their place.
const editors = {
  query: "section.graphiql-query-editor",
  variables: "section[aria-label=Variables] .graphiql-editor:not(.hidden)",
  headers: "section[aria-label=Headers] .graphiql-editor:not(.hidden)",
  answer: "section.result-window",
};

/** Opens the page and waits until it can be typed into and knows the schema. */
export async function open(page) {
  const introspected = page.waitForResponse(isAnswer);
  await page.goto("graphiql");
  await introspected;
  await page.locator(`${editors.query} .view-line`).first().waitFor();
}

/** Waits until an editor shows this; spaces count as one, the ends of lines as nothing. */
export async function shows(page, editor, text) {
  await page.locator(`${editors[editor]} .view-lines`).filter({ hasText: text }).waitFor();
}

/** Replaces what stands in an editor, once it has the focus, and waits until the editor has the text. */
export async function write(page, editor, text) {
  const input = page.locator(`${editors[editor]} textarea.inputarea`);
  // Not by a click: while the page finds its layout, another editor may lie where this one was.
  await input.focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
  await page.waitForFunction(
    (text) => globalThis.__MONACO.editor.getModels().some((model) => model.getValue() === text),
    text,
  );
}

/** Presses the button, and returns the request's headers and the answer. */
export async function run(page) {
  const answered = page.waitForResponse(isAnswer);
  await page.locator(".graphiql-execute-button").click();
  const response = await answered;
  return { headers: await response.request().allHeaders(), answer: await response.json() };
}

function isAnswer(response) {
  return new URL(response.url()).pathname === "/graphql";
}

export function tab(page, name) {
  return page.locator(".graphiql-tab").filter({ hasText: name });
}

/** The tabs' names, and which one is open. */
export async function tabs(page) {
  const name = (tab) => tab.locator(".graphiql-tab-button").textContent();
  const all = await page.locator(".graphiql-tab").all();
  const open = page.locator(".graphiql-tab-active");
  return { all: await Promise.all(all.map(name)), open: await name(open) };
}

/** Waits until the tabs are kept with this in them, which takes GraphiQL half a second. */
export async function remembers(page, text) {
  await page.waitForFunction((text) => localStorage.getItem("graphiql:tabState")?.includes(text), text);
}

/** What is marked in the query and in its variables, once both were checked against each other. */
export async function marks(page, variables) {
  await page.waitForFunction((names) => {
    const { schemas = [] } = globalThis.__MONACO?.languages.json.jsonDefaults.diagnosticsOptions ?? {};
    return schemas.some(({ schema }) => Object.keys(schema.properties ?? {}).join() === names);
  }, variables.join());
  const expected = await page.evaluate(async () => {
    const { editor, languages } = globalThis.__MONACO;
    const model = editor.getModels().find(({ uri }) => uri.path.endsWith("variables.json"));
    const workers = await languages.json.getWorker();
    const worker = await workers(model.uri);
    const found = await worker.doValidation(model.uri.toString());
    return found.map(({ message }) => message);
  });
  const shown = ([file, expected]) => {
    const { editor } = globalThis.__MONACO;
    const messages = editor.getModelMarkers({}).filter(({ resource }) => resource.path.endsWith(file));
    return JSON.stringify(messages.map(({ message }) => message)) === expected;
  };
  await page.waitForFunction(shown, ["variables.json", JSON.stringify(expected)]);
  return page.evaluate(() => {
    const markers = globalThis.__MONACO.editor.getModelMarkers({});
    const of = (ending) => markers.filter(({ resource }) => resource.path.endsWith(ending)).map(({ message }) => message);
    return { query: of("operation.graphql"), variables: of("variables.json") };
  });
}
