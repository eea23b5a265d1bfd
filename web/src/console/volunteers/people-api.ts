/** What the console asks the server about volunteers, gatherings and messages. */

import type {
  EditVolunteer,
  GatheringList,
  LastDay,
  ListPreview,
  ListTaken,
  MessageList,
  NewGathering,
  NewStep,
  NewWishes,
  PeriodWishes,
  Released,
  SentTo,
  Shifts,
  TraineeBoard,
  Unread,
  VolunteerDetail,
  VolunteerList,
  WriteMessage,
} from "../../shared/contract.gen.ts";
import { type Answer, ask } from "../api.ts";

const person = (id: string): string => `/people/${encodeURIComponent(id)}`;
const evening = (id: string): string => `/gatherings/${encodeURIComponent(id)}`;

/** The address of the list as a file. */
export const LIST_FILE = "/people/list.csv";

export const volunteers = (): Promise<Answer<VolunteerList>> => ask("GET", "/people");
export const volunteer = (id: string): Promise<Answer<VolunteerDetail>> => ask("GET", person(id));
export const editVolunteer = (id: string, edit: EditVolunteer): Promise<Answer<VolunteerDetail>> => ask("PUT", person(id), edit);
export const takeStep = (id: string, step: NewStep): Promise<Answer<VolunteerDetail>> => ask("POST", `${person(id)}/training`, step);
export const giveMentor = (id: string, mentor: string | null): Promise<Answer<VolunteerDetail>> =>
  ask("POST", `${person(id)}/mentor`, { mentor });
export const setLastDay = (id: string, last: string | null): Promise<Answer<Released>> => ask("POST", `${person(id)}/last-day`, { last });
export const trainees = (): Promise<Answer<TraineeBoard>> => ask("GET", "/people/trainees");
export const previewList = (file: string): Promise<Answer<ListPreview>> => ask("POST", "/people/list/preview", { file });
export const takeList = (file: string, mark: string): Promise<Answer<ListTaken>> => ask("POST", "/people/list", { file, mark });

export const gatherings = (): Promise<Answer<GatheringList>> => ask("GET", "/gatherings");
export const signUp = (id: string): Promise<Answer<null>> => ask("POST", `${evening(id)}/sign-up`, {});
export const signOff = (id: string): Promise<Answer<null>> => ask("POST", `${evening(id)}/sign-off`, {});
export const plannedGatherings = (): Promise<Answer<GatheringList>> => ask("GET", "/branch/gatherings");
export const addGathering = (gathering: NewGathering): Promise<Answer<null>> => ask("POST", "/branch/gatherings", gathering);
export const cancelGathering = (id: string): Promise<Answer<null>> => ask("POST", `/branch${evening(id)}/cancel`, {});
export const noteCame = (id: string, people: readonly string[]): Promise<Answer<null>> => ask("POST", `/branch${evening(id)}/came`, { people });
export const signUpFor = (id: string, who: string): Promise<Answer<null>> => ask("POST", `/branch${evening(id)}${person(who)}/sign-up`, {});
export const signOffFor = (id: string, who: string): Promise<Answer<null>> => ask("POST", `/branch${evening(id)}${person(who)}/sign-off`, {});

export const messages = (): Promise<Answer<MessageList>> => ask("GET", "/messages");
export const unread = (): Promise<Answer<Unread>> => ask("GET", "/messages/unread");
export const readMessage = (id: string): Promise<Answer<null>> => ask("POST", `/messages/${encodeURIComponent(id)}/read`, {});
export const sentMessages = (): Promise<Answer<MessageList>> => ask("GET", "/branch/messages");
export const shiftsFrom = (date: string): Promise<Answer<Shifts>> => ask("GET", `/branch/shifts?from=${encodeURIComponent(date)}&days=7`);
export const sendMessage = (message: WriteMessage): Promise<Answer<SentTo>> => ask("POST", "/branch/messages", message);

export const wishesOf = (period: string): Promise<Answer<PeriodWishes>> => ask("GET", `/planner/periods/${encodeURIComponent(period)}/wishes`);
export const writeWishesFor = (period: string, who: string, wishes: NewWishes): Promise<Answer<null>> =>
  ask("PUT", `/planner/periods/${encodeURIComponent(period)}/wishes/${encodeURIComponent(who)}`, wishes);

export const ownLastDay = (): Promise<Answer<LastDay>> => ask("GET", "/my/last-day");
export const setOwnLastDay = (last: string | null): Promise<Answer<Released>> => ask("POST", "/my/last-day", { last });
