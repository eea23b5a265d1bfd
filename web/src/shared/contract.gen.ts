// The contract between server and pages. Written by `luisterlijn contract`; do not edit.

/** 32 lower-case hexadecimal signs: 128 random bits. */
export type Id = string;
/** Milliseconds since 1970, UTC. */
export type Moment = number;
/** Binary on the socket. */
export type Bytes = Uint8Array<ArrayBuffer>;

export type Role =
  | "visitor"
  | "volunteer";
export type Language =
  | "nl"
  | "en";
export type Nature =
  | "talk"
  | "silent"
  | "hung_up"
  | "wrong"
  | "abuse";
export type Topic =
  | "alone"
  | "mourning"
  | "relation"
  | "family"
  | "health"
  | "mind"
  | "addiction"
  | "money"
  | "meaning"
  | "violence"
  | "work"
  | "everyday";
export type Loneliness =
  | "social"
  | "emotional"
  | "existential"
  | "none"
  | "unknown";
export type Age =
  | "under18"
  | "18-29"
  | "30-49"
  | "50-64"
  | "65-79"
  | "80plus"
  | "unknown";
export type Referred =
  | "113"
  | "veilig_thuis"
  | "huisarts"
  | "kaart"
  | "none";
export type JoinRole =
  | "coach"
  | "mentor"
  | "colleague";
export type JoinMode =
  | "read"
  | "alone"
  | "listen"
  | "whisper"
  | "join";
export type PersonRole =
  | "volunteer"
  | "mentor"
  | "coach"
  | "coordinator"
  | "planner"
  | "editor"
  | "administrator";
export type RefusalCode =
  | "bad-request"
  | "bad-origin"
  | "not-found"
  | "too-fast"
  | "message-too-long"
  | "try-again"
  | "signed-out"
  | "sign-in-refused"
  | "ticket-gone"
  | "line-closed"
  | "line-full"
  | "contact-gone"
  | "not-your-contact"
  | "stale-epoch"
  | "key-period-passed"
  | "frozen"
  | "offer-gone"
  | "nobody-free"
  | "joining-gone"
  | "not-a-call"
  | "not-callable"
  | "no-consent"
  | "third-parties-off"
  | "called-enough"
  | "code-given"
  | "no-own-phone"
  | "bad-signature"
  | "request-gone"
  | "not-on-duty"
  | "emergency-off"
  | "not-on-shift"
  | "wrap-up-first"
  | "shift-cancelled"
  | "overlaps"
  | "not-trained"
  | "zero-length"
  | "in-the-past";

/** The body of every refusal. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: RefusalCode;
  detail: string;
}

/** An honest word on waiting. None: we do not know yet. */
export interface Wait {
  minutes: number | null;
}

/** What every page shows of the line. `next_opening_at` None: open, or not known. */
export interface LineStatus {
  chat: "closed" | "nobody_yet" | "open";
  phone: "closed" | "nobody_yet" | "open";
  wait: Wait;
  next_opening_at: Moment | null;
}

/** Be ready, paused or away. */
export interface SetPresence {
  to: "away" | "paused" | "ready";
}

/** Take so many chats at once. */
export interface SetCapacity {
  chats: number;
}

/** Take or leave an offer. */
export interface Answer {
  contact: Id;
  epoch: number;
}

/** Take calls in this browser, or on the own phone whose number is on record. */
export interface TakeCalls {
  at: "browser" | "own";
}

/** Offer a conversation in hand to a colleague, who may refuse. */
export interface HandOver {
  contact: Id;
  to: Id;
}

/** An order about one contact in hand. */
export interface OfContact {
  contact: Id;
}

/** End a conversation. */
export interface End {
  contact: Id;
  reason: "abuse" | "ended";
}

/** The short anonymous registration; only `nature` is required, and there is no free text. */
export interface WrapUp {
  nature: Nature;
  topics: Topic[];
  loneliness: Loneliness | null;
  age: Age | null;
  referred: Referred[];
  heaviness: number | null;
}

/** A wrap-up, and what comes after it. */
export interface WriteUp {
  contact: Id;
  form: WrapUp;
  then: "paused" | "ready";
}

/** A shift in the header of the console. */
export interface ShiftHours {
  starts_at: Moment;
  ends_at: Moment;
  branch_name: string;
}

