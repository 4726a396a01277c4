import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { removeSso, ssoQuery } from "@/api/admin";
import type { Sso } from "@/api/types";
import { Fact } from "@/shared/EditSection";
import { confirmed, failed, said } from "@/shared/feedback";
import { Mark } from "@/shared/marks";
import { ErrorState } from "@/shared/states";
import { CopyRow } from "./CopyRow";
import classes from "./Organization.module.css";
import { SettingsGroup } from "./SettingsGroup";
import { SsoForm } from "./SsoForm";

/** The identity provider through which people sign in, if there is one. */
export function SingleSignOn() {
  const { t } = useTranslation("admin");
  const { data, error, refetch } = useQuery(ssoQuery());
  const [editing, setEditing] = useState(false);
  const exists = Boolean(data?.issuer);
  return (
    <SettingsGroup
      title={t("sso.title")}
      why={t("sso.why")}
      beside={
        data && (
          <Mark tone={data.enabled ? "positive" : "neutral"}>
            {t(!exists ? "sso.off" : data.enabled ? "sso.on" : "sso.paused")}
          </Mark>
        )
      }
      action={data && !editing && <Actions sso={data} onEdit={() => setEditing(true)} />}
    >
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={120} my={14} />}
      {data && (
        <>
          {editing && <SsoForm sso={data} onDone={() => setEditing(false)} />}
          {exists && !editing && (
            <dl className={classes.facts}>
              <Fact label={t("sso.issuer")}>{data.issuer}</Fact>
              <Fact label={t("sso.clientId")}>{data.client_id}</Fact>
              <Fact label={t("sso.secret")}>{t("sso.secretHidden")}</Fact>
              <Fact label={t("sso.addresses")}>
                {t(data.trust_email ? "sso.addressesTrusted" : "sso.addressesChecked")}
              </Fact>
            </dl>
          )}
          <CopyRow label={t("sso.redirect")} help={t("sso.redirectWhy")} value={data.redirect_uri} />
          {exists && <CopyRow label={t("sso.signIn")} help={t("sso.signInWhy")} value={data.sign_in_url} />}
        </>
      )}
    </SettingsGroup>
  );
}

function Actions({ sso, onEdit }: { sso: Sso; onEdit: () => void }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const removing = useMutation({
    mutationFn: removeSso,
    onSuccess: () => {
      said(t("sso.removed"));
      return queryClient.invalidateQueries({ queryKey: ssoQuery().queryKey });
    },
    onError: failed,
  });
  const remove = async () => {
    const question = {
      title: t("sso.removeTitle"),
      body: t("sso.removeBody", { issuer: sso.issuer ?? "" }),
      confirm: t("sso.remove"),
      danger: true,
    };
    if (await confirmed(question)) removing.mutate();
  };
  if (!sso.issuer) return <Button onClick={onEdit}>{t("sso.setUp")}</Button>;
  return (
    <div className={classes.buttons}>
      <Button variant="default" loading={removing.isPending} onClick={() => void remove()}>
        {t("sso.remove")}
      </Button>
      <Button variant="default" aria-label={`${common("action.edit")}: ${t("sso.title")}`} onClick={onEdit}>
        {common("action.edit")}
      </Button>
    </div>
  );
}
