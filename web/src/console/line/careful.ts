/**
 * What a volunteer should look at twice before it is sent.
 *
 * Pure. Nothing is refused here and nothing leaves the browser: the composer only asks
 * "Weet je het zeker?". Numbers from the werkwijzer are let through, because naming a
 * helpline is part of the work.
 */

export type Careful = "phone" | "mail" | "postal" | "link";

const MAIL = /[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.|\s?(?:punt|dot)\s)[a-z]{2,}/i;

const LINK =
  /(?:https?:\/\/|www\.)\S+|\b[a-z0-9-]{2,}\.(?:nl|com|org|net|eu|be|de|info|io|me|app|link|ly|gg|amsterdam)(?:\/\S*)?(?![\w@])/i;

/** Dutch postcode: four digits (never 0 first) and two letters. */
const POSTCODE = /\b[1-9]\d{3}(\s?)([a-z]{2})\b/gi;

/** Words that follow a year or a number in a sentence ("in 2024 is hij …"): no postcode. */
const SHORT_WORDS = new Set(
  "al an as at be by da de do en er go he if ik in is it ja je me my na nu of om on op or pk so te to uw up us we ze zo".split(" "),
);

/** A street name with a house number: "Dorpsstraat 12", "Lange Nieuwstraat 4b". */
const STREET =
  /[a-zà-ÿ]{2,}\s?(?:straat|laan|weg|plein|kade|gracht|singel|dijk|hof|steeg|pad|dreef|plantsoen|street|road|avenue|lane|square)\s+(?:nr\.?\s*)?\d{1,4}\s?[a-z]?\b/i;

/** Signs that people put between the digits of a number. */
const BETWEEN = /[\s().\-/]/g;

const DIGIT_RUN = /(?:\+|\b00)?\(?\d[\d\s().\-/]{5,18}\d/g;

/** Fewest and most digits of a telephone number (Dutch without area code to E.164). */
const FEWEST = 8;
const MOST = 15;

const DATE = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/;

function digits(text: string): string {
  return text.replace(BETWEEN, "").replace(/^\+/, "");
}

function withoutKnown(text: string, known: readonly string[]): string {
  const longestFirst = [...known].sort((a, b) => b.length - a.length);
  let left = text;
  for (const word of longestFirst) {
    const plain = word.trim();
    if (plain.length >= 3) left = left.split(plain).join(" … ");
  }
  return left;
}

function hasPhone(text: string): boolean {
  for (const [run] of text.matchAll(DIGIT_RUN)) {
    const found = run.trim();
    const count = digits(found).length;
    if (count >= FEWEST && count <= MOST && !DATE.test(found)) return true;
  }
  return false;
}

function hasPostcode(text: string): boolean {
  for (const [, gap, letters = ""] of text.matchAll(POSTCODE)) {
    if (gap === "" || letters === letters.toUpperCase() || !SHORT_WORDS.has(letters.toLowerCase())) return true;
  }
  return false;
}

/**
 * Kinds of personal details that a text seems to hold, in a fixed order; empty when none.
 *
 * @param known numbers and sites of the werkwijzer; they are not counted.
 */
export function careful(text: string, known: readonly string[] = []): Careful[] {
  const left = withoutKnown(text, known);
  const found: Careful[] = [];
  if (hasPhone(left)) found.push("phone");
  if (MAIL.test(left)) found.push("mail");
  if (hasPostcode(left) || STREET.test(left)) found.push("postal");
  if (LINK.test(left.replace(new RegExp(MAIL.source, "gi"), " "))) found.push("link");
  return found;
}
