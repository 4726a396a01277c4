import { describe, expect, it } from "vitest";
import { inert } from "../email/EmailFrame";
import { mergeTag } from "./mergeTag";
import { toSource } from "./source";

describe("merge fields", () => {
  it("carry a fallback that can't break out of its quotes", () => {
    expect(mergeTag("contact.first_name", "there")).toBe("{{ contact.first_name | default: 'there' }}");
    expect(mergeTag("contact.company", "y'all")).toBe(`{{ contact.company | default: "y'all" }}`);
    expect(mergeTag("contact.company", `y'a"ll`)).toBe(`{{ contact.company | default: "y'all" }}`);
    expect(mergeTag("contact.city", " ")).toBe("{{ contact.city }}");
  });
});

describe("the text of an email", () => {
  it("has one paragraph a line, so that a line number means a paragraph", () => {
    expect(toSource("<p>One</p><p>Two</p>")).toBe("<p>One</p>\n<p>Two</p>");
  });

  it("is nothing when nothing was written", () => {
    expect(toSource("<p></p>")).toBe("");
  });

  it("keeps template tags as they were typed, and escapes nothing else", () => {
    expect(toSource("<p>{% if a &gt; b %}x &gt; y{% endif %}</p>")).toBe("<p>{% if a > b %}x &gt; y{% endif %}</p>");
  });
});

describe("a shown email", () => {
  it("neither counts as an open nor leads anywhere", () => {
    const html = inert(
      '<p onclick="x()">Hi <a href="/t/c/abc">link</a><img src="/t/o/abc"><script>alert(1)</script><form></form></p>',
    );
    expect(html).not.toMatch(/<img|<script|<form|href=/);
    expect(html).toContain('title="/t/c/abc"');
  });
});