/** The own presence. `none`: no shift. `rest_until_at` None: not resting. */
export interface Presence {
  state: "after_care" | "away" | "none" | "paused" | "ready";
  since_at: Moment;
  capacity: number;
  load: number;
  rest_until_at: Moment | null;
  care_until_at: Moment | null;
  takes_calls: boolean;
  phone_at: "browser" | "own";
  has_own_phone: boolean;
}

/** The offer that waits for an answer. `from_alias`: who hands over; None: from the queue. */
export interface OfferView {
  contact: string;
  epoch: number;
  channel: string;
  language: string;
  until_at: Moment;
  from_alias: string | null;
}

/** A hand-over that waits for the colleague's answer; the conversation goes on meanwhile. */
export interface Handing {
  alias: string;
  until_at: Moment;
}

/** Somebody beside a conversation. `state` asked: invited, no answer yet. */
export interface Beside {
  joining: string;
  alias: string;
  role: JoinRole;
  mode: JoinMode;
  state: "asked" | "present";
}

/** The telephone side of a call. */
export interface CallView {
  state: "alone" | "connecting" | "held" | "talking" | "third" | "third_ringing";
  code_left: boolean;
}

/** One conversation or wrap-up in hand. `number`: 1 is the oldest. */
export interface ContactView {
  contact: string;
  channel: string;
  number: number;
  epoch: number;
  state: "active" | "caller_away" | "volunteer_away" | "wrapup";
  language: string;
  seq: number;
  members_version: number;
  visitor_up: boolean;
  away_asked: boolean;
  kept: boolean;
  frozen: boolean;
  until_at: Moment | null;
  started_at: Moment;
  handing: Handing | null;
  beside: Beside[];
  call: CallView | null;
}

/** The own request for help. `calling`: whose phone rings; `nobody`: nobody was reached. */
export interface HelpView {
  request: string;
  urgent: boolean;
  state: "calling" | "nobody" | "open" | "taken";
  alias: string | null;
}

/** One request in the coach's list. `contact` None: asked outside a conversation. */
export interface RequestView {
  request: string;
  urgent: boolean;
  state: "calling" | "nobody" | "open" | "taken";
  mine: boolean;
  name: string;
  branch_name: string | null;
  channel: string | null;
  contact: string | null;
  asked_at: Moment;
}

/** A conversation that one is beside, or is asked to read along with (`state` asked). */
export interface JoinedView {
  joining: string;
  state: "asked" | "present";
  mode: JoinMode;
  contact: string;
  channel: string;
  alias: string;
  epoch: number;
  seq: number;
  members_version: number;
  language: string;
  until_at: Moment | null;
}

/** Somebody wants to talk: a name and an hour, nothing else. */
export interface TalkView {
  talk: string;
  name: string;
  wanted: "after_shift" | "call_me" | "heavy" | "now";
  at: number;
}

/** What help and coaching add to a screen. `on_duty`: one is a coach or on call now. */
export interface CoachSide {
  on_duty: boolean;
  agrees_heavy: boolean;
  emergency: boolean;
  help: HelpView | null;
  joined: JoinedView[];
  requests: RequestView[];
  talks: TalkView[];
}

/** All that a volunteer's screen shows. */
export interface ConsoleSnapshot {
  version: number;
  now_at: Moment;
  alias: string;
  shift: ShiftHours | null;
  next_shift: ShiftHours | null;
  presence: Presence;
  offer: OfferView | null;
  contacts: ContactView[];
  coaching: CoachSide;
}

/** Somebody to hand over to, or to let read along. `free`: has room for a conversation. */
export interface Colleague {
  person: string;
  alias: string;
  role: JoinRole;
  free: boolean;
}

/** Who is present and can take or read this conversation, by alias. */
export interface Colleagues {
  people: Colleague[];
}

/** Somebody who is present, for the coordinator. */
export interface PresentPerson {
  person: string;
  name: string;
  state: string;
  since_at: Moment;
}

/** Who is present, by name. */
export interface BranchPresent {
  present: PresentPerson[];
}

/** Begin a chat; `ticket` is an old queue number of somebody who came back too late. */
export interface BeginChat {
  language: Language;
  ticket: string | null;
}

/** The chat's id, the page's own token, and the key that vouches for members (base64url). */
export interface ChatBegun {
  contact: string;
  token: string;
  signer: string;
}

/** Leave by "Snel weg". */
export interface Leave {
  token: string;
}

/** Whether the conversation helped. */
export interface Opinion {
  ticket: string;
  answer: "a_bit" | "no" | "yes";
}

/** A period's secret, sealed to one member. */
export interface SealedKey {
  member: Id;
  period: number;
  box: Bytes;
}

