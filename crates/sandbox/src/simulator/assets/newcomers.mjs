// People who join at the press of a button.

const NAMES = [
  "Nina Kovac",
  "Hugo Bennett",
  "Leah Rosen",
  "Mateus Prado",
  "Anjali Mehta",
  "Oscar Lind",
  "Farah Nasser",
  "Jack Doyle",
  "Keiko Mori",
  "Pilar Vega",
  "Stefan Braun",
  "Thandi Zulu",
];

/** The customers' e-mail domain: that of the first guest whose address is shown. */
function domainOf(participants) {
  const guest = participants.find((one) => one.email && !one.is_own_account);
  return guest ? guest.email.split("@").at(-1).toLowerCase() : "visitor.example";
}

/** What `join` is to be told about the next newcomer: an address that is shown, none, or a telephone. */
export function newcomer(kind, participants) {
  const taken = new Set(participants.map((one) => one.name));
  if (kind === "phone") {
    const number = `+1 (312) 555-0${100 + (participants.length % 900)}`.slice(0, 17);
    return { name: number, phone: number };
  }
  if (kind === "room") {
    const email = `room-${participants.length}@${domainOf(participants)}`;
    return { name: `Zoom Room ${participants.length}`, email, disclosure: "calendar_invitation" };
  }
  const name = NAMES.find((candidate) => !taken.has(candidate)) ?? `Visitor ${participants.length + 1}`;
  if (kind === "hidden") return { name };
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@${domainOf(participants)}`;
  return { name, email, disclosure: "calendar_invitation", is_signed_in: true };
}
