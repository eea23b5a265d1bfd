/** Whether this browser lends its microphone: asked before the first call, not during it. */

/** not_asked: the browser puts the question when it is tried; none: there is no microphone. */
export type Microphone = "allowed" | "not_asked" | "refused" | "none" | "unknown";

/** What the browser answers now, without asking the person anything. */
export async function microphoneNow(): Promise<Microphone> {
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" as PermissionName });
    if (state === "granted") return "allowed";
    return state === "denied" ? "refused" : "not_asked";
  } catch {
    // Some browsers do not tell; then only trying shows it.
    return "unknown";
  }
}

/** Lets the browser ask; the microphone is given back at once, and nothing of it is kept. */
export async function tryMicrophone(): Promise<Microphone> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    return "allowed";
  } catch (error) {
    return error instanceof DOMException && error.name === "NotFoundError" ? "none" : "refused";
  }
}
