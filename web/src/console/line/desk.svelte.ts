/**
 * The volunteer's desk: holds the state, the connection and the conversations, and carries orders.
 *
 * The view reads `state` and calls orders; every change of state goes through the reducer.
 */

import type { CoachCode, Colleague, ConsoleSnapshot, JoinMode, Line, Me, WrapUp } from "../../shared/contract.gen.ts";
import { type Answer, socketTicket, wrapSecret } from "../api.ts";
import { helpCame, lineCame, offerCame, offerRings } from "../attention.ts";
import { type Aside, isCoachsCall, isNews, isSpoken, needsPhone, ringsOn } from "../coaching/coach.ts";
import { Connection } from "./connection.ts";
import { Conversation } from "./conversation.ts";
import { HelpOrders } from "../coaching/help-orders.ts";
import { type KeyPair, keyPair } from "./keystore.ts";
import { type Desk as Around, Reading } from "./reading.ts";
import { ShiftRoom } from "../shiftroom/shiftroom.svelte.ts";
import { Telephone } from "./telephone.svelte.ts";
import { type Happening, nextUnread, readAlong, reduce, START, type State } from "./state.ts";

const BEAT_EVERY_MS = 5_000;

/** A snapshot this old is asked again: hints may have been lost. */
const SNAPSHOT_LASTS_MS = 15_000;

const LOOK_EVERY_MS = 1_000;

/** A call that waits for an answer is heard again and again, as a telephone is. */
const RING_EVERY_MS = 4_000;

/** Each view with its object, made when it is new; objects without a view go, and their secrets. */
function paired<V extends { contact: string }, O>(
  known: Map<string, O>,
  views: readonly V[],
  make: (view: V) => O,
): [O, V][] {
  const here = new Set(views.map((view) => view.contact));
  for (const contact of known.keys()) if (!here.has(contact)) known.delete(contact);
  return views.map((view) => {
    const one = known.get(view.contact) ?? make(view);
    known.set(view.contact, one);
    return [one, view];
  });
}

export class Desk {
  state: State = $state.raw(START);
  /** our clock, moved each second, for countdowns */
  now_ms: number = $state(Date.now());

