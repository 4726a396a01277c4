import { MutationObserver, onlineManager } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import { makeQueryClient } from "./queryClient";

afterEach(() => onlineManager.setOnline(true));

describe("without a network", () => {
  it("a change is tried and fails, and does not wait for better days", async () => {
    onlineManager.setOnline(false);
    const mutationFn = () => Promise.reject(new Error("lost"));
    const change = new MutationObserver(makeQueryClient(), { mutationFn });
    await expect(change.mutate()).rejects.toThrow("lost");
  });

  it("what cannot be read says so", async () => {
    onlineManager.setOnline(false);
    const queryFn = () => Promise.reject(new TypeError("lost"));
    const asked = makeQueryClient().fetchQuery({ queryKey: ["contacts"], queryFn, retry: false });
    await expect(asked).rejects.toThrow("lost");
  });
});
