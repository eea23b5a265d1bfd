"""Our phone in a page of a real browser, with the provider's own library in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import Page

from luisterlijn.edge.house import BUILT
from tests.support.browser import Seen
from tests.support.voice_edge import HERTZ, PATIENCE_S, VoiceEdge

if TYPE_CHECKING:
    from pathlib import Path

NO_MICROPHONE = "Permissions policy violation: microphone is not allowed"
"""What Chromium writes on a page that may not ask for it."""
CALLS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--ignore-certificate-errors",  # the stand-in's certificate is its own
)
BUILD = """
import { build } from "vite";
await build({
  configFile: "vite.config.ts", logLevel: "warn", publicDir: false,
  build: {
    outDir: process.argv[1], emptyOutDir: false,
    rollupOptions: {
      input: { phone: "src/console/line/phone-twilio.ts" },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js", codeSplitting: false },
    },
  },
});
"""
SEES_CONNECTIONS = """
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
};
window.refused = [];
addEventListener("securitypolicyviolation", (event) => window.refused.push(event.blockedURI));
"""
REFUSED = """
({ open, url }) => new Promise((done) => {
  addEventListener("securitypolicyviolation", (event) => done(event.blockedURI), { once: true });
  if (open === "socket") new WebSocket(url).onopen = () => done("opened");
  else fetch(url, { mode: "no-cors" }).then(() => done("answered"), () => undefined);
})
"""
SIGNS_ON = """
async ({ ticket, signalling }) => {
  const { TwilioPhone } = await import("/assets/phone.js");
  const ears = {
    state: (state, why) => window.told(why ? `${state}: ${why}` : state),
    quality: (quality) => window.told(`quality ${quality}`),
    ticketEnds: () => window.told("ticket ends"),
  };
  window.phone = new TwilioPhone(ears, signalling);
  await window.phone.signOn(ticket);
}
"""
HEARS = """
async (hertz) => {
  const [receiver] = window.peers.at(-1).getReceivers();
  const audio = new AudioContext();
  const ear = audio.createAnalyser();
  audio.createMediaStreamSource(new MediaStream([receiver.track])).connect(ear);
  const bins = new Float32Array(ear.frequencyBinCount);
  const wide = audio.sampleRate / ear.fftSize;
  for (;;) {
    ear.getFloatFrequencyData(bins);
    const top = bins.indexOf(Math.max(...bins));
    if (bins[top] > -50 && Math.abs(top * wide - hertz) <= wide) break;
    await new Promise(requestAnimationFrame);
  }
  await audio.close();
}
"""


async def build_phone(folder: Path) -> None:
    """Build our phone and the library into one file, as the console is built."""
    made = await asyncio.create_subprocess_exec(
        *("node", "--input-type=module", "-e", BUILD, str(folder)), cwd=BUILT.parent
    )
    assert await made.wait() == 0


@dataclass
class Sheet:
    """An empty page of one of the faces, under the headers that the console has."""

    page: Page
    seen: Seen
    origin: str


@dataclass
class Phone:
    """Our phone in a page, and what it tells that page."""

    page: Page
    edge: VoiceEdge
    told: asyncio.Queue[str]

    async def sign_on(self, token: str) -> None:
        """Sign on for the first time."""
        given = {"ticket": self.ticket(token), "signalling": self.edge.host}
        await self.page.evaluate(SIGNS_ON, given)

    async def renew(self, token: str) -> None:
        """Give it another ticket."""
        await self.page.evaluate("(ticket) => window.phone.signOn(ticket)", self.ticket(token))

    async def does(self, what: str) -> None:
        """Press something."""
        await self.page.evaluate(f"void window.phone.{what}")

    async def tells(self, *wanted: str) -> None:
        """See that it tells exactly this next."""
        for each in wanted:
            async with asyncio.timeout(PATIENCE_S):
                assert await self.told.get() == each

    async def told_until(self, last: str) -> list[str]:
        """Give all that it tells, up to this."""
        told = [""]
        async with asyncio.timeout(PATIENCE_S):
            while told[-1] != last:
                told.append(await self.told.get())
        return told[1:]

    async def hears_tone(self) -> None:
        """Wait until the far end's tone is the loudest thing in the page."""
        async with asyncio.timeout(PATIENCE_S):
            await self.page.evaluate(HEARS, HERTZ)

    @staticmethod
    def ticket(token: str) -> dict[str, str]:
        """Give what the line sends to a console."""
        return {"kind": "twilio", "identity": "volunteer", "token": token, "edge": "dublin"}
