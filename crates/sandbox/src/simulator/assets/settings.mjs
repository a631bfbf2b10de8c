// How this page disturbs its own panel. Nothing here is known to the sandbox or to other pages.

/** Where everything stands when the page opens; each can be set in the address, such as `?slow=3000&lost=1`. */
export function settingsFrom(parameters) {
  const number = (name) => Math.max(0, Number(parameters.get(name) ?? 0) || 0);
  const flag = (name) => ["1", "true", ""].includes(parameters.get(name) ?? "no");
  return {
    slowMillis: number("slow"),
    losesAnswers: flag("lost"),
    losesEvents: flag("lost-events"),
    doublesEvents: flag("double-events"),
    swapsEvents: flag("swap-events"),
    declinesConsent: flag("decline"),
    // The code with which asking for addresses is refused, if so.
    refusesEmails: number("refuse-emails"),
    doNotDisturb: flag("quiet"),
    // Consent and sign-in are agreed to without a dialog, for scripts.
    agrees: flag("agree"),
    // Beyond the sandbox's switches: `listed` or `rejected` for host-only names, `keeps_page` or `reloads_page`.
    hostOnly: parameters.get("host-only"),
    popOut: parameters.get("pop-out"),
    recording: "stopped",
    isSharing: false,
    // Nothing moves by itself: for pictures.
    isStill: flag("still") || matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}
