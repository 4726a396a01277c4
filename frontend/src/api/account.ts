import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type {
  BusinessHours,
  BusinessHoursInput,
  MailboxLimits,
  NotificationChoices,
  Signature,
  SignatureInput,
} from "./types";

export const signatureQuery = () =>
  queryOptions({
    queryKey: ["account", "signature"],
    queryFn: ({ signal }): Promise<Signature> => answer(http.GET("/me/signature", { signal })),
  });

export const setSignature = (body: SignatureInput): Promise<Signature> => answer(http.PUT("/me/signature", { body }));

export const businessHoursQuery = () =>
  queryOptions({
    queryKey: ["account", "business-hours"],
    queryFn: ({ signal }): Promise<BusinessHours> => answer(http.GET("/me/business-hours", { signal })),
  });

export const setBusinessHours = (body: BusinessHoursInput): Promise<BusinessHours> =>
  answer(http.PUT("/me/business-hours", { body }));

export const notificationsQuery = () =>
  queryOptions({
    queryKey: ["account", "notifications"],
    queryFn: ({ signal }): Promise<NotificationChoices> => answer(http.GET("/me/notifications", { signal })),
  });

export const setNotifications = (body: NotificationChoices): Promise<NotificationChoices> =>
  answer(http.PUT("/me/notifications", { body }));

export const mailboxQuery = () =>
  queryOptions({
    queryKey: ["account", "mailbox"],
    queryFn: ({ signal }) => answer(http.GET("/me/mailbox", { signal })),
  });

export const limitMailbox = (body: MailboxLimits) => answer(http.PATCH("/me/mailbox", { body }));

/** The picture's bytes are the body, as they are. */
export const setAvatar = (picture: Blob): Promise<{ avatar_url: string }> =>
  answer(
    http.PUT("/me/avatar", {
      body: picture as unknown as string,
      bodySerializer: (body) => body,
      headers: { "content-type": picture.type },
    }),
  );

export const removeAvatar = () => answer(http.DELETE("/me/avatar"));

/** The picture as it is now, so that its removal can be taken back. */
export const avatarOf = (user_id: string): Promise<Blob> =>
  answer<unknown>(
    http.GET("/users/{user_id}/avatar", { params: { path: { user_id } }, parseAs: "blob" }),
  ) as Promise<Blob>;
