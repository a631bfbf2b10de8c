// The bar below the meeting.

import { step } from "./control.mjs";
import { byId, icon } from "./elements.mjs";

/** Shows a button as pressed or not, with the icon and the words of its state. */
function press(id, isPressed, iconName, words) {
  const button = byId(id);
  button.setAttribute("aria-pressed", String(isPressed));
  button.querySelector(".icon").replaceWith(icon(iconName));
  if (words) button.querySelector(".label").textContent = words;
}

/** Connects the bar's buttons. */
export function connectBar(client, { stage, people }) {
  const { settings, dock, notices } = client;
  const on = (id, act) => byId(id).addEventListener("click", act);

  on("mute", () => {
    settings.isMuted = !settings.isMuted;
    press("mute", settings.isMuted, settings.isMuted ? "mic-off" : "mic", settings.isMuted ? "Unmute" : "Mute");
    stage.draw();
  });
  on("video", () => {
    settings.isVideoOff = !settings.isVideoOff;
    press(
      "video",
      settings.isVideoOff,
      settings.isVideoOff ? "video-off" : "video",
      settings.isVideoOff ? "Start video" : "Stop video",
    );
  });
  on("participants", () => toggle("people", "participants", people));
  on("simulate", () => toggle("drawer", "simulate"));
  on("close-drawer", () => toggle("drawer", "simulate"));
  on("close-people", () => toggle("people", "participants", people));
  on("apps", () => (dock.isOpen ? dock.close() : dock.open()));
  on("share", () => {
    settings.isSharing = !settings.isSharing;
    press(
      "share",
      settings.isSharing,
      settings.isSharing ? "monitor-x" : "monitor-up",
      settings.isSharing ? "Stop share" : "Share",
    );
    byId("sharing").hidden = !settings.isSharing;
    const action = settings.isSharing ? "start" : "stop";
    client.emit("onShareScreen", {
      participantUUID: client.me?.uuid ?? "",
      timestamp: client.timestamp(),
      action,
      withSound: false,
    });
  });
  on("leave", () => {
    if (!client.me) return location.assign("/");
    step(client.meeting.number, "leave", { person: client.you.key }).catch((error) => notices.problem(error));
  });
  dock.addEventListener("change", () => byId("apps").setAttribute("aria-pressed", String(dock.isOpen)));
}

/** Opens or closes a side list, and puts the focus where a keyboard expects it. */
function toggle(id, buttonId, list) {
  const side = byId(id);
  side.hidden = !side.hidden;
  byId(buttonId).setAttribute("aria-expanded", String(!side.hidden));
  if (side.hidden) {
    byId(buttonId).focus();
  } else {
    list?.draw();
    side.querySelector("h2").focus();
  }
}
