import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DialerPhone, Voicemail } from "@/api/types";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { DialerSection } from "./DialerSection";

const NONE: DialerPhone = { phone: null, extension: null, verified: false, verified_at: null };
const CHOSEN: DialerPhone = { ...NONE, phone: "+12025550143", extension: "12" };
const voicemail = (n: number, name = `Recording ${n}`): Voicemail => ({
  id: `v${n}`,
  name,
  seconds: 12,
  created_at: "2026-11-25T12:00:00Z",
  audio_url: `/me/voicemails/v${n}/audio`,
});

let phone: DialerPhone;
let voicemails: Voicemail[];
let asked: unknown[];

beforeEach(() => {
  phone = CHOSEN;
  voicemails = [voicemail(1, "Introduction")];
  asked = [];
  server.use(
    http.get("*/me/phone", () => HttpResponse.json(phone)),
    http.put("*/me/phone", async ({ request }) => {
      const body = (await request.json()) as Partial<DialerPhone>;
      asked.push(body);
      return HttpResponse.json((phone = { ...NONE, ...body }));
    }),
    http.delete("*/me/phone", () => {
      phone = NONE;
      return new HttpResponse(null, { status: 204 });
    }),
    http.get("*/me/voicemails", () => HttpResponse.json({ items: voicemails, next_cursor: null, maximum: 20 })),
    http.patch("*/me/voicemails/:id", async ({ request }) => {
      const body = (await request.json()) as { name: string };
      asked.push(body);
      voicemails = [{ ...voicemail(1), ...body }];
      return HttpResponse.json(voicemails[0]);
    }),
  );
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:it", revokeObjectURL: () => undefined }));
});

afterEach(() => vi.restoreAllMocks());

async function editing() {
  const user = userEvent.setup();
  await shown(<DialerSection />);
  await user.click(await screen.findByLabelText("Edit: Your phone"));
  return user;
}

async function adding() {
  const user = userEvent.setup({ applyAccept: false });
  await shown(<DialerSection />);
  await user.click(await screen.findByRole("button", { name: "Add a Voicemail" }));
  return { user, dialog: await screen.findByRole("dialog", { name: "Add a Voicemail" }) };
}

const fileOf = (name: string, size = 100) => {
  const file = new File(["RIFF"], name, { type: "audio/wav" });
  Object.defineProperty(file, "size", { value: size });
  return file;
};

const choose = (file: File) => {
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) throw new Error("There is nothing to choose a file with.");
  fireEvent.change(input, { target: { files: [file] } });
};

