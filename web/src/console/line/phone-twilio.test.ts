import { EventEmitter } from "node:events";

import { beforeEach, describe, expect, it, vi } from "vitest";

const made = vi.hoisted(() => ({ devices: [] as unknown[] }));

vi.mock("@twilio/voice-sdk", async () => {
  const { EventEmitter: Emitter } = await import("node:events");
  class Device extends Emitter {
    static State = { Registered: "registered", Unregistered: "unregistered" };
    state = "unregistered";
    tokens: string[] = [];
    options: Record<string, unknown>;
    constructor(token: string, options: Record<string, unknown>) {
      super();
      this.tokens.push(token);
      this.options = options;
      made.devices.push(this);
    }
    register = () => new Promise<void>(() => undefined);
    updateToken = (token: string) => void this.tokens.push(token);
    destroy = () => void (this.state = "destroyed");
  }
  return { Device, Call: { State: { Pending: "pending" }, Codec: { Opus: "opus", PCMU: "pcmu" } } };
});

const { TwilioPhone, faultOf } = await import("./phone-twilio.ts");

interface FakeDevice extends EventEmitter {
  state: string;
  tokens: string[];
  options: Record<string, unknown>;
}

class FakeCall extends EventEmitter {
  now = "pending";
  did: string[] = [];
  status = () => this.now;
  accept = () => void this.did.push("accept");
  reject = () => void this.did.push("reject");
  disconnect = () => void this.did.push("disconnect");
  mute = (on: boolean) => void this.did.push(`mute ${on}`);
}

const ticket = (token: string) => ({ kind: "twilio", identity: "i", token, edge: "dublin" }) as const;
const devices = () => made.devices as FakeDevice[];

function phone() {
  const told: string[] = [];
  const one = new TwilioPhone({
    state: (state, why) => told.push(why === undefined ? state : `${state}: ${why}`),
    quality: (quality) => told.push(`quality ${quality}`),
    ticketEnds: () => told.push("ticket ends"),
  });
  return { one, told };
}

async function ready() {
  const { one, told } = phone();
  await one.signOn(ticket("first"));
  const device = devices().at(-1) as FakeDevice;
  device.state = "registered";
  device.emit("registered");
  told.length = 0;
  return { one, told, device };
}

async function inCall() {
  const all = await ready();
  const call = new FakeCall();
  all.device.emit("incoming", call);
  all.one.accept();
  call.now = "open";
  call.emit("accept");
  all.told.length = 0;
  return { ...all, call };
}

beforeEach(() => void (made.devices.length = 0));

describe("the provider's telephone", () => {
  it("signs on at the ticket's edge, without the library's sounds and reports", async () => {
    const { device } = await ready();

    expect(device.options).toMatchObject({ edge: "dublin", publishEvents: false, allowIncomingWhileBusy: false });
    expect(device.options["Sound"]).toBeDefined();
    expect(device.options["chunderw"]).toBeUndefined();
  });

  it("stays in its call whatever the line beside it does, and is failed after it", async () => {
    const { told, device, call } = await inCall();

    device.emit("error", { code: 31005 });
    device.state = "unregistered";
    device.emit("unregistered");
    expect(new Set(told)).toEqual(new Set(["in_call"]));
    call.emit("disconnect");

    expect(told.at(-1)).toBe("failed: network");
    device.state = "registered";
    device.emit("registered");
    expect(told.at(-1)).toBe("ready");
  });

  it("takes a new ticket in a call without letting go of the call", async () => {
    const { one, device } = await inCall();

    device.state = "unregistered";
    await one.signOn(ticket("second"));

    expect(device.tokens).toEqual(["first", "second"]);
    expect(devices()).toHaveLength(1);
  });

  it("starts anew when it is asked to sign on while it is not signed on", async () => {
    const { one, told, device } = await ready();
    device.state = "unregistered";
    device.emit("unregistered");

    await one.signOn(ticket("second"));
    device.emit("error", { code: 20101 });

    expect(devices()).toHaveLength(2);
    expect(device.state).toBe("destroyed");
    expect(told).toEqual(["failed: network", "signing_on"]);
  });

  it("tells of a weak and of a bad line, and never of a silent microphone", async () => {
    const { told, call } = await inCall();

    call.emit("warning", "constant-audio-input-level");
    call.emit("warning", "high-jitter");
    call.emit("warning", "ice-connectivity-lost");
    call.emit("warning-cleared", "ice-connectivity-lost");
    call.emit("warning-cleared", "high-jitter");

    expect(told).toEqual(["quality weak", "quality bad", "quality weak", "quality good"]);
  });

  it("never picks up a later call that nobody took", async () => {
    vi.useFakeTimers();
    const { one, device } = await ready();
    const [late, later] = [new FakeCall(), new FakeCall()];

    one.accept();
    vi.advanceTimersByTime(15_001);
    device.emit("incoming", late);
    late.emit("cancel");
    device.emit("incoming", later);
    vi.useRealTimers();

    expect([...late.did, ...later.did]).toEqual([]);
  });

  it("refuses the ring that hanging up ends, and mutes only the call that there is", async () => {
    const { one, device } = await ready();
    one.mute(true);
    const call = new FakeCall();
    device.emit("incoming", call);

    one.hangUp();

    expect(call.did).toEqual(["reject"]);
  });

  it("hears nothing more of what it signed off from", async () => {
    const { one, told, device, call } = await inCall();

    one.signOff();
    device.emit("registered");
    call.emit("disconnect");

    expect(told).toEqual(["off"]);
  });
});

it("names what went wrong in a word that the person can do something with", () => {
  expect([31401, 31402].map(faultOf)).toEqual(["microphone", "microphone"]);
  expect([20101, 20104, 20151].map(faultOf)).toEqual(["ticket", "ticket", "ticket"]);
  expect([31000, 31005, 31009, 53000, 53405].map(faultOf)).toEqual(Array(5).fill("network"));
  expect([31100, 0].map(faultOf)).toEqual(["unknown", "unknown"]);
});
