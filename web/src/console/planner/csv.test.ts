import { describe, expect, it } from "vitest";

import { csv } from "./csv.ts";

describe("a table as a file", () => {
  it("keeps what separates cells inside its cell", () => {
    expect(csv([["naam", "uren"], ['Vera; "V"', 12.5]])).toBe('naam;uren\r\n"Vera; ""V""";12.5\r\n');
  });

  it("gives a spreadsheet no formula of somebody's name", () => {
    expect(csv([["=HYPERLINK(1)", "-kees", -3]])).toBe("'=HYPERLINK(1);'-kees;-3\r\n");
  });
});