/** The boxes of a key period, and of earlier ones for a successor. */
export interface Keys {
  period: number;
  sealed: SealedKey[];
}

/** One encrypted line of the page. */
export interface VisitorSay {
  client_id: Id;
  period: number;
  stream: Id;
  counter: number;
  sealed: Bytes;
}

/** One encrypted line of the volunteer, fenced by the epoch. */
export interface ConsoleSay {
  client_id: Id;
  period: number;
  stream: Id;
  counter: number;
  sealed: Bytes;
  contact: Id;
  epoch: number;
}

/** Ask for all lines above a number. */
export interface Resume {
  after: number;
}

/** Ask for all lines of a chat above a number; who reads along gets those since they came in. */
export interface ConsoleResume {
  contact: Id;
  after: number;
}

/** The number that a line has. */
export interface Said {
  seq: number;
}

/** A numbered line. `seq` is the server's order, and not part of what is encrypted. */
export interface Line {
  client_id: string;
  period: number;
  stream: string;
  counter: number;
  sealed: Bytes;
  contact: string;
  seq: number;
  by: Role;
}

/** Lines in order; `more`: ask again from the last. */
export interface Lines {
  lines: Line[];
  more: boolean;
}

/** Who may read the chat now, vouched for by the server's signature. */
export interface Member {
  member: string;
  role: "coach" | "colleague" | "mentor" | "volunteer";
  reads_from: number;
  epoch: number;
  public_key: Bytes;
  until_at: Moment;
  signature: Bytes;
}

/** The members of a key period; 0 is the time before the first. */
export interface Members {
  version: number;
  list: Member[];
}

/** All that a page shows. `position` None: not waiting. `half`: the server's half, 32 bytes. */
export interface VisitorSnapshot {
  version: number;
  contact: string;
  state: "active" | "caller_away" | "offered" | "queued" | "volunteer_away";
  position: number | null;
  wait: Wait;
  line: "closed" | "nobody_yet" | "open";
  members: Members;
  seq: number;
  half: Bytes | null;
  ticket: string;
  frozen: boolean;
}

/** The answer to `open`, and the body of `changed`. */
export interface SnapshotAnswer {
  snapshot: VisitorSnapshot;
}

/** The talking is over; `opinion` is good for one answer, None after mere waiting. */
export interface Ended {
  reason: "abandoned" | "abuse_ended" | "caller_gone" | "ended_by_caller" | "ended_by_volunteer" | "limit" | "line_closed" | "refused_full";
  opinion: string | null;
}

/** A period's secret, sealed to this console. */
export interface KeyBox {
  period: number;
  box: Bytes;
  members: string[];
}

/** The boxes of a console's present stay in a chat. */
export interface MemberKeys {
  version: number;
  boxes: KeyBox[];
  after: number;
}

/** With what the console's phone signs on. `kind`: which `Phone` the page loads. */
export interface PhoneSignOn {
  kind: "loopback" | "twilio";
  identity: string;
  token: string;
  edge: string;
}

/** Put the caller on hold, or take them back. */
export interface HoldCall {
  contact: Id;
  on: boolean;
}

/** Call a third party in. `number`: the id of a callable entry, never a number. */
export interface ThirdPartyRing {
  contact: Id;
  number: string;
  consent: boolean;
}

/** A code that lets this caller in past the limit, once, within 24 hours: 8 digits. */
export interface CoachCode {
  code: string;
}

/** One key pressed on the demo's caller page. */
export interface DemoKey {
  key: string;
}

/** The demo caller's phone. `prompts`: what was played so far, newest last, as its written text. */
export interface DemoCall {
  call: string;
  state: "hearing" | "held" | "over" | "ringing" | "talking" | "waiting";
  prompts: string[];
}

/** Ask for help, inside a conversation or outside one (None). */
export interface AskHelp {
  contact: Id | null;
  urgent: boolean;
}

/** An order about one request for help. */
export interface OfRequest {
  request: Id;
}

/** Say whether the emergency services are called for a request that one has taken. */
export interface EmergencyDecided {
  request: Id;
  called: boolean;
}

/** Invite somebody present to read a chat along. */
export interface ReadAlong {
  contact: Id;
  to: Id;
}

/** Answer an invitation to read along. */
export interface JoinAnswer {
  joining: Id;
  yes: boolean;
}

/** Join the conversation of a request that one has taken. */
export interface Join {
  request: Id;
  mode: JoinMode;
}