describe("the phone to call from", () => {
  it("says plainly that it is not verified, and offers nothing that does not work yet", async () => {
    await shown(<DialerSection />);
    expect(await screen.findByText("+1 202 555 0143")).toBeInTheDocument();
    expect(screen.getByText("Not verified")).toBeInTheDocument();
    expect(screen.getByText(/will be called to verify it when your organization's dialer is set up/)).toBeVisible();
    expect(screen.queryByRole("button", { name: /verify/i })).toBeNull();
  });

  it("is edited with its country, which a typed code chooses", async () => {
    const user = await editing();
    expect(screen.getByLabelText(/^Phone/, { selector: "input" })).toHaveValue("(202) 555-0143");
    await user.clear(screen.getByLabelText(/^Phone/, { selector: "input" }));
    await user.type(screen.getByLabelText(/^Phone/, { selector: "input" }), "+49 30 901820");
    expect(screen.getByRole("combobox", { name: "Country" })).toHaveValue("Germany (+49)");
    await user.clear(screen.getByLabelText("Extension"));
    await user.keyboard("{Enter}");
    expect(await screen.findByText("+49 30 901820")).toBeInTheDocument();
    expect(asked).toEqual([{ phone: "+4930901820", extension: null }]);
    expect(await screen.findByLabelText("Edit: Your phone")).toHaveFocus();
  });

  it("says at the field what is wrong, and is left as it was by Escape", async () => {
    const user = await editing();
    const field = screen.getByLabelText(/^Phone/, { selector: "input" });
    for (const [typed, fault] of [
      ["12", /too short or too long for the country/],
      ["(202) 555-0143 ext. 5", /into its own field/],
    ] as const) {
      await user.clear(field);
      await user.type(field, typed);
      await user.click(screen.getByText("Save"));
      expect(await screen.findByText(fault)).toBeInTheDocument();
    }
    server.use(
      http.put("*/me/phone", () =>
        problem(422, "invalid_input", {
          errors: [{ pointer: "/extension", code: "invalid_extension", message: "An extension is digits." }],
        }),
      ),
    );
    await user.clear(field);
    await user.type(field, "2025550144");
    await user.click(screen.getByText("Save"));
    expect(await screen.findByText("An extension is digits.")).toBeInTheDocument();
    await user.keyboard("{Escape}");
    expect(await screen.findByText("+1 202 555 0143")).toBeInTheDocument();
    expect(asked).toEqual([]);
  });

  it("is removed once that is confirmed", async () => {
    const user = userEvent.setup();
    await shown(<DialerSection />);
    await user.click(await screen.findByRole("button", { name: "Remove: Your phone" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Remove" }));
    expect(await screen.findByText("You have not chosen a phone yet.")).toBeInTheDocument();
  });
});

describe("voicemails", () => {
  it("are listed with how many there can be", async () => {
    await shown(<DialerSection />);
    const table = await screen.findByRole("table", { name: "Voicemails" });
    expect(within(table).getByText("Introduction")).toBeInTheDocument();
    expect(within(table).getByText("0:12")).toBeInTheDocument();
    expect(screen.getByText("1 of 20")).toBeInTheDocument();
  });

  it("say what to do while there are none, and when there is no room", async () => {
    voicemails = [];
    const { queryClient } = await shown(<DialerSection />);
    expect(await screen.findByText("No voicemails yet")).toBeInTheDocument();
    voicemails = Array.from({ length: 20 }, (_, n) => voicemail(n));
    await queryClient.invalidateQueries();
    expect(await screen.findByText(/Remove one to add another/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Add a Voicemail" })).toBeDisabled();
  });

  it("say why they could not be shown", async () => {
    server.use(http.get("*/me/voicemails", () => problem(503, "unavailable")));
    await shown(<DialerSection />);
    expect(await screen.findByRole("alert", {}, { timeout: 5_000 })).toBeInTheDocument();
  });

  it("are renamed in their place", async () => {
    const user = userEvent.setup();
    await shown(<DialerSection />);
    await user.click(await screen.findByRole("button", { name: "Rename: Introduction" }));
    const field = screen.getByLabelText("New name of Introduction");
    expect(field).toHaveFocus();
    await user.keyboard("Follow-up{Enter}");
    expect(await screen.findByText("Renamed to Follow-up.")).toBeInTheDocument();
    expect(asked).toEqual([{ name: "Follow-up" }]);
    expect(await screen.findByRole("button", { name: "Rename: Follow-up" })).toHaveFocus();
  });

  it("keep their name by Escape, and say at the field why another one is refused", async () => {
    const user = userEvent.setup();
    await shown(<DialerSection />);
    await user.click(await screen.findByRole("button", { name: "Rename: Introduction" }));
    await user.keyboard("Other{Escape}");
    expect(await screen.findByText("Introduction")).toBeInTheDocument();
    expect(asked).toEqual([]);
    const message = "You have a voicemail with this name.";
    server.use(
      http.patch("*/me/voicemails/:id", () =>
        problem(422, "invalid_input", { errors: [{ pointer: "/name", code: "voicemail_name_taken", message }] }),
      ),
    );
    await user.click(screen.getByRole("button", { name: "Rename: Introduction" }));
    await user.keyboard("Other{Enter}");
    expect(await screen.findByText(message)).toBeInTheDocument();
  });

  it("are played one at a time", async () => {
    voicemails = [voicemail(1), voicemail(2)];
    const heard: string[] = [];
    vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(function (this: HTMLMediaElement) {
      heard.push(`play ${new URL(this.src).pathname}`);
      this.dispatchEvent(new Event("play"));
      return Promise.resolve();
    });
    vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
      heard.push(`pause ${new URL(this.src).pathname}`);
      this.dispatchEvent(new Event("pause"));
    });
    const user = userEvent.setup();
    await shown(<DialerSection />);
    await user.click(await screen.findByRole("button", { name: "Play: Recording 1" }));
    expect(await screen.findByRole("button", { name: "Pause: Recording 1" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Play: Recording 2" }));
    expect(heard).toEqual([
      "play /me/voicemails/v1/audio",
      "play /me/voicemails/v2/audio",
      "pause /me/voicemails/v1/audio",
    ]);
    expect(await screen.findByRole("button", { name: "Play: Recording 1" })).toBeInTheDocument();
  });
});

describe("a voicemail that is added", () => {
  it("takes its name from the file, and is sent as a form", async () => {
    let sent: FormData | undefined;
    server.use(
      http.post("*/me/voicemails", async ({ request }) => {
        sent = await request.formData();
        voicemails = [...voicemails, voicemail(2, "Follow-up call")];
        return HttpResponse.json(voicemails[1], { status: 201 });
      }),
    );
    const { user, dialog } = await adding();
    choose(fileOf("Follow-up_call.wav"));
    expect(within(dialog).getByLabelText(/^Name/)).toHaveValue("Follow-up call");
    expect(within(dialog).getByRole("button", { name: "Play: Follow-up_call.wav" })).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await screen.findByText("Follow-up call was added.")).toBeInTheDocument();
    expect(sent?.get("name")).toBe("Follow-up call");
    expect((sent?.get("file") as File).type).toBe("audio/wav");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("keeps the name that was typed when another file is chosen", async () => {
    const { user, dialog } = await adding();
    choose(fileOf("first.wav"));
    await user.clear(within(dialog).getByLabelText(/^Name/));
    await user.type(within(dialog).getByLabelText(/^Name/), "My own");
    choose(fileOf("second.wav"));
    expect(within(dialog).getByLabelText(/^Name/)).toHaveValue("My own");
  });

  it("says what is missing, and what is too large before it is sent", async () => {
    const { user, dialog } = await adding();
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByText("Choose a recording.")).toBeInTheDocument();
    expect(within(dialog).getByText("This field is required.")).toBeInTheDocument();
    choose(fileOf("huge.wav", 11 * 1024 * 1024));
    expect(await within(dialog).findByText("A recording has at most 10 MB.")).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(screen.getByRole("dialog")).toBeInTheDocument();
  });

  it("is dropped, and says at the file why it is refused", async () => {
    const errors = [{ pointer: "/file", code: "not_a_recording", message: "Choose a WAV or MP3 file." }];
    server.use(http.post("*/me/voicemails", () => problem(422, "invalid_input", { errors })));
    const { user, dialog } = await adding();
    fireEvent.drop(within(dialog).getByRole("group", { name: /^Recording/ }), {
      dataTransfer: { files: [fileOf("program.exe")] },
    });
    expect(within(dialog).getByText("program.exe")).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("Choose a WAV or MP3 file.");
  });

  it("says that there is no room", async () => {
    server.use(
      http.post("*/me/voicemails", () => problem(409, "voicemails_full", { detail: "You have 20 voicemails." })),
    );
    const { user, dialog } = await adding();
    choose(fileOf("one-more.wav"));
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByText("You have 20 voicemails.")).toBeInTheDocument();
  });
});
