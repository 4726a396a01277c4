import { Button, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { passkeysQuery, removePasskey } from "@/api/security";
import type { Passkey } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { passkeysUsable } from "@/shared/signin/webauthn";
import { ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import classes from "../Account.module.css";
import { Group } from "../Group";
import { NewPasskeyDialog } from "./NewPasskeyDialog";
import { useSecurityChanged } from "./useSecurityChanged";

export function PasskeysSection() {
  const { t } = useTranslation("account");
  const [adding, setAdding] = useState(false);
  const [usable] = useState(passkeysUsable);
  const { data, error, refetch } = useQuery(passkeysQuery());
  const possible = data?.available && usable;
  const button = possible && (
    <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("passkeys.add")}
    </Button>
  );
  const nothing = data && data.items.length === 0;
  return (
    <Group id="passkeys" title={t("passkeys.title")} why={t("passkeys.why")} action={button}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={40} my={14} />}
      {nothing && (
        <Text size="sm" c="dimmed" className={classes.row}>
          {t(possible ? "passkeys.empty" : data.available ? "passkeys.unsupported" : "passkeys.unavailable")}
        </Text>
      )}
      {data?.items.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} />
      ))}
      {adding && <NewPasskeyDialog onClose={() => setAdding(false)} />}
    </Group>
  );
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { t } = useTranslation("account");
  const changed = useSecurityChanged();
  const { id, name, created_at, last_used_at } = passkey;
  const removing = useMutation({
    mutationFn: () => removePasskey(id),
    onSuccess: () => {
      said(t("passkeys.removed", { name }));
      return changed();
    },
    onError: failed,
  });
  const remove = async () => {
    const title = t("passkeys.removeTitle", { name });
    if (await confirmed({ title, body: t("passkeys.removeBody"), confirm: t("passkeys.remove"), danger: true }))
      removing.mutate();
  };
  return (
    <div className={classes.token}>
      <div className={classes.about}>
        <div className={classes.name}>{name}</div>
        <Text size="xs" c="dimmed" component="div">
          {t("passkeys.created")} <When at={created_at} as="date" />
          {" · "}
          {last_used_at ? (
            <>
              {t("passkeys.used")} <When at={last_used_at} />
            </>
          ) : (
            t("passkeys.unused")
          )}
        </Text>
      </div>
      <Button
        variant="default"
        loading={removing.isPending}
        aria-label={`${t("passkeys.remove")}: ${name}`}
        onClick={() => void remove()}
      >
        {t("passkeys.remove")}
      </Button>
    </div>
  );
}
