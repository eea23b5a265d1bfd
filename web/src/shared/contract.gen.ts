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
export type TrainingChannel =
  | "chat"
  | "phone"
  | "mail";
export type TrainingStatus =
  | "aspirant"
  | "in_training"
  | "walking_along"
  | "independent"
  | "mentor"
  | "paused"
  | "stopped";
export type PaperState =
  | "missing"
  | "fine"
  | "soon"
  | "old";
export type GatheringKind =
  | "training"
  | "intervision"
  | "meeting";
export type MessageAudience =
  | "shift"
  | "branch"
  | "mentors"
  | "trainees";
export type ListWhat =
  | "new"
  | "changed"
  | "unchanged"
  | "refused";
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
  | "room-changed"
  | "shift-cancelled"
  | "overlaps"
  | "not-trained"
  | "zero-length"
  | "in-the-past"
  | "shift-full"
  | "two-shifts-a-day"
  | "too-little-rest"
  | "too-long-a-day"
  | "too-many-a-week"
  | "too-many-shifts"
  | "too-many-nights"
  | "trainee-alone"
  | "desks-full"
  | "on-leave"
  | "not-available"
  | "account-ended"
  | "no-coach"
  | "swap-gone"
  | "too-late"
  | "token-used"
  | "call-up-gone"
  | "step-not-possible"
  | "step-too-early"
  | "not-a-mentor"
  | "gathering-off"
  | "gathering-full"
  | "nobody-there"
  | "not-a-list"
  | "preview-passed";