  readonly telephone = new Telephone((event, body) => this.#ask(event, body));

  readonly help = new HelpOrders(
    (event, body) => this.#order(event, body),
    (what) => this.#tell({ kind: "let_go", contact: what }),
  );

  readonly shiftRoom = new ShiftRoom(
    async (event, body) => (await this.#connection?.ask(event, body)) ?? { ok: false, code: "unreachable" },
    () => this.serverNow,
  );

  /** the desk is the part on the screen */
  isShown = true;

  readonly #me: Me;
  readonly #onSignedOut: () => void;
  #connection: Connection | null = null;
  #keys: KeyPair | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];
  #conversations = new Map<string, Conversation>();
  #readings = new Map<string, Reading>();
  #askedAt = 0;
  #rangAt = 0;
  #asking: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(me: Me, onSignedOut: () => void) {
    this.#me = me;
    this.#onSignedOut = onSignedOut;
  }

  /** The server's moment, as well as we know it. */
  get serverNow(): number {
    return this.now_ms + this.state.clock_ahead_ms;
  }

  /** Connects; also "Hier verdergaan" after another screen took over. */
  async start(): Promise<void> {
    this.stop();
    this.#tell({ kind: "link", link: "connecting" });
    const secret = await wrapSecret();
    if (!secret.ok) {
      if (secret.code === "signed-out") this.#onSignedOut();
      else this.#tell({ kind: "link", link: "down" });
      if (secret.code !== "signed-out") this.#timers.push(setTimeout(() => void this.start(), 3_000));
      return;
    }
    this.#keys = await keyPair(this.#me.person, secret.value.secret);
    this.shiftRoom.begin(this.#keys);
    this.#connection = new Connection(this.#keys.publicKey, socketTicket, {
      up: () => void this.#up(),
      down: () => this.#tell({ kind: "link", link: "down" }),
      moved: () => this.#tell({ kind: "link", link: "moved" }),
      replaced: () => this.#replaced(),
      signedOut: () => this.#onSignedOut(),
      changed: () => void this.#askSnapshot(),
      line: (line) => void this.#heard(line),
      key: (contact) => void (this.#conversations.get(contact) ?? this.#readings.get(contact))?.keyCame(),
      phone: (event) => this.telephone.hint(event),
      shiftRoom: this.shiftRoom.hint,
    });
    this.#timers.push(
      setInterval(() => this.#connection?.beat(), BEAT_EVERY_MS),
      setInterval(() => this.#look(), LOOK_EVERY_MS),
    );
  }

  /** Closes the connection and forgets every secret. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.telephone.stop();
    this.shiftRoom.end();
    this.#connection?.close();
    this.#connection = null;
    this.#conversations.clear();
    this.#readings.clear();
  }

  // Orders of the volunteer. Each gives the code of a refusal, or null.

  presence = (to: "ready" | "paused" | "away"): Promise<string | null> => this.#order("presence", { to });

  capacity = (chats: number): Promise<string | null> => this.#order("capacity", { chats });

  /** Takes the offer and opens its conversation. */
  accept = async (contact: string, epoch: number): Promise<string | null> => {
    const { offer, presence } = this.state.snapshot ?? {};
    const rings = offer?.channel === "phone" && presence?.phone_at === "browser";
    const refused = await this.#order("accept", { contact, epoch });
    if (refused === null && rings) this.telephone.accept();
    if (refused === null) this.open(contact);
    return refused;
  };

  decline = (contact: string, epoch: number): Promise<string | null> =>
    this.#order("decline", { contact, epoch });

  takeCalls = (at: "browser" | "own"): Promise<string | null> => this.#order("take-calls", { at });

  hold = (contact: string, on: boolean): Promise<string | null> => this.#order("hold", { contact, on });

  thirdRing = (contact: string, number: string): Promise<string | null> =>
    this.#order("third-ring", { contact, number, consent: true });

  thirdStop = (contact: string): Promise<string | null> => this.#order("third-stop", { contact });

  thirdLeave = (contact: string): Promise<string | null> => this.#order("third-leave", { contact });

  /** Who is present and can be asked to take a conversation; null: it could not be asked. */
  colleagues = async (contact: string): Promise<readonly Colleague[] | null> => {
    const asked = await this.#ask("colleagues", { contact });
    return asked.ok ? (asked.value as { people: Colleague[] }).people : null;
  };

  handOver = (contact: string, to: string): Promise<string | null> => this.#order("hand-over", { contact, to });

  /** A code that leads this caller past the limit once; null with the code of a refusal. */
  giveCode = async (contact: string): Promise<{ code: string | null; refused: string | null }> => {
    const asked = await this.#ask("coach-code", { contact });
    await this.#askSnapshot();
    return asked.ok ? { code: (asked.value as CoachCode).code, refused: null } : { code: null, refused: asked.code };
  };

  /** Joins the conversation of a request; its ring is answered here, for it was pressed here. */
  join = async (aside: Aside, mode: JoinMode): Promise<string | null> => {
    const rings = isSpoken(mode) && !(aside.joined !== null && isSpoken(aside.joined.mode));
    const refused = await this.help.join(aside, mode);
    if (refused === null && rings) this.telephone.accept();
    return refused;
  };

  /** Says something to the volunteer; it stays until it is closed. */
  notice = (key: string): void => this.#tell({ kind: "notice", key });

  warnedAloud = (contact: string): void => this.#tell({ kind: "warned", contact });

  keep = (contact: string): Promise<string | null> => this.#order("keep", { contact });

  end = (contact: string, reason: "ended" | "abuse"): Promise<string | null> => {
    this.#tell({ kind: "ended_by_us", contact, reason });
    return this.#order("end", { contact, reason });
  };

  /** "Ik ken deze persoon": back to the queue, not offered to me again. */
  release = (contact: string): Promise<string | null> => {
    this.#tell({ kind: "let_go", contact });
    return this.#order("release", { contact });
  };

  wrapUp = (contact: string, form: WrapUp, then: "ready" | "paused"): Promise<string | null> => {
    this.#tell({ kind: "let_go", contact });
    return this.#order("wrapup", { contact, form, then });
  };

  say = (contact: string, text: string): void => {
    this.#conversations.get(contact)?.say(text);
  };

  sayAgain = (contact: string, clientId: string): void => {
    this.#conversations.get(contact)?.sayAgain(clientId);
  };

  warn = (contact: string, sentence: string): void => {
    this.say(contact, sentence);
    this.#tell({ kind: "warned", contact });
  };

  draft = (contact: string, text: string): void => this.#tell({ kind: "draft", contact, text });

  open = (contact: string): void => {
    this.#tell({ kind: "open", contact });
    this.seen();
  };

  /** Opens the next conversation with unread lines; gives whether there was one. */
  openNext = (): boolean => {
    const contact = nextUnread(this.state);
    if (contact !== null) this.open(contact);
    return contact !== null;
  };

  /** Lines of the open conversation count as read only while the page can be seen. */
  seen = (): void => {
    const { open } = this.state;
    if (open !== null && !document.hidden && this.isShown) this.#tell({ kind: "seen", contact: open });
  };

  closeNotice = (id: number): void => this.#tell({ kind: "notice_closed", id });

  async #ask(event: string, body: object = {}): Promise<Answer<object>> {
    return (await this.#connection?.ask(event, body)) ?? { ok: false, code: "unreachable" };
  }

  async #order(event: string, body: object): Promise<string | null> {
    const asked = await this.#ask(event, body);
    await this.#askSnapshot();
    return asked.ok ? null : asked.code;
  }

  #tell(happening: Happening): void {
    this.state = reduce(this.state, happening);
  }