/** Take part in another way. */
export interface JoinChange {
  joining: Id;
  mode: JoinMode;
}

/** An order about one joining: leave it, or (its volunteer) end it. */
export interface OfJoining {
  joining: Id;
}

/** Answer to "Wil je erover praten?"; "nee" sends nothing. */
export interface WantTalk {
  wanted: "after_shift" | "now";
}

/** A talk that was had. */
export interface OfTalk {
  talk: Id;
}

/** Answer to "Hoe ga je naar huis?"; only `call_me` is kept. */
export interface LeaveShift {
  mood: "call_me" | "good" | "so_so";
}

/** Whether the coach may be told after three heavy conversations in one shift. */
export interface AgreeHeavy {
  agrees: boolean;
}

/** Put somebody on duty. `stands_in`: a coordinator on call, rung after all coaches. */
export interface NewDuty {
  person: Id;
  starts_at: Moment;
  ends_at: Moment;
  phone_order: number;
  stands_in: boolean;
}

/** One duty. `has_phone`: a number is on record; without one nobody can be rung. */
export interface DutyView {
  duty: string;
  person: string;
  person_name: string;
  starts_at: Moment;
  ends_at: Moment;
  phone_order: number;
  stands_in: boolean;
  has_phone: boolean;
}

/** Somebody who may be put on duty. `stands_in`: as a coordinator. */
export interface CanCoach {
  person: string;
  person_name: string;
  stands_in: boolean;
  has_phone: boolean;
}

/** The rota of some days, by start and phone order, and who may be put on it. */
export interface DutyRota {
  duties: DutyView[];
  people: CanCoach[];
}

/** What somebody types to sign in. */
export interface SignIn {
  name: string;
  password: string;
  code: string;
}

/** Who is signed in. `branch` None: works for the whole line. */
export interface Me {
  person: string;
  name: string;
  branch: string | null;
  branch_name: string | null;
  roles: PersonRole[];
  languages: string[];
  capacity: number;
  alias: string | null;
}

/** The secret that wraps the console's private key, base64url. */
export interface WrapSecret {
  secret: string;
}

/** Good for one socket, once, for 30 s. */
export interface SocketTicket {
  ticket: string;
}

/** Somebody on a shift. */
export interface Place {
  place: string;
  person: string;
  name: string;
  state: string;
}

/** A shift, and who stands on it. */
export interface Shift {
  shift: string;
  branch: string;
  starts_at: Moment;
  ends_at: Moment;
  channels: string[];
  state: string;
  wanted: number;
  places: Place[];
}

/** Shifts by start. */
export interface Shifts {
  shifts: Shift[];
}

/** A volunteer who can be put on a shift. */
export interface BranchPerson {
  person: string;
  name: string;
  channels: string[];
  languages: string[];
  trained: boolean;
}

/** Volunteers by name. */
export interface BranchPeople {
  people: BranchPerson[];
}

/** A shift in Amsterdam wall-clock time; an end before the start is the next day. */
export interface NewShift {
  date: string;
  starts: string;
  ends: string;
  channels: ("chat" | "mail" | "phone")[];
  wanted: number;
  branch: string | null;
}

/** Who to put on a shift. */
export interface PutOn {
  person: string;
}

/** One card. `example`: ours, to be replaced by the line's own. `body`: Markdown. */
export interface Card {
  id: string;
  title: string;
  owner: string;
  checked_on: string;
  example: boolean;
  body: string;
}

/** One number to pass on, with the day it was last checked. */
export interface HelpNumber {
  id: string;
  name: string;
  number: string;
  web: string | null;
  hours: string;
  checked_on: string;
  callable: boolean;
  note: string | null;
}

/** All cards in the order of their files, and all numbers. */
export interface Werkwijzer {
  cards: Card[];
  numbers: HelpNumber[];
}

/** Somebody to sign in as. */
export interface DemoPerson {
  name: string;
  role: string;
  password: string;
  code: string;
}

/** The demo's named accounts. */
export interface DemoPeople {
  people: DemoPerson[];
}

/** So many simulated volunteers, for chats or for calls. */
export interface Wanted {
  count: number;
  channel: "chat" | "phone";
}

/** Simulated volunteers who have a shift now. */
export interface Simulated {
  sessions: string[];
  numbers: string[];
}

/** What every event of a socket is answered with when it is refused. */
export interface Refused {
  ok: false;
  code: RefusalCode;
  retry_ms?: number;
}

export type Ack<T = object> = ({ ok: true } & T) | Refused;