/** The body of every refusal. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: RefusalCode;
  detail: string;
}

/** Between how many minutes four in five wait from now on. None: we cannot say, and say so. */
export interface Wait {
  low: number | null;
  high: number | null;
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

/** A shift on which somebody is looked for, asked of who sees it. */
export interface CallUpView {
  call_up: string;
  starts_at: Moment;
  ends_at: Moment;
  branch_name: string;
  channels: string[];
}

/** What coming and not coming add to a screen. */
export interface AttendanceSide {
  late_since_at: Moment | null;
  call_ups: CallUpView[];
  missed: number;
  alarms: ("alone" | "too_few")[];
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
  attendance: AttendanceSide;
  cover: "alone" | "alone_no_coach" | "good" | "no_mentor" | "nobody";
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

/** Somebody on a shift. `late`: it began, and they are not there yet. */
export interface TonightPlace {
  place: string;
  person: string;
  name: string;
  role: "listener" | "mentor" | "reserve" | "trainee";
  state: "cannot" | "checked_in" | "confirmed" | "no_show" | "published";
  late: boolean;
  has_phone: boolean;
}

/** Somebody who was asked to come. */
export interface TonightAsked {
  name: string;
  state: "asked" | "no" | "ringing" | "silent" | "yes";
}

/** A call-up of a shift. `opens_at`: when others than reserves are asked; None: never. */
export interface TonightCallUp {
  call_up: string;
  reason: "no_show" | "open_soon" | "reserve";
  state: "filled" | "open";
  opens_at: Moment | null;
  asked: TonightAsked[];
}

/** A shift that runs or begins soon. */
export interface TonightShift {
  shift: string;
  branch_name: string;
  starts_at: Moment;
  ends_at: Moment;
  channels: string[];
  wanted: number;
  missing: number;
  may_call_reserve: boolean;
  may_open: boolean;
  places: TonightPlace[];
  call_ups: TonightCallUp[];
}

/** Who is on and who is not, by start. `on_duty`: who came, in the whole country. */
export interface Tonight {
  now_at: Moment;
  on_duty: number;
  coaches: number;
  alarms: ("alone" | "too_few")[];
  may_phone: boolean;
  shifts: TonightShift[];
}

/** Shifts on which one can jump in now, by start. */
export interface CallUps {
  call_ups: CallUpView[];
}

/** How somebody may be reached outside the console. `mail` None: no mail. */
export interface Reach {
  mail: string | null;
  reminders: boolean;
  urgent: boolean;
  quiet_from: string;
  quiet_until: string;
}

/** The own choice. `mail_works`: this line sends mail. `has_phone`: a number is on record. */
export interface ReachView {
  mail: string | null;
  reminders: boolean;
  urgent: boolean;
  quiet_from: string;
  quiet_until: string;
  mail_works: boolean;
  has_phone: boolean;
}

/** Somebody's number. None: none is on record. */
export interface PhoneNumber {
  number: string | null;
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
  channels: TrainingChannel[];
  wanted: number;
  branch: string | null;
}

/** Who to put on a shift. */
export interface PutOn {
  person: string;
}

/** Whether there is a link. */
export interface CalendarLink {
  has_link: boolean;
}

/** The address of the calendar, from the root of this site; it is told this once. */
export interface NewCalendarLink {
  path: string;
}

/** Ask who is on now, and what was said after the line with this number. */
export interface AskShiftRoom {
  after: number;
}

/** A line's key, sealed to one member. */
export interface RoomBox {
  member: Id;
  box: string;
}

/** Say something to who is there now; `line` is a random id that the console draws. */
export interface SayInShiftRoom {
  line: Id;
  sealed: string;
  boxes: RoomBox[];
}

/** The line is there, with this number. */
export interface SaidInShiftRoom {
  number: number;
}

/** Somebody who is on now. `branch_name` None: a coach on duty, by first name. */
export interface OnNow {
  name: string;
  branch_name: string | null;
  is_coach: boolean;
  is_me: boolean;
}

/** Somebody to seal a line to. */
export interface RoomMember {
  member: string;
  public_key: string;
}

/** A line that one may read. `members`: whom it was sealed to. */
export interface RoomLine {
  line: string;
  number: number;
  by: string;
  name: string;
  branch_name: string | null;
  is_coach: boolean;
  is_mine: boolean;
  sealed: string;
  box: string;
  members: string[];
  until_at: Moment;
}

/** Who is on now, and what is new in the room. */
export interface ShiftRoomView {
  me: string | null;
  has_room: boolean;
  people: OnNow[];
  members: RoomMember[];
  lines: RoomLine[];
  more: boolean;
}

/** My offer to give a place away, or to swap it for one of some shifts. */
export interface OwnSwap {
  swap: string;
  asked: string | null;
  asked_name: string | null;
  wants: string[];
  until_at: Moment;
}

/** A place of mine; each `may_…` says whether that can be pressed now. */
export interface OwnPlace {
  place: string;
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
  branch_name: string;
  channels: string[];
  night: boolean;
  role: "listener" | "mentor" | "reserve" | "trainee";
  state: "checked_in" | "confirmed" | "no_show" | "published";
  origin: "coordinator" | "reserve" | "self" | "solver" | "swap";
  may_confirm: boolean;
  may_give_up: boolean;
  may_swap: boolean;
  undo_until_at: Moment | null;
  beside: string[];
  swap: OwnSwap | null;
}

/** What I do in the running four weeks against what was agreed; the rest in twelve months. */
export interface Balance {
  hours_agreed: number;
  hours: number;
  shifts: number;
  most_shifts: number;
  most_nights: number;
  nights_year: number;
  weekends_year: number;
  feasts_year: number;
  nights_branch: number | null;
  weekends_branch: number | null;
  feasts_branch: number | null;
}

/** A colleague's place that I may take; `name` is a first name. */
export interface AskedSwap {
  swap: string;
  name: string;
  branch_name: string;
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
  channels: string[];
  night: boolean;
  to_me: boolean;
  mine: string[];
  until_at: Moment;
}

/** Days that I am away; why is not asked. Dates are local, both belong to it. */
export interface OwnLeave {
  leave: string;
  first: string;
  last: string;
  state: "asked" | "declined" | "granted" | "withdrawn";
}

/** My places by start, and what waits for an answer of mine. */
export interface OwnRoster {
  places: OwnPlace[];
  asked: AskedSwap[];
  leave: OwnLeave[];
  balance: Balance;
  wishes_open: boolean;
}

/** A shift that I may take. */
export interface OpenShift {
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
  branch_name: string;
  channels: string[];
  night: boolean;
  wanted: number;
  missing: number;
  role: "listener" | "mentor" | "reserve" | "trainee";
  need: "needed" | "urgent" | "welcome";
}

/** Shifts that I may take, where I am needed most first. */
export interface OpenShifts {
  shifts: OpenShift[];
}

/** Somebody who may take my place; `name` is a first name. */
export interface SwapColleague {
  person: string;
  name: string;
}

/** A shift on which colleagues stand, that I may take instead. */
export interface SwapShift {
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
  channels: string[];
  night: boolean;
}

/** To whom a place can be given, by name; and what it can be swapped for, by start. */
export interface SwapChoices {
  colleagues: SwapColleague[];
  shifts: SwapShift[];
}

/** I cannot: leave the place open, give it away, or swap it for one of `wants` (shifts). */
export interface GiveUp {
  how: "give" | "open" | "swap";
  to: string | null;
  wants: string[];
}

/** What became of it. */
export interface GivenUp {
  done: boolean;
  swap: OwnSwap | null;
}

/** Take a colleague's place; `place`: mine that is given for it, null when none is asked. */
export interface AcceptSwap {
  place: string | null;
}

/** What I wish for a period. */
export interface WishPeriod {
  period: string;
  first: string;
  days: number;
  open: boolean;
  given: boolean;
  levels: string[];
  wanted: number;
  most: number;
  nights: number;
}

/** Periods that are not over, the first first. */
export interface WishPeriods {
  periods: WishPeriod[];
}

/** Wishes for a period: as many `levels` as it has days; `wanted` shifts, never over `most`. */
export interface NewWishes {
  levels: string[];
  wanted: number;
  most: number;
  nights: number;
}

/** Leave is asked for these local days; both belong to it. */
export interface NewLeave {
  first: string;
  last: string;
}

/** A shift that comes back; wall-clock times, an end before the start is the next day. */
export interface ShiftTemplate {
  template: string;
  branch: string;
  weekdays: number;
  starts: string;
  ends: string;
  channels: string[];
  least: number;
  wanted: number;
  night: boolean;
  weekend: boolean;
}

/** The templates of a branch, by start. */
export interface ShiftTemplates {
  templates: ShiftTemplate[];
}

/** A template to add, or what one becomes. `night`: null: by the clock. */
export interface NewTemplate {
  weekdays: number;
  starts: string;
  ends: string;
  channels: TrainingChannel[];
  least: number;
  wanted: number;
  night: boolean | null;
  branch: string | null;
}

/** A period of a branch: open for wishes, then concept, then published. */
export interface RosterPeriod {
  period: string;
  branch: string;
  first: string;
  days: number;
  state: "concept" | "open" | "published";
  running: boolean;
  closed: boolean;
  wishes: number;
}

/** The periods of a branch, the last first. */
export interface RosterPeriods {
  periods: RosterPeriod[];
}

/** A period to open for wishes, from a Monday on. */
export interface NewPeriod {
  first: string;
  days: number;
  branch: string | null;
}

/** How many concept shifts were added. */
export interface LaidOut {
  shifts: number;
}

/** Copy the shifts of seven days to seven others, as concept; by the wall clock. */
export interface CopyWeek {
  source: string;
  target: string;
  people: boolean;
  branch: string | null;
}

/** How many shifts and proposals were added, and how many places a rule was in the way of. */
export interface CopiedWeek {
  shifts: number;
  places: number;
  left: number;
}

/** Put somebody on a shift: a proposal on a concept shift, else at once. */
export interface PutOnShift {
  person: string;
  role: "listener" | "mentor" | "reserve" | "trainee" | null;
  allowed: "nobody-else" | "own-wish" | "short-notice" | null;
  on_behalf: boolean;
}

/** Somebody on a shift, as planners see it; `person` null: somebody who left. */
export interface PlannedPlace {
  place: string;
  shift: string;
  person: string | null;
  name: string;
  role: string;
  state: string;
  origin: string;
  pinned: boolean;
  allowed: string | null;
  on_behalf: boolean;
}

/** What everybody sees from now on; `left`: proposals taken off, a rule was in their way. */
export interface PublishedRoster {
  shifts: number;
  places: number;
  left: PlannedPlace[];
}

/** When a shift is that somebody would take instead. */
export interface SwapHours {
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
}

/** A swap that is open; `wants`: shifts of which one is taken instead, none: given away. */
export interface InboxSwap {
  swap: string;
  place: string;
  person: string;
  name: string;
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
  wants: SwapHours[];
  asked: string | null;
  asked_name: string | null;
  until_at: Moment;
}

/** Leave, with the places that would be released by granting it, by start. */
export interface InboxLeave {
  leave: string;
  person: string;
  name: string;
  first: string;
  last: string;
  state: "asked" | "declined" | "granted" | "withdrawn";
  on_behalf: boolean;
  releases: PlannedPlace[];
}

/** What waits for a coordinator of the branch: the soonest first. */
export interface Inbox {
  swaps: InboxSwap[];
  leave: InboxLeave[];
  granted: InboxLeave[];
}

/** What granting released: published places that are open now, and proposals that went. */
export interface GrantedLeave {
  released: PlannedPlace[];
  dropped: number;
}

/** Leave asked for somebody without a computer. */
export interface LeaveFor {
  person: string;
  first: string;
  last: string;
}

/** Take a swap for somebody without a computer; `place`: theirs that is given for it. */
export interface AcceptFor {
  person: string;
  place: string | null;
}

/** Who wishes what for a period; `given` false: nothing was sent yet, the rest is proposed. */
export interface PersonWishes {
  person: string;
  name: string;
  given: boolean;
  on_behalf: boolean;
  wanted: number;
  most: number;
  nights: number;
  levels: string[];
}

/** The volunteers of a branch, by name. */
export interface PeriodWishes {
  people: PersonWishes[];
}

/** How far somebody is with a channel since a local day; null: as long as we know. */
export interface TrainingStep {
  channel: TrainingChannel;
  status: TrainingStatus;
  since: string | null;
}

/** One volunteer in the list; hours in four weeks, the past ones for `hours_worked`. */
export interface VolunteerRow {
  person: string;
  name: string;
  sign_in: string;
  branch: string;
  branch_name: string;
  training: TrainingStep[];
  vog: string | null;
  vog_state: PaperState;
  intervision: string | null;
  intervision_state: PaperState;
  hours_agreed: number;
  hours_worked: number;
  next_shift_at: Moment | null;
  away_until: string | null;
  leaves: string | null;
  no_computer: boolean;
}

/** Volunteers by name. */
export interface VolunteerList {
  people: VolunteerRow[];
}

/** The steps that can be taken with a channel today. */
export interface PossibleSteps {
  channel: TrainingChannel;
  steps: TrainingStatus[];
}

/** All that a branch knows of one volunteer. `history`: by channel and day. */
export interface VolunteerDetail {
  row: VolunteerRow;
  most_shifts: number;
  most_nights: number;
  home: boolean;
  nights: number;
  weekends: number;
  feasts: number;
  mentor: string | null;
  mentor_name: string | null;
  history: TrainingStep[];
  possible: PossibleSteps[];
}

/** What a branch keeps of one volunteer; all of it. */
export interface EditVolunteer {
  name: string;
  vog: string | null;
  intervision: string | null;
  hours_agreed: number;
  most_shifts: number;
  most_nights: number;
  home: boolean;
  no_computer: boolean;
  away_until: string | null;
}

/** A step from a local day on. */
export interface NewStep {
  channel: TrainingChannel;
  status: TrainingStatus;
  since: string;
}

/** Give a trainee this mentor; null: whichever the branch has. */
export interface GiveMentor {
  mentor: Id | null;
}

/** Somebody's last day; null: they stay after all. */
export interface LastDay {
  last: string | null;
}

/** From how many shifts somebody was taken off. */
export interface Released {
  shifts: number;
}

/** Somebody who is being trained. `walked`: shifts walked along with a mentor. */
export interface Trainee {
  person: string;
  name: string;
  branch_name: string;
  training: TrainingStep[];
  mentor: string | null;
  walked: number;
}

/** Somebody who can be given as a mentor. `trainees`: how many have them now. */
export interface BoardMentor {
  person: string;
  name: string;
  branch_name: string;
  channels: TrainingChannel[];
  trainees: number;
}

/** Trainees and mentors, both by name. */
export interface TraineeBoard {
  trainees: Trainee[];
  mentors: BoardMentor[];
}

/** A list of volunteers: a CSV file of at most 1 MB, base64url. */
export interface BringList {
  file: string;
}

/** The same list again, to be written as it was shown under this mark. */
export interface TakeList {
  file: string;
  mark: Id;
}

/** One cell that differs, as the file would say it. */
export interface ListChange {
  column: string;
  before: string;
  after: string;
}

/** What one line of the file would do; `reason` and `column` of a line that is refused. */
export interface ListLine {
  line: number;
  what: ListWhat;
  sign_in: string;
  name: string;
  column: string | null;
  reason: string | null;
  changes: ListChange[];
}

/** What a list would do, line by line; nothing is written yet. */
export interface ListPreview {
  mark: string;
  lines: ListLine[];
  ignored: string[];
}

/** What somebody new signs in with; shown once. `code_app`: a link that a code app reads. */
export interface NewAccount {
  name: string;
  sign_in: string;
  password: string;
  code_app: string;
}

/** What was written of a list. */
export interface ListTaken {
  accounts: NewAccount[];
  changed: number;
}

/** Somebody who signed up; `on_behalf`: a coordinator did it for them. */
export interface GatheringSeat {
  person: string;
  name: string;
  came: boolean;
  on_behalf: boolean;
}

/** An evening to come to. `branch` null: for the whole line. `people`: whom one may see. */
export interface GatheringView {
  gathering: string;
  branch: string | null;
  kind: GatheringKind;
  title: string;
  starts_at: Moment;
  ends_at: Moment;
  seats: number;
  taken: number;
  cancelled: boolean;
  mine: boolean;
  mine_on_behalf: boolean;
  people: GatheringSeat[];
}

/** Gatherings by start. */
export interface GatheringList {
  gatherings: GatheringView[];
}

/** A gathering on a local day, in Amsterdam wall-clock time. */
export interface NewGathering {
  kind: GatheringKind;
  title: string;
  day: string;
  starts: string;
  ends: string;
  seats: number;
  branch: Id | null;
}

/** Who came; who is not named did not. */
export interface WhoCame {
  people: Id[];
}

/** A message. `shift` for who stands on one. `branch` null: the own one. */
export interface WriteMessage {
  audience: MessageAudience;
  text: string;
  shift: Id | null;
  branch: Id | null;
}

/** To how many people a message went. */
export interface SentTo {
  people: number;
}

/** A message. `writer` null: has left. `shift_starts_at`: of the shift it was written to. */
export interface MessageView {
  message: string;
  audience: MessageAudience;
  text: string;
  writer: string | null;
  written_at: Moment;
  read: boolean;
  shift_starts_at: Moment | null;
  branch_name: string | null;
  people: number | null;
  readers: number | null;
}

/** Messages, the newest first; `unread` counts those to the asking person. */
export interface MessageList {
  messages: MessageView[];
  unread: number;
}

/** How many messages somebody has not read. */
export interface Unread {
  unread: number;
}

/** Somebody on a shift; `person` null: somebody who left. */
export interface BoardPlace {
  place: string;
  person: string | null;
  name: string;
  role: string;
  state: string;
  origin: string;
  pinned: boolean;
  on_behalf: boolean;
  allowed: string | null;
}

/** A shift on the board. */
export interface BoardShift {
  shift: string;
  branch: string;
  template: string | null;
  date: string;
  starts: string;
  ends: string;
  starts_at: Moment;
  ends_at: Moment;
  channels: string[];
  night: boolean;
  state: string;
  least: number;
  wanted: number;
  here: number;
  missing: number;
  short: number;
  gap: number | null;
  busy: "high" | "low" | "middle" | null;
  places: BoardPlace[];
}

/** A row: shifts of the same local hours, whatever the day. */
export interface BoardRow {
  starts: string;
  ends: string;
  night: boolean;
}

/** A branch's shifts of some days; rows from 06:00 on, shifts by start. */
export interface Board {
  branch: string;
  branch_name: string;
  from: string;
  days: number;
  expectation: "draft" | "frozen" | "none";
  rows: BoardRow[];
  shifts: BoardShift[];
  missing: number;
  gap: number | null;
}

/** A branch that may be planned. */
export interface BranchToPlan {
  branch: string;
  name: string;
}

/** Branches by name: the own one, or all. */
export interface BranchesToPlan {
  branches: BranchToPlan[];
}

/** One branch on one day; `gap` as on the board, all open places of the day together. */
export interface NationCell {
  branch: string;
  date: string;
  wanted: number;
  here: number;
  missing: number;
  gap: number | null;
}

/** A half hour of the whole line; null: nothing is expected of it. */
export interface NationSlot {
  starts_at: Moment;
  here: number;
  required: number | null;
  expected: number | null;
  lost: number | null;
  answered: number | null;
}

/** A day of the whole line; hours of people, contacts, and the share that is answered. */
export interface NationDay {
  date: string;
  here_hours: number;
  required_hours: number | null;
  expected: number | null;
  lost: number | null;
  answered: number | null;
}

/** The whole line: branches by name, days and half hours in order. */
export interface Nation {
  from: string;
  days: number;
  expectation: "draft" | "frozen" | "none";
  branches: BranchToPlan[];
  cells: NationCell[];
  totals: NationDay[];
  slots: NationSlot[];
}

/** One who may stand on the shift. `reasons`: what speaks for or against asking them first. */
export interface WhoCan {
  person: string;
  name: string;
  role: string;
  hours: number;
  agreed: number;
  reasons: string[];
}

/** A rule in the way. `never`: nobody can set it aside; else a coordinator, with their yes. */
export interface WhyNot {
  code: string;
  never: boolean;
}

/** One who may not stand on the shift. */
export interface WhoCannot {
  person: string;
  name: string;
  role: string;
  rules: WhyNot[];
}

/** Who can take a shift, the best first; and why the others cannot, nearest to a yes first. */
export interface Who {
  shift: string;
  can: WhoCan[];
  cannot: WhoCannot[];
}

/** What an engine is to plan. `branch` null: the whole line; `overnight`: at 01:00, not now. */
export interface NewPlan {
  from: string;
  branch: Id | null;
  days: number;
  engine: "builtin" | "cpsat";
  seconds: number;
  overnight: boolean;
}

/** One plan of an engine. */
export interface EnginePlan {
  plan: string;
  branch: string | null;
  from: string;
  days: number;
  engine: string;
  seconds: number;
  state: string;
  due_at: Moment;
  stopping: boolean;
  spent: number;
  cost: number | null;
  fault: string | null;
  unplanned: number;
  added: number;
  removed: number;
}

/** Plans, the newest first. */
export interface EnginePlans {
  plans: EnginePlan[];
}

/** How a plan ends before its time; `keep`: its best so far is written. */
export interface StopPlan {
  keep: boolean;
}

/** A shift by its hours. */
export interface PlanShift {
  shift: string;
  starts_at: Moment;
  ends_at: Moment;
}

/** Somebody goes from one shift to another. */
export interface PlanMove {
  old: PlanShift;
  new: PlanShift;
}

/** What a plan changed for one person. */
export interface PlanPerson {
  person: string;
  name: string;
  branch: string;
  added: PlanShift[];
  removed: PlanShift[];
  moved: PlanMove[];
}

/** A plan beside what stood before; people by name. */
export interface PlanDifference {
  plan: string;
  people: PlanPerson[];
}

/** What becomes of those who come: shares of 1, and contacts lost. */
export interface OutlookShare {
  answered: number;
  within: number;
  lost: number;
}

/** A day as published, and with the concept; null: nothing is expected of it. */
export interface OutlookDay {
  date: string;
  now: OutlookShare | null;
  draft: OutlookShare | null;
}

/** What publishing would bring the whole line; `within`: answered within a minute. */
export interface Outlook {
  expectation: "draft" | "frozen" | "none";
  now: OutlookShare | null;
  draft: OutlookShare | null;
  totals: OutlookDay[];
}

/** Counts of one person; `hours` of four weeks beside what was agreed, the rest of a year. */
export interface FairnessRow {
  person: string;
  name: string;
  hours: number;
  agreed: number;
  nights: number;
  weekends: number;
  feasts: number;
  allowed: number;
}

/** A branch's people by name. */
export interface Fairness {
  people: FairnessRow[];
}

/** A day of one channel: what was expected, and what came. */
export interface ForecastDay {
  date: string;
  channel: string;
  expected: number | null;
  low: number | null;
  high: number | null;
  came: number | null;
  above: number;
  halves: number;
}

/** Expected beside actual, by day and channel; and whether a draft waits to be frozen. */
export interface ForecastActual {
  expectation: "draft" | "frozen" | "none";
  source: string;
  draft: boolean;
  totals: ForecastDay[];
}

/** How many weeks to draft, and the share to be answered within a minute. */
export interface NewDraft {
  weeks: number;
  share: number | null;
}

/** A feast or campaign: `factor` times as many contacts. `channel` null: on every channel. */
export interface DemandEvent {
  event: string;
  name: string;
  kind: string;
  first: string;
  last: string;
  channel: string | null;
  factor: number;
}

/** Events by first day. */
export interface DemandEvents {
  events: DemandEvent[];
}

/** A feast or campaign to reckon with; both days included. */
export interface NewDemandEvent {
  name: string;
  kind: "campaign" | "holiday";
  first: string;
  last: string;
  channel: TrainingChannel | null;
  factor: number;
}

/** What one other person is asked: from a shift (null: free then) to another (null: home). */
export interface MendChange {
  person: string;
  name: string;
  old: PlanShift | null;
  new: PlanShift | null;
}

/** How the hole that somebody leaves can be filled; no changes: it stays open. */
export interface Mend {
  place: string;
  changes: MendChange[];
}

/** A change as it was proposed; shifts by id. */
export interface WantedChange {
  person: Id;
  old: Id | null;
  new: Id | null;
}

/** The changes of a proposal, all at once or none. */
export interface AcceptMend {
  changes: WantedChange[];
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
