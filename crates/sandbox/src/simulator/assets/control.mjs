// The sandbox's control API, as this page uses it.

/** Sends a JSON body; gives the answer's JSON, or null for an empty one. Throws with the sandbox's own words. */
export async function post(path, body = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(json?.error ?? `The sandbox answered ${answer.status}.`);
  return json;
}

/** Takes a step in a meeting. */
export const step = (number, name, fields = {}) => post(`/_control/meetings/${number}/${name}`, fields);

/** Everybody whom the sandbox knows, the customers of a meeting's host among them. */
export async function people(number) {
  return (await fetch(`/_control/people?meeting=${number}`)).json();
}

/** Keeps `room` up to date for as long as the page is open. */
export function follow(room, number, person) {
  const query = new URLSearchParams({ as: person });
  if (number) query.set("meeting", number);
  const stream = new EventSource(`/_control/live?${query}`);
  stream.addEventListener("snapshot", (event) => room.takeSnapshot(JSON.parse(event.data)));
  stream.addEventListener("change", (event) => room.takeChange(JSON.parse(event.data)));
  return stream;
}
