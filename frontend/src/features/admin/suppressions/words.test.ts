import { expect, test } from "vitest";
import { kindOf } from "./words";

test.each([
  ["ann@example.com", "email"],
  ["example.com", "domain"],
  ["@example.com", "domain"],
  ["+1 (202) 555-0123", "phone"],
  ["0171/1234567", "phone"],
])("%s is asked about as %s", (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});
