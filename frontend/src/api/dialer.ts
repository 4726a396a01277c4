import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { DialerPhone, DialerPhoneInput, Voicemail } from "./types";

/** The phone that one calls from. */
export const phoneQuery = () =>
  queryOptions({
    queryKey: ["dialer", "phone"],
    queryFn: ({ signal }): Promise<DialerPhone> => answer(http.GET("/me/phone", { signal })),
  });

export const choosePhone = (body: DialerPhoneInput): Promise<DialerPhone> => answer(http.PUT("/me/phone", { body }));

export const removePhone = () => answer(http.DELETE("/me/phone"));

export const voicemailsQuery = () =>
  queryOptions({
    queryKey: ["dialer", "voicemails"],
    queryFn: ({ signal }) => answer(http.GET("/me/voicemails", { signal })),
  });

export function addVoicemail({ name, file }: { name: string; file: File }): Promise<Voicemail> {
  const form = new FormData();
  form.set("name", name);
  form.set("file", file);
  return answer(http.POST("/me/voicemails", { body: form as unknown as { name: string; file: string } }));
}

export const renameVoicemail = ({ id, name }: { id: string; name: string }): Promise<Voicemail> =>
  answer(http.PATCH("/me/voicemails/{voicemail_id}", { params: { path: { voicemail_id: id } }, body: { name } }));

export const removeVoicemail = (id: string) =>
  answer(http.DELETE("/me/voicemails/{voicemail_id}", { params: { path: { voicemail_id: id } } }));