  async #up(): Promise<void> {
    const isBack = this.state.link !== "connecting";
    await this.#askSnapshot();
    if (this.#connection?.isUp !== true) return;
    void this.shiftRoom.ask();
    this.#tell({ kind: "link", link: "up" });
    if (isBack) this.telephone.lineBack();
  }

  #replaced(): void {
    this.stop();
    this.#tell({ kind: "link", link: "replaced" });
  }

  #look(): void {
    this.now_ms = Date.now();
    if (this.#connection?.isUp !== true) return;
    this.#ringOn();
    this.shiftRoom.look();
    for (const conversation of this.#conversations.values()) void conversation.sendOn();
    if (this.now_ms - this.#askedAt >= SNAPSHOT_LASTS_MS) void this.#askSnapshot();
  }

  /** Rings on while a call, the coach or an urgent request waits here; the own phone rings by itself. */
  #ringOn(): void {
    const { snapshot } = this.state;
    if (snapshot === null) return;
    const { offer, presence, coaching } = snapshot;
    const isCall = offer?.channel === "phone" && presence.phone_at === "browser" && offer.until_at > this.serverNow;
    const isCoach = this.telephone.state === "ringing" && isCoachsCall(snapshot);
    if (!isCall && !isCoach && !ringsOn(coaching)) return;
    if (this.now_ms - this.#rangAt < RING_EVERY_MS) return;
    this.#rangAt = this.now_ms;
    offerRings();
  }

  /** One question at a time: whatever asks meanwhile gets one more, and waits for it. */
  #askSnapshot(): Promise<void> {
    this.#isAskedAgain = true;
    this.#asking ??= this.#askAll();
    return this.#asking;
  }

  async #askAll(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#askOnce();
    }
    this.#asking = null;
  }

  async #askOnce(): Promise<void> {
    if (this.#connection?.isUp !== true) return;
    this.#askedAt = Date.now();
    const asked = await this.#connection.ask<{ snapshot: ConsoleSnapshot }>("snapshot");
    if (!asked.ok) return;
    const was = this.state.snapshot;
    this.now_ms = Date.now();
    this.#tell({ kind: "snapshot", snapshot: asked.value.snapshot, received_at: Date.now() });
    this.#signal(was);
    this.telephone.follow(asked.value.snapshot.presence, needsPhone(asked.value.snapshot));
    this.#follow();
  }

  /** Sound and notice for what the newest snapshot brought: an offer, a question, a call for help. */
  #signal(was: ConsoleSnapshot | null): void {
    const { snapshot } = this.state;
    if (snapshot === null) return;
    const { offer, coaching } = snapshot;
    const known = new Set(was?.coaching.joined.map((one) => one.joining));
    const isOffer = offer !== null && (offer.contact !== was?.offer?.contact || offer.epoch !== was.offer.epoch);
    const isAsked = coaching.joined.some((one) => one.state === "asked" && !known.has(one.joining));
    const isHelp = coaching.on_duty && isNews(was?.coaching, coaching);
    if (isOffer || isAsked || isHelp) this.#rangAt = this.now_ms;
    if (isHelp) helpCame();
    else if (isOffer || isAsked) offerCame();
  }

  /** Every conversation of the snapshot follows it, had or read along; the others are let go. */
  #follow(): void {
    const { snapshot } = this.state;
    const around = this.#around();
    if (snapshot === null || around === null) return;
    const chats = snapshot.contacts.filter((view) => view.state !== "wrapup" && view.channel === "chat");
    for (const [conversation, view] of paired(this.#conversations, chats, (view) => new Conversation(view, around)))
      void conversation.follow(view).then(this.seen);
    const joined = readAlong(snapshot);
    for (const [reading, view] of paired(this.#readings, joined, (view) => new Reading(view, around)))
      void reading.follow(view);
  }

  /** What a conversation needs of us; null while there is no connection. */
  #around(): Around | null {
    const connection = this.#connection;
    if (connection === null || this.#keys === null) return null;
    return {
      privateKey: this.#keys.privateKey,
      ask: (event, body) => connection.ask(event, body),
      tell: (happening) => this.#tell(happening),
      now: () => Date.now() + this.state.clock_ahead_ms,
    };
  }

  async #heard(line: Line): Promise<void> {
    const reading = this.#readings.get(line.contact);
    if (reading !== undefined) return reading.heard(line);
    const conversation = this.#conversations.get(line.contact);
    if (conversation === undefined) return this.#askSnapshot();
    await conversation.heard(line);
    if (line.by === "visitor" && (document.hidden || !this.isShown || this.state.open !== line.contact)) lineCame();
    this.seen();
  }
}
