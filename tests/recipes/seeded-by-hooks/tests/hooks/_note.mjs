/** Writes or reads the application's note over HTTP, as its users do. */
export async function note(text) {
  const init = text === undefined ? {} : { method: 'POST', body: text };
  const response = await fetch(`${process.env.CCCI_URL}/cgi-bin/note`, init);
  return (await response.text()).trim();
}
