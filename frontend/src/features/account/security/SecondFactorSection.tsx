import { Button, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { makeRecoveryCodes, secondFactorQuery } from "@/api/security";
import { confirmed, failed } from "@/shared/feedback";
import { Mark } from "@/shared/marks";
import { ErrorState } from "@/shared/states";
import classes from "../Account.module.css";
import { Group } from "../Group";
import { NewCodesDialog } from "./RecoveryCodes";
import { TotpDialog } from "./TotpDialog";
import { TurnOffDialog } from "./TurnOffDialog";
import { useSecurityChanged } from "./useSecurityChanged";

/** An app for codes, and recovery codes for when it is gone. */
export function SecondFactorSection() {
  const { t } = useTranslation("account");
  const changed = useSecurityChanged();
  const [dialog, setDialog] = useState<"set-up" | "turn-off" | null>(null);
  const { data, error, refetch } = useQuery(secondFactorQuery());
  const renewing = useMutation({ mutationFn: makeRecoveryCodes, onSuccess: changed, onError: failed });
  const renew = async () => {
    const question = {
      title: t("factor.newCodesTitle"),
      body: t("factor.newCodesBody"),
      confirm: t("factor.newCodes"),
    };
    if (await confirmed(question)) renewing.mutate();
  };
  return (
    <Group id="second-factor" title={t("factor.title")} why={t("factor.why")}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={40} my={14} />}
      {data && (
        <div className={classes.token}>
          <div className={classes.about}>
            <div className={classes.name}>
              {t("factor.app")}
              <Mark tone={data.totp ? "positive" : "neutral"}>{t(data.totp ? "factor.on" : "factor.off")}</Mark>
              {data.required && <Mark tone="accent">{t("factor.required")}</Mark>}
            </div>
            <Text size="sm" c="dimmed">
              {t(data.totp ? "factor.appOn" : "factor.appOff")}
            </Text>
          </div>
          {data.totp ? (
            <Button variant="default" onClick={() => setDialog("turn-off")}>
              {t("factor.turnOff")}
            </Button>
          ) : (
            <Button onClick={() => setDialog("set-up")}>{t("factor.setUp")}</Button>
          )}
        </div>
      )}
      {data?.enabled && (
        <div className={classes.token}>
          <div className={classes.about}>
            <div className={classes.name}>
              {t("factor.codes")}
              <Mark tone={data.recovery_codes_left > 2 ? "neutral" : "caution"}>
                {t("factor.codesLeft", { count: data.recovery_codes_left })}
              </Mark>
            </div>
            <Text size="sm" c="dimmed">
              {t("factor.codesWhy")}
            </Text>
          </div>
          <Button variant="default" loading={renewing.isPending} onClick={() => void renew()}>
            {t("factor.newCodes")}
          </Button>
        </div>
      )}
      {dialog === "set-up" && <TotpDialog onClose={() => setDialog(null)} />}
      {dialog === "turn-off" && <TurnOffDialog required={data?.required ?? false} onClose={() => setDialog(null)} />}
      {renewing.data && <NewCodesDialog codes={renewing.data.recovery_codes} onClose={renewing.reset} />}
    </Group>
  );
}
