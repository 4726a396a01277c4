import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Job } from "@/api/types";
import { job } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, server } from "@/test/server";
import { JobTray } from "./JobTray";
import { useJobStarted } from "./useJobs";

class Stream extends EventTarget {
  static open: Stream[] = [];
  closed = false;
  constructor(readonly url: string) {
    super();
    Stream.open.push(this);
  }
  close() {
    this.closed = true;
  }
  say(told: Job) {
    act(() => void this.dispatchEvent(new MessageEvent("job", { data: JSON.stringify(told) })));
  }
}

let jobs: Job[] = [];

function Export() {
  const began = useJobStarted();
  return <button onClick={() => began(job({ kind: "bulk_export", state: "queued" }))}>Export</button>;
}

beforeEach(() => {
  Stream.open = [];
  vi.stubGlobal("EventSource", Stream);
  server.use(http.get("*/jobs", () => HttpResponse.json({ items: jobs, next_cursor: null })));
});

describe("the tray of background work", () => {
  it("is not there before there was any", async () => {
    jobs = [];
    await shown(<JobTray />);
    expect(screen.queryByRole("button", { name: /Background work/ })).toBeNull();
  });

  it("follows what is under way by its stream and says what came of it, with the way back", async () => {
    jobs = [job({ state: "running", done: 10, total: 40 })];
    const undone: string[] = [];
    server.use(
      http.post("*/jobs/:id/undo", ({ params }) => {
        undone.push(String(params.id));
        jobs = [job({ state: "undone", result: { changed: 40, restored: 40 }, can_undo: false })];
        return HttpResponse.json(jobs[0], { status: 202 });
      }),
    );
    await shown(<JobTray />);
    await userEvent.click(await screen.findByRole("button", { name: "Background work, 1 under way" }));
    const tray = await screen.findByRole("dialog", { name: /^Background work/ });
    expect(await within(tray).findByText("10 of 40")).toBeInTheDocument();
    expect(Stream.open.map(({ url }) => url)).toEqual(["/jobs/j1"]);
    Stream.open[0]?.say(job({ state: "running", done: 30, total: 40 }));
    expect(await within(tray).findByText("30 of 40")).toBeInTheDocument();
    await userEvent.keyboard("{Escape}");
    const over = job({ state: "done", done: 40, total: 40, result: { changed: 40 }, can_undo: true });
    jobs = [over];
    Stream.open[0]?.say(over);
    const told = await screen.findByRole("alert");
    expect(told).toHaveTextContent("Status changed");
    expect(told).toHaveTextContent("40 contacts");
    await userEvent.click(within(told).getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(undone).toEqual(["j1"]));
    expect(await screen.findByText("Change of status: undone")).toBeInTheDocument();
  });

  it("tells the end, however old an answer comes after it", async () => {
    jobs = [job({ id: "j0", state: "done" })];
    await shown(
      <>
        <JobTray />
        <Export />
      </>,
    );
    await screen.findByRole("button", { name: "Background work" });
    // What was asked for while the job waited is answered when it is over.
    let answer = () => {};
    const late = new Promise<void>((resolve) => (answer = resolve));
    const [before] = jobs;
    server.use(
      http.get("*/jobs", async () => {
        await late;
        return HttpResponse.json({ items: [job({ kind: "bulk_export", state: "queued" }), before], next_cursor: null });
      }),
    );
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(Stream.open).toHaveLength(1));
    const over = job({ kind: "bulk_export", state: "done", result: { rows: 3 }, result_url: "/jobs/j1/file" });
    const fresh = vi.fn(() => HttpResponse.json({ items: [over, before], next_cursor: null }));
    server.use(http.get("*/jobs", fresh));
    Stream.open[0]?.say(over);
    answer();
    expect(await screen.findByRole("alert")).toHaveTextContent("Export is ready");
    await waitFor(() => expect(fresh).toHaveBeenCalled());
    expect(await screen.findByRole("button", { name: "Background work" })).toBeInTheDocument();
    expect(Stream.open).toHaveLength(1);
  });

  it("offers the file of an export, and nothing to undo", async () => {
    jobs = [
      job({ kind: "bulk_export", state: "done", result: { rows: 3 }, result_url: "/jobs/j1/file", can_undo: false }),
    ];
    await shown(<JobTray />);
    await userEvent.click(await screen.findByRole("button", { name: "Background work" }));
    const tray = await screen.findByRole("dialog", { name: /^Background work/ });
    expect(within(tray).getByRole("link", { name: "Download" })).toHaveAttribute("href", "/jobs/j1/file");
    expect(within(tray).queryByRole("button", { name: /^Undo/ })).toBeNull();
    expect(Stream.open).toEqual([]);
  });
});
