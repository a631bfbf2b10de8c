// What the client refuses, and in which words (zoom.md 8.1, 8.4, 10.5).

import { RULES } from "./apis.mjs";

const permission = (code, reason) => ({
  code,
  message: `No Permission for this API. [code:${code}, reason:${reason}]`,
});

export const NOT_TICKED = permission(80004, "app_not_support");
export const WRONG_ROLE = permission(80012, "require_meeting_role");
export const WRONG_CONTEXT = { code: 10116, message: "The API is not supported in the current running context." };
export const MAIN_CLIENT_ONLY = { code: 10054, message: "The API is available in the main client only." };
export const GUEST = { code: 10284, message: "The API is not supported in guest mode." };
export const NOT_DECLARED = { code: 403, message: "Permission denied" };

/**
 * Why somebody may not use `name` at all, or null. The order of the checks is the client's.
 *
 * @param {string} name
 * @param {{role: string|null, isGuest: boolean, runningContext: string, notTicked: Set<string>, changeIsForHosts: boolean}} who
 */
export function refusal(name, who) {
  const rule = RULES.get(name);
  if (!rule || who.notTicked.has(name)) return NOT_TICKED;
  if (!rule.contexts.includes(who.runningContext)) {
    return rule.contexts.join() === "inMainClient" ? MAIN_CLIENT_ONLY : WRONG_CONTEXT;
  }
  if (who.isGuest && !rule.guests) return GUEST;
  // In the main client there is no meeting, hence no role to ask for.
  const roles = name === "onMyUserContextChange" && who.changeIsForHosts ? ["host", "coHost"] : rule.roles;
  if (who.role !== null && !roles.includes(who.role)) return WRONG_ROLE;
  return null;
}

/** Why a call is refused, or null: the checks above, then whether `config` named it. */
export function callRefusal(name, who, declared) {
  return refusal(name, who) ?? (name === "config" || declared.has(name) ? null : NOT_DECLARED);
}

/**
 * What `config` makes of the wanted names: which of them it lists as unsupported, or why it refuses as a whole. Reports from
 * the field contradict each other, so each ground has a switch (zoom.md 8.1).
 *
 * @param {string[]} wanted
 * @param {(ground: object) => boolean} rejects Whether this ground refuses everything.
 */
export function judge(wanted, who, rejects) {
  const unsupported = [];
  for (const name of wanted) {
    const ground = refusal(name, who);
    if (ground === null) continue;
    if (rejects(ground)) return { rejected: ground, unsupported: [] };
    unsupported.push(name);
  }
  return { rejected: null, unsupported };
}

/** An error as it goes over the wire; nobody captured the code that comes with the text (zoom.md 8.4). */
export function wireError(ground, codeStyle) {
  const code = {
    same_text: String(ground.code),
    same_number: ground.code,
    placeholder: "10001",
    absent: undefined,
  }[codeStyle];
  return code === undefined ? { errorMessage: ground.message } : { errorCode: code, errorMessage: ground.message };
}
