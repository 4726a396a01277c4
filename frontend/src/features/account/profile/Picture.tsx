import { Button, FileButton, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { avatarOf, removeAvatar, setAvatar } from "@/api/account";
import { faultsByField } from "@/api/errors";
import { meQuery } from "@/api/session";
import { explain } from "@/shared/explain";
import { Face } from "@/shared/Face";
import { said, undoable } from "@/shared/feedback";
import { useMe } from "@/shared/session";
import { useSubmission } from "@/shared/submission";
import classes from "../Account.module.css";
import { NotAPicture, shrunk } from "./shrunk";

const KINDS = "image/png,image/jpeg,image/webp,image/gif";

/** The own picture: uploaded, replaced, removed (which can be taken back). */
export function Picture() {
  const { t } = useTranslation("account");
  const me = useMe();
  const queryClient = useQueryClient();
  const [fault, setFault] = useState<string | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: meQuery().queryKey });
  const refused = (error: unknown) => {
    const unreadable = error instanceof NotAPicture;
    setFault(unreadable ? t("profile.pictureUnreadable") : (faultsByField(error).avatar ?? explain(error).detail));
  };
  const uploading = useSubmission({
    mutationFn: async (picture: Blob) => setAvatar(await shrunk(picture)),
    onSuccess: async () => {
      await refresh();
      said(t("profile.pictureSaved"));
    },
    onError: refused,
  });
  const removing = useSubmission({
    mutationFn: async (id: string) => {
      const picture = await avatarOf(id);
      await removeAvatar();
      return picture;
    },
    onSuccess: async (picture) => {
      await refresh();
      undoable(t("profile.pictureRemoved"), () => uploading.submit(picture));
    },
    onError: refused,
  });
  if (!me) return null;
  return (
    <div className={classes.picture}>
      <Face name={me.name} picture={me.avatar_url} size={56} />
      <div>
        <Group gap={8}>
          <FileButton
            accept={KINDS}
            onChange={(file) => {
              setFault(null);
              if (file) uploading.submit(file);
            }}
          >
            {(props) => (
              <Button {...props} variant="default" size="compact-sm" loading={uploading.isPending}>
                {me.avatar_url ? t("profile.replace") : t("profile.upload")}
              </Button>
            )}
          </FileButton>
          {me.avatar_url && (
            <Button
              variant="default"
              size="compact-sm"
              loading={removing.isPending}
              onClick={() => removing.submit(me.id)}
            >
              {t("profile.remove")}
            </Button>
          )}
        </Group>
        <Text size="xs" c={fault ? "var(--mantine-color-error)" : "dimmed"} role={fault ? "alert" : undefined} mt={4}>
          {fault ?? t("profile.pictureKinds")}
        </Text>
      </div>
    </div>
  );
}
