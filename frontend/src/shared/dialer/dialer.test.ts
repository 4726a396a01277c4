import { expect, it } from "vitest";
import { suggestedName } from "./suggestedName";
import { minutes } from "./useSound";

it("suggests a name after the file", () => {
  const names = [
    "follow-up_call.wav",
    "Intro.v2.MP3",
    "  a   b .wav",
    ".wav",
    "no extension",
    `${"x".repeat(200)}.wav`,
  ];
  expect(names.map(suggestedName)).toEqual([
    "follow-up call",
    "Intro.v2",
    "a b",
    ".wav",
    "no extension",
    "x".repeat(120),
  ]);
});

it("says seconds as minutes", () => {
  expect([0, 3.9, 59.99, 60, 90].map(minutes)).toEqual(["0:00", "0:03", "0:59", "1:00", "1:30"]);
});
